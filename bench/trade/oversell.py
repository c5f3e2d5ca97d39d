"""Many buyers for few units, again and again: exactly as many are sold as there are.

    python -m bench.trade.oversell [--runs 20] [--database postgresql] [--scenario 32x10 --scenario 2000x100]

Each buyer is one hold and its payment through the catalogue's service, spread over 4 processes that start at once; half of the
runs sell from general stock, half from a flash sale's buckets.
"""

import argparse
import subprocess
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
connection.ensure_connection()
print("ready", flush=True)
for line in sys.stdin:
    sku, buyers, campaign, me = line.split()
    bought = refused = 0
    for number in range(int(buyers)):
        ref = f"{me}-{sku}-{number}"
        lines = [(int(sku), 1, "" if campaign == "-" else campaign)]
        try:
            services.hold_stock(order_ref=ref, lines=lines, expires_at=clock.now() + timedelta(minutes=5))
            services.resolve_hold(order_ref=ref, outcome="consume")
            bought += 1
        except services.SoldOut:
            refused += 1
    print(bought, refused, flush=True)
"""


def run_scenario(database: str, buyers: int, there: int, runs: int) -> list[str]:
    """All runs of a scenario, each with a SKU of its own, half of them from a campaign. Returns what went wrong."""
    wrong = []
    with units.database(database) as (environment, _):
        skus = {
            place: units.make_skus(units=there, count=(runs + extra) // 2, place=place, environment=environment)
            for place, extra in (("general", 1), ("campaign", 0))
        }
        processes = [units.start(BUYER, environment=environment) for _ in range(PROCESSES)]
        units.wait_ready(processes)
        for place, found in skus.items():
            for sku in found:
                said = one_run(processes, sku, buyers // PROCESSES, "-" if place == "general" else units.CAMPAIGN)
                if said != (there, buyers - there):
                    wrong.append(f"{place}: {said[0]} bought and {said[1]} refused of {buyers} buyers, {there} units")
        for process in processes:
            process.communicate(timeout=60)
        for sku, counted in zip(
            [*skus["general"], *skus["campaign"]],
            units.count_units([*skus["general"], *skus["campaign"]], environment),
            strict=True,
        ):
            if counted != (there, there, 0, True):
                wrong.append(f"SKU {sku}: received, in orders, free, agreeing: {counted}")
    return wrong


def one_run(processes: list[subprocess.Popen[str]], sku: int, buyers: int, campaign: str) -> tuple[int, int]:
    """(bought, refused) of all processes, which start at once."""
    for number, process in enumerate(processes):
        assert process.stdin is not None
        process.stdin.write(f"{sku} {buyers} {campaign} b{number}\n")
        process.stdin.flush()
    said = []
    for process in processes:
        assert process.stdout is not None
        said.append(tuple(map(int, process.stdout.readline().split())))
    return sum(one[0] for one in said), sum(one[1] for one in said)


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
