"""Many buyers for few units, again and again: exactly as many are sold as there are.

    python -m bench.trade.oversell [--runs 20] [--database postgresql] [--scenario 32x10 --scenario 2000x100]

Each buyer is one hold and its payment through the catalogue's service, spread over 4 processes that start at once; half of the
runs sell from general stock, half from a flash sale's buckets.
"""

import argparse
import sys
import time

from bench.figures import Machine
from bench.trade import units

PROCESSES = 4
BUYER = """
import sys
import django
django.setup()
from datetime import timedelta
from django.db import connection
from xingqu.catalogue import services
from xingqu.kit import clock
me, sku, buyers, campaign = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
bought = refused = 0
for number in range(buyers):
    ref = f"{me}-{number}"
    try:
        services.hold_stock(order_ref=ref, lines=[(sku, 1, campaign)], expires_at=clock.now() + timedelta(minutes=5))
        services.resolve_hold(order_ref=ref, outcome="consume")
        bought += 1
    except services.SoldOut:
        refused += 1
print(bought, refused)
"""


def one_run(buyers: int, there: int, place: str, number: int, environment: dict[str, str]) -> str:
    """What went wrong in one run, nothing when all is right."""
    [sku] = units.make_skus(units=there, count=1, place=place, environment=environment)
    campaign = units.CAMPAIGN if place == "campaign" else ""
    processes = [
        units.start(BUYER, f"{place}{number}-{one}", sku, buyers // PROCESSES, campaign, environment=environment)
        for one in range(PROCESSES)
    ]
    said = [tuple(map(int, line.split())) for line in units.race(processes)]
    bought, refused = (sum(column) for column in zip(*said, strict=True))
    [(received, sold, free, agree)] = units.count_units([sku], environment)
    if (bought, refused, received, sold, free, agree) == (there, buyers - there, there, there, 0, True):
        return ""
    return f"{place}: {bought} bought, {refused} refused, {sold} of {received} sold, {free} free, agree: {agree}"


def run_scenario(database: str, buyers: int, there: int, runs: int) -> list[str]:
    """All runs of a scenario, each with a SKU of its own. Returns what went wrong."""
    wrong = []
    with units.database(database) as (environment, _):
        for number in range(runs):
            place = "campaign" if number % 2 else "general"
            wrong.append(one_run(buyers, there, place, number, environment))
    return [problem for problem in wrong if problem]


def main() -> int:
    """Run and print a table; returns 1 when a run sold more or fewer than there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--scenario", action="append")
    options = parser.parse_args()
    failed = False
    for database in options.database or ["sqlite", "postgresql"]:
        for scenario in options.scenario or ["32x10", "2000x100"]:
            buyers, there = map(int, scenario.split("x"))
            machine, started = Machine(), time.perf_counter()
            wrong = run_scenario(database, buyers, there, options.runs)
            elapsed_s = time.perf_counter() - started
            failed = failed or bool(wrong)
            right = options.runs - len(wrong)
            print(f"{database:11} {buyers:5} buyers, {there:4} units: exactly {there} sold in {right} runs of", end=" ")
            print(f"{right + len(wrong)}   ({elapsed_s:.0f} s)", *wrong, sep="\n  " if wrong else "", flush=True)
    print(machine.line(own_cpu_s=0.0))
    return failed


if __name__ == "__main__":
    sys.exit(main())
