"""Next feed page over HTTP: open loop at a fixed rate against one web process.

    python -m bench.feed.page [--contents 100000] [--users 10000] [--rate 50] [--seconds 30] [--home FOLDER]

Latency counts from the moment a request was due, so a slow answer also delays those behind it. Target: p50 <= 15 ms,
p99 <= 50 ms. The share of each stage is read from the Server-Timing header.
"""

import argparse
import asyncio
import random
import shutil
import sys
import time
from collections import defaultdict

from bench.feed.site import Answer, Connection, guest_cookie, open_home, seed, web_process
from bench.figures import Machine, percentile

PORT = 8140
CONNECTIONS = 32
WARM_S = 5
OUTER = ("snapshot", "state_read", "engine", "hydrate", "record", "names", "serialise")


async def load(cookies: list[str], *, rate: int, seconds: int, size: int) -> tuple[list[float], list[Answer]]:
    """(latencies in ms, answers) of one request each 1/rate s, by whichever connection is free."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(Connection(PORT))
    latencies: list[float] = []
    answers: list[Answer] = []

    async def one(due: float) -> None:
        connection = await free.get()
        answer = await connection.ask("GET", f"/api/v1/feed?size={size}", random.choice(cookies))
        latencies.append((time.perf_counter() - due) * 1000)
        answers.append(answer)
        free.put_nowait(connection)

    start = time.perf_counter() + 0.05
    tasks = []
    for number in range(rate * seconds):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(due)))
    await asyncio.gather(*tasks)
    return latencies, answers


def stages_of(answers: list[Answer]) -> dict[str, list[float]]:
    """Milliseconds of each stage in each answer."""
    found: dict[str, list[float]] = defaultdict(list)
    for answer in answers:
        for part in answer.headers["server-timing"].split(", "):
            name, _, spent = part.partition(";dur=")
            found[name].append(float(spent))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("contents", 100_000), ("users", 10_000), ("rate", 50), ("seconds", 30), ("size", 8)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--home", help="a seeded home folder to use again; without it one is made and deleted")
    options = parser.parse_args()
    home = open_home(options.home)
    try:
        started = time.perf_counter()
        seed(contents=options.contents, users=options.users)
        print(f"seeded {options.contents} contents, {options.users} states in {time.perf_counter() - started:.0f} s")
        cookies = [guest_cookie(key) for key in range(1, options.users + 1)]
        with web_process(PORT):
            asyncio.run(load(cookies, rate=options.rate, seconds=WARM_S, size=options.size))
            machine = Machine()
            run = load(cookies, rate=options.rate, seconds=options.seconds, size=options.size)
            latencies, answers = asyncio.run(run)
        return report(latencies, answers, machine.line(), options)
    finally:
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)


def report(latencies: list[float], answers: list[Answer], machine: str, options: argparse.Namespace) -> int:
    """Print the table; 0 when the target is met and every answer was a full page."""
    failed = sum(answer.status != 200 for answer in answers)
    p50, p95, p99 = (percentile(latencies, share) for share in (0.5, 0.95, 0.99))
    print(machine)
    print(f"{len(answers)} pages of {options.size}, {options.rate}/s open loop, one process; {failed} failed")
    print(f"latency ms: p50 {p50:.1f}  p95 {p95:.1f}  p99 {p99:.1f}  max {max(latencies):.1f}   (target 15 / 50)")
    stages = stages_of([answer for answer in answers if answer.status == 200])
    whole = sum(percentile(stages[name], 0.5) for name in OUTER)
    print(f"body {len(answers[-1].body)} bytes; stages, median ms (share of the sum) and p99 ms:")
    for name in OUTER:
        middle = percentile(stages[name], 0.5)
        print(f"  {name:<12}{middle:8.3f}  {middle / whole:5.0%}  {percentile(stages[name], 0.99):8.3f}")
    inner = {name: percentile(spent, 0.5) for name, spent in stages.items() if name.startswith("engine_")}
    print("  engine: " + ", ".join(f"{name.removeprefix('engine_')} {spent:.2f}" for name, spent in inner.items()))
    return 0 if not failed and p50 <= 15 and p99 <= 50 else 1


if __name__ == "__main__":
    sys.exit(main())
