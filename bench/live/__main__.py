"""One room and ten thousand viewers, over loopback: pop-ups, chat, and all lines breaking at once.

    python -m bench.live [--viewers 10000] [--popups 12] [--rate 500] [--chat-s 20] [--database postgresql]

The site is real: web and edge as the supervisor starts them, on a database of its own. Viewers are connections of other processes,
whose processor time is told apart. Ends by itself.
"""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.figures import Machine, family_cpu_s, percentile
from bench.live.site import LiveSite
from bench.postgresql import Cluster

CROWDS = 2
PEOPLE = 1_200
OPEN_S, BACK_S = 8.0, 2.0
SETTLE_S = 3.0


class Crowds:
    """The viewers' processes; all are told the same."""

    def __init__(self, port: int, room: int, viewers: int) -> None:
        share = viewers // CROWDS
        self.running = [
            subprocess.Popen(
                [sys.executable, "-m", "bench.live.crowd", str(port), str(room), str(share), str(number)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(CROWDS)
        ]

    def tell(self, words: str) -> list[dict[str, Any]]:
        """Tell all, and wait for their answers."""
        for process in self.running:
            assert process.stdin is not None
            process.stdin.write(words + "\n")
            process.stdin.flush()
        return [json.loads(process.stdout.readline()) for process in self.running if process.stdout is not None]

    def stop(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()


class Phase:
    """Processor seconds of web, edge and viewers between its beginning and its end."""

    def __init__(self, site: LiveSite, crowds: Crowds) -> None:
        self.site, self.crowds = site, crowds
        self.viewers_s = sum(one["cpu_s"] for one in crowds.tell("mark"))
        self.used_s = self._used()
        self.started = time.perf_counter()

    def _used(self) -> dict[str, float]:
        return {name: family_cpu_s([process.pid]) for name, process in self.site.running.items()}

    def end(self) -> tuple[list[dict[str, Any]], str]:
        """What the viewers say, and a line of processor times."""
        elapsed_s = time.perf_counter() - self.started
        used = {name: spent_s - self.used_s[name] for name, spent_s in self._used().items()}
        said = self.crowds.tell("report")
        viewers_s = sum(one["cpu_s"] for one in said) - self.viewers_s
        cpu = ", ".join(f"{name} {spent_s:.1f} s" for name, spent_s in used.items())
        return said, f"in {elapsed_s:.1f} s of time: CPU {cpu}, load generator {viewers_s:.1f} s"


def show_ms(values: list[float]) -> str:
    return f"p50 {percentile(values, 0.5):.0f} ms, p99 {percentile(values, 0.99):.0f} ms, most {max(values):.0f} ms"


def measure_popups(site: LiveSite, crowds: Crowds, seeded: dict[str, Any], popups: int) -> list[str]:
    """The pop-up comes and goes; each arrival is timed from the moment the desk's request was sent."""
    item = f"/shops/{seeded['shop_id']}/live-rooms/{seeded['room_id']}/items/{seeded['item_id']}"
    phase, told_at, took_ms = Phase(site, crowds), [], []
    for number in range(popups):
        sent = time.time()
        site.desk(seeded["host"], f"{item}/{('explain', 'unexplain')[number % 2]}", None)
        told_at.append(sent)
        took_ms.append((time.time() - sent) * 1000)
        time.sleep(0.8)
    time.sleep(SETTLE_S)
    said, cpu = phase.end()
    arrived = [tuple(one) for crowd in said for one in crowd["arrived"]]
    ids = sorted({event_id for event_id, _ in arrived})
    if len(ids) != popups:
        raise RuntimeError(f"{len(ids)} pop-ups arrived instead of {popups}")
    sent_at = dict(zip(ids, told_at, strict=True))
    delays_ms = [(at - sent_at[event_id]) * 1000 for event_id, at in arrived]
    viewers = sum(one["open"] for one in said)
    return [
        f"pop-up to {viewers} viewers, {popups} times, from the desk's request to the viewer: {show_ms(delays_ms)}",
        f"  arrivals {len(arrived)} of {viewers * popups}; the desk had its answer after {show_ms(took_ms)}",
        f"  {cpu}",
    ]


def measure_chat(site: LiveSite, crowds: Crowds, seeded: dict[str, Any], rate: int, seconds: float) -> list[str]:
    """People chat while everybody watches."""
    before = site.desk(seeded["host"], room_path(seeded, "/figures"), None, method="GET")["chats"]
    command = [
        sys.executable,
        "-m",
        "bench.live.speakers",
        str(site.port),
        str(seeded["room_id"]),
        str(rate),
        str(seconds),
    ]
    phase = Phase(site, crowds)
    spoken = subprocess.run(
        command, input=json.dumps(seeded["people"]) + "\n", stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    time.sleep(SETTLE_S)
    said, cpu = phase.end()
    speakers = json.loads(spoken)
    told = Counter({int(status): count for status, count in speakers["told"].items()})
    stored = site.desk(seeded["host"], room_path(seeded, "/figures"), None, method="GET")["chats"] - before
    delays_ms = [delay for crowd in said for delay in crowd["delays_ms"]]
    viewers = sum(one["open"] for one in said)
    shown = sum(one["lines"] for one in said) / viewers
    accepted_s = told[201] / speakers["elapsed_s"]
    return [
        f"chat at {rate} lines/s for {seconds:.0f} s: {accepted_s:.0f} accepted/s ({told[201]} acknowledged, {stored} stored)",
        f"  refused by moderation {told[422]}, otherwise {sum(told.values()) - told[201] - told[422]}",
        f"  from due to acknowledged {show_ms(speakers['took_ms'])}",
        f"  all {viewers} viewers saw lines, {shown:.0f} each (thinned for screens), after {show_ms(delays_ms)}",
        f"  {cpu}, speakers {speakers['cpu_s']:.1f} s",
    ]


def measure_storm(site: LiveSite, crowds: Crowds, seeded: dict[str, Any]) -> list[str]:
    """All lines break, something happens meanwhile, and all come back."""
    phase = Phase(site, crowds)
    crowds.tell("drop")
    announce(site, seeded, 5)
    took_s = max(one["took_s"] for one in crowds.tell(f"back {BACK_S}"))
    time.sleep(SETTLE_S)
    announce(site, seeded, 1)
    time.sleep(SETTLE_S)
    said, cpu = phase.end()
    seen: Counter[str] = Counter()
    for crowd in said:
        seen.update(crowd["seen"])
    newest = sorted(seen, key=int)[-6:]
    viewers = sum(one["open"] for one in said)
    lost = sum(viewers - seen[event_id] for event_id in newest)
    again = sum(one["told_again"] for one in said)
    return [
        f"storm: {viewers} viewers dropped at once and were back within {took_s:.1f} s (asked to within {BACK_S:.0f} s)",
        f"  of 6 events each, 5 of them told while nobody was there: {lost} lost, 0 shown twice"
        f" ({again} told again from before the cursor and known by their ids), {sum(one['broken'] for one in said)} broken",
        f"  {cpu}",
    ]


def announce(site: LiveSite, seeded: dict[str, Any], times: int) -> None:
    for number in range(times):
        site.desk(seeded["host"], room_path(seeded), {"announcement": f"{time.time()} {number}"}, method="PATCH")


def room_path(seeded: dict[str, Any], end: str = "") -> str:
    return f"/shops/{seeded['shop_id']}/live-rooms/{seeded['room_id']}{end}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, default=10_000)
    parser.add_argument("--popups", type=int, default=12)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--chat-s", type=float, default=20.0)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # whoever ends this ends what it started too
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xq-live-")))
        cluster = stack.enter_context(Cluster()) if options.database == "postgresql" else None
        site = LiveSite(home, database_url=cluster.create_database() if cluster else "")
        seeded = site.seed(people=PEOPLE)
        stack.callback(site.stop)
        site.start()
        crowds = Crowds(site.port, seeded["room_id"], options.viewers)
        stack.callback(crowds.stop)
        machine, before_kb = Machine(), site.memory_kb("edge")
        cursor = site.desk(seeded["host"], room_path(seeded), None, method="GET")["cursor"]
        phase = Phase(site, crowds)
        crowds.tell(f"open {cursor} {OPEN_S}")
        time.sleep(SETTLE_S)
        said, cpu = phase.end()
        held_kb = site.memory_kb("edge") - before_kb
        viewers = sum(one["open"] for one in said)
        print(
            f"{viewers} viewers came within {OPEN_S:.0f} s; {held_kb / viewers:.1f} kB of the edge's memory each\n  {cpu}"
        )
        for lines in (
            measure_popups(site, crowds, seeded, options.popups),
            measure_chat(site, crowds, seeded, options.rate, options.chat_s),
            measure_storm(site, crowds, seeded),
        ):
            print("\n".join(lines), flush=True)
        print(
            f"edge after all: {site.memory_kb('edge') / 1024:.0f} MB, before {before_kb / 1024:.0f} MB; {options.database}"
        )
        print(machine.line())
    return 0


if __name__ == "__main__":
    sys.exit(main())
