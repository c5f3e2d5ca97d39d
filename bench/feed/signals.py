"""Durable ingestion of signals by one process: the whole service, from raw events to state, without HTTP and with it.

    python -m bench.feed.signals [--contents 100000] [--batches 1500] [--home FOLDER]

Batches of 20 events of guests in turn. A batch counts when it was checked, on the disk, and in the guest's state.
Target: >= 3,000 events/s a process.
"""

import argparse
import asyncio
import json
import random
import shutil
import sys
import time
import uuid
from typing import Any

from bench.feed.site import Connection, guest_cookie, open_home, seed, web_process
from bench.figures import Machine, percentile

PORT = 8141
EVENTS = 20
KINDS = (
    "impression",
    "dwell",
    "impression",
    "dwell",
    "impression",
    "skip",
    "impression",
    "dwell",
    "completion",
    "like",
)


def batch(rng: random.Random, contents: int) -> list[dict[str, Any]]:
    """What twenty seconds of swiping report."""
    now_ms = int(time.time() * 1000)
    return [
        {
            "event_id": str(uuid.UUID(int=rng.getrandbits(128))),
            "kind": KINDS[number % len(KINDS)],
            "occurred_at_ms": now_ms - number * 900,
            "content_id": rng.randint(1, contents),
            "value_ms": rng.randint(500, 15_000),
            "position": number,
            "surface": "for_you",
        }
        for number in range(EVENTS)
    ]


def by_service(options: argparse.Namespace, rng: random.Random) -> tuple[float, list[float]]:
    """(events/s, milliseconds a batch) of calls to the service in this process."""
    from xingqu.accounts.contracts import Actor
    from xingqu.interest import services

    services.warm_up()
    prepared = [batch(rng, options.contents) for _ in range(options.batches)]
    spent: list[float] = []
    started = time.perf_counter()
    for number, events in enumerate(prepared):
        before = time.perf_counter()
        actor = Actor(person_id=None, guest_key=1 + number % options.users)
        told, rejected = services.observe_batch(actor=actor, raw_events=events, sent_at_ms=int(time.time() * 1000))
        assert (told.accepted, rejected) == (EVENTS, ())
        spent.append((time.perf_counter() - before) * 1000)
    return EVENTS * options.batches / (time.perf_counter() - started), spent


async def by_http(options: argparse.Namespace, rng: random.Random, clients: int = 4) -> tuple[float, list[float]]:
    """(events/s, milliseconds a batch) over HTTP, `clients` at once, each waiting for its answer."""
    share, spent = options.batches // clients, []

    async def client(first: int) -> None:
        connection = Connection(PORT)
        for number in range(first, first + share):
            body = {"events": batch(rng, options.contents), "sent_at_ms": int(time.time() * 1000)}
            before = time.perf_counter()
            cookie = guest_cookie(1 + number % options.users)
            answer = await connection.ask("POST", "/api/v1/signals", cookie, json.dumps(body).encode())
            assert json.loads(answer.body)["accepted"] == EVENTS, answer.body
            spent.append((time.perf_counter() - before) * 1000)

    started = time.perf_counter()
    await asyncio.gather(*(client(number * share) for number in range(clients)))
    return EVENTS * share * clients / (time.perf_counter() - started), spent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("contents", 100_000), ("users", 10_000), ("batches", 1_500)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--home", help="a seeded home folder to use again; without it one is made and deleted")
    options = parser.parse_args()
    home, rng = open_home(options.home), random.Random()
    try:
        seed(contents=options.contents, users=options.users)
        machine = Machine()
        rate, spent = by_service(options, rng)
        print(f"service: {rate:8.0f} events/s; batch of {EVENTS} ms: p50 {percentile(spent, 0.5):.2f}", end="")
        print(f"  p99 {percentile(spent, 0.99):.2f}   (target 3000 events/s a process)")
        with web_process(PORT):
            over_http, spent = asyncio.run(by_http(options, rng))
        print(f"HTTP:    {over_http:8.0f} events/s, one web process, 4 clients; batch ms: p50 ", end="")
        print(f"{percentile(spent, 0.5):.2f}  p99 {percentile(spent, 0.99):.2f}")
        print(machine.line())
        return 0 if min(rate, over_http) >= 3_000 else 1
    finally:
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
