"""Checkouts a second: cart, quote, order, pay, gateway, signed notice, paid; over HTTP, against real processes.

    python -m bench.trade.checkout [--clients 8] [--duration 20] [--port 8131] [--database postgresql]

Each client puts a SKU into its cart, has it quoted, orders, starts a payment, confirms it on the gateway's page address,
and waits until the worker's signed notice has made the order paid. Afterwards the books, stock and orders are audited.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.figures import CORES, Machine, percentile
from bench.postgresql import Cluster
from bench.trade.site import Site

STEPS = ("cart", "quote", "checkout", "pay", "confirm", "wait")


def measure(site: Site, seeded: dict[str, Any], duration_s: float, environment: dict[str, str]) -> dict[str, Any]:
    """Run all buyers for `duration_s` in one client process. Returns what they measured."""
    order = json.dumps({"port": site.port, "duration_s": duration_s, **seeded})
    found = subprocess.run(
        [sys.executable, "-m", "bench.trade.client"],
        input=order.encode(),
        stdout=subprocess.PIPE,
        env=environment,
        check=True,
    )
    result: dict[str, Any] = json.loads(found.stdout)
    return result


def print_table(
    result: dict[str, Any],
    audit: dict[str, Any],
    *,
    elapsed_s: float,
    drain_s: float,
    cpu_s: dict[str, float],
    clients: int,
    machine: str,
) -> None:
    """The result as text."""
    durations = result["durations_s"]
    count = len(durations)
    print(f"checkouts/s       {count / elapsed_s:8.1f}   ({count} paid orders, {clients} clients, {elapsed_s:.1f} s)")
    print(f"p50 / p99         {statistics.median(durations) * 1000:8.0f} / {percentile(durations, 0.99) * 1000:.0f} ms")
    per_step = "  ".join(f"{step} {result['steps_s'].get(step, 0) / count * 1000:.1f}" for step in STEPS)
    print(f"mean ms a step    {per_step}")
    per_checkout = {name: used / count * 1000 for name, used in cpu_s.items()}
    shares = "  ".join(f"{name} {used:.1f}" for name, used in per_checkout.items())
    limit = CORES * 1000 / sum(per_checkout.values())
    print(f"CPU ms a checkout {shares}   (facts included; {limit:.0f}/s would fill all cores of this machine)")
    print(f"facts delivered   {drain_s:8.1f} s after the last checkout")
    print(machine)
    paid = len(audit["paid_parents"])
    print(f"audit             books balanced, {paid} paid, {audit['booked_minor']} booked = at the gateway")


def main() -> int:
    """Measure, print, audit. Returns 1 when something does not fit together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--duration", type=float, default=20.0)
    parser.add_argument("--port", type=int, default=8131)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        cluster = stack.enter_context(Cluster()) if options.database == "postgresql" else None
        site = Site(Path(home), options.port, database_url=cluster.create_database() if cluster else "")

        def used_s() -> dict[str, float]:
            return site.cpu_s() | ({"server": cluster.cpu_s()} if cluster else {})

        seeded = site.seed(shops=4, skus_a_shop=10, stock=1_000_000, buyers=options.clients)
        site.start()
        try:
            measure(site, seeded, 2.0, site.environment)
            cpu_before, own_before = used_s(), resource.getrusage(resource.RUSAGE_CHILDREN)
            machine, started = Machine(), time.perf_counter()
            result = measure(site, seeded, options.duration, site.environment)
            elapsed_s = time.perf_counter() - started
            own_after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu_s = {name: used - cpu_before[name] for name, used in used_s().items()}
            cpu_s["clients"] = own_after.ru_utime + own_after.ru_stime - own_before.ru_utime - own_before.ru_stime
            told = machine.line(own_cpu_s=sum(cpu_s.values()))
            drained = time.perf_counter()
            while (audit := site.report())["facts_waiting"] and time.perf_counter() - drained < 120:
                time.sleep(0.5)
            drain_s = time.perf_counter() - drained
            cpu_s |= {name: used - cpu_before[name] for name, used in used_s().items()}
        finally:
            site.stop()
    problems = [*audit["problems"], *result["errors"]]
    if audit["booked_minor"] != audit["at_gateway_minor"]:
        problems.append("the books differ from the gateway's")
    lost = set(result["orders"]) - set(audit["paid_parents"])
    if lost:
        problems.append(f"{len(lost)} acknowledged orders are not paid")
    if problems:
        print("\n".join(problems[:20]))
        return 1
    spent = {"elapsed_s": elapsed_s, "drain_s": drain_s}
    print_table(result, audit, **spent, cpu_s=cpu_s, clients=options.clients, machine=told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
