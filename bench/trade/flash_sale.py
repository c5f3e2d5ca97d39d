"""Holds a second on one hot SKU: a flash sale's units, held through the catalogue's service by processes side by side.

    python -m bench.trade.flash_sale [--processes 4] [--duration 8] [--database postgresql]

Every hold is a transaction of its own, acknowledged after its commit: guarded bucket, hold row, movement row. Afterwards the
units are counted, and a sale of few units is bought out, to see that it is never one too many.
"""

import argparse
import sys
import time

from bench.figures import Machine, percentile
from bench.trade import units

BUYER = """
import sys, time
import django
django.setup()
from datetime import timedelta
from django.db import connection
from xingqu.catalogue import services
from xingqu.kit import clock
me, sku, duration_s = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
connection.ensure_connection()
print("ready", flush=True)
sys.stdin.readline()
until = time.time() + duration_s
took, refused, number = [], 0, 0
while time.time() < until and refused < 3:
    number += 1
    started = time.perf_counter()
    try:
        services.hold_stock(
            order_ref=f"{me}-{number}", lines=[(sku, 1, "flash:1")], expires_at=clock.now() + timedelta(minutes=15)
        )
        took.append(time.perf_counter() - started)
    except services.SoldOut:
        refused += 1
print(" ".join(f"{one * 1000:.2f}" for one in took))
"""


def main() -> int:
    """Measure and check; returns 1 when a unit too many was held or one was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--duration", type=float, default=8.0)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--units", type=int, default=1_000_000)
    options = parser.parse_args()
    with units.database(options.database) as (environment, cluster):
        [hot] = units.make_skus(units=options.units, count=1, place="campaign", environment=environment)
        buyers = [
            units.start(BUYER, f"b{number}", hot, options.duration, environment=environment)
            for number in range(options.processes)
        ]
        units.wait_ready(buyers)
        server_before = cluster.cpu_s() if cluster else 0.0
        machine, started = Machine(), time.perf_counter()
        took_ms = [float(one) for said in units.let_go(buyers) for one in said.split()]
        elapsed_s = time.perf_counter() - started
        server_s = cluster.cpu_s() - server_before if cluster else 0.0
        [(received, held, free, agree)] = units.count_units([hot], environment)
    problems = []
    if not agree or received != options.units or held != len(took_ms) or held + free != received:
        problems.append(f"{len(took_ms)} acknowledged, {held} held, {free} free of {received}")
    took_ms.sort()
    print(
        f"holds/s           {len(took_ms) / elapsed_s:8.0f}   ({len(took_ms)} accepted, {options.processes} processes)"
    )
    print(f"p50 / p99         {took_ms[len(took_ms) // 2]:8.2f} / {percentile(took_ms, 0.99):.2f} ms")
    if server_s:
        print(f"server CPU        {server_s / len(took_ms) * 1000:8.3f} ms a hold")
    print(machine.line(own_cpu_s=0.0))
    print("never one too many, nothing lost" if not problems else "\n".join(problems))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
