"""From an event to its effect in the next page: one person likes contents of a tag, then asks for a page.

    python -m bench.feed.effect [--contents 100000] [--rounds 300] [--home FOLDER]

A round: a new guest tells that they watched three contents of one category to the end, and asks for the next page. The
time runs from the sending of the events to the receipt of a page that has a reason of the category's tags. Target: p99 <= 100 ms.
"""

import argparse
import asyncio
import json
import random
import shutil
import sys
import time
import uuid

from bench.feed.site import Connection, guest_cookie, open_home, seed, web_process
from bench.figures import Machine, percentile

PORT = 8142


async def rounds(options: argparse.Namespace) -> tuple[list[float], int]:
    """(milliseconds of each round, rounds whose page did not show the effect)."""
    from bench.feed.world import World, category_of_content, tags_of_category

    world, connection = World(contents=options.contents, products=options.contents // 10), Connection(PORT)
    spent, missed = [], 0
    for _ in range(options.rounds):
        cookie = guest_cookie(random.randrange(10**9, 10**12))
        first = random.randint(1, options.contents)
        category = category_of_content(world, first)
        watched = [first]
        while len(watched) < 3:
            content_id = random.randint(1, options.contents)
            if category_of_content(world, content_id) == category:
                watched.append(content_id)
        now_ms = int(time.time() * 1000)
        events = [
            {
                "event_id": str(uuid.uuid4()),
                "kind": kind,
                "content_id": pk,
                "occurred_at_ms": now_ms,
                "value_ms": 14_000,
            }
            for pk in watched
            for kind in ("impression", "dwell", "completion")
        ]
        body = json.dumps({"events": events, "sent_at_ms": now_ms}).encode()
        started = time.perf_counter()
        told = await connection.ask("POST", "/api/v1/signals", cookie, body)
        page = await connection.ask("GET", "/api/v1/feed?size=8", cookie)
        spent.append((time.perf_counter() - started) * 1000)
        assert json.loads(told.body)["accepted"] == len(events)
        reasons = {tag["tag_id"] for item in json.loads(page.body)["items"] for tag in item["why"]["tags"]}
        missed += reasons.isdisjoint(tags_of_category(world, category))
    return spent, missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("contents", 100_000), ("users", 10_000), ("rounds", 300)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--home", help="a seeded home folder to use again; without it one is made and deleted")
    options = parser.parse_args()
    home = open_home(options.home)
    try:
        seed(contents=options.contents, users=options.users)
        with web_process(PORT):
            options_warm = argparse.Namespace(**{**vars(options), "rounds": 30})
            asyncio.run(rounds(options_warm))
            machine = Machine()
            spent, missed = asyncio.run(rounds(options))
        print(f"{options.rounds} rounds, {missed} without effect; event to page in ms: ", end="")
        print(
            f"p50 {percentile(spent, 0.5):.1f}  p99 {percentile(spent, 0.99):.1f}  max {max(spent):.1f}   (target p99 100)"
        )
        print(machine.line())
        return 0 if not missed and percentile(spent, 0.99) <= 100 else 1
    finally:
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
