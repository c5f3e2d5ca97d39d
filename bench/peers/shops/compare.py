"""Xingqu and its peers, one after the other in one run on one machine.

    sh bench/peers/shops/install.sh ~/peers
    python -m bench.peers.shops.compare --peers ~/peers [--task checkout list oversell] [--clients 8 32] [--duration 12]
                                        [--database postgresql] [--only oscar]

checkout: each shop's buyers are signed in, have an address, and walk its own checkout again and again with one unit of one of
40 goods: Oscar its pages, Vendure its shop API with its dummy payment, Xingqu its API with the sandbox gateway, whose signed
notice makes the order paid. Oscar and Vendure are paid within the request: they are spared the gateway.
list: a page of 24 goods with price and stock. oversell: 32 buyers at once for 10 units, each tries once.
"""

import argparse
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.figures import Machine, percentile
from bench.peers.shops.site import Peer, send_buyers
from bench.postgresql import Cluster
from bench.trade.checkout import measure
from bench.trade.site import Site

SHOPS = ("oscar", "vendure", "xingqu")
GOODS = 40
PLENTY = 1_000_000
SCARCE_UNITS, SCARCE_BUYERS = 10, 32
WARM_S = 2.0


def spending(of: Site | Peer, cluster: Cluster | None, run: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `run` measured, with `cpu_s`: processor seconds of the shop, its database and the buyers meanwhile."""

    def used() -> dict[str, float]:
        mine = resource.getrusage(resource.RUSAGE_CHILDREN)
        clients = {"clients": mine.ru_utime + mine.ru_stime}
        return of.cpu_s() | ({"database": cluster.cpu_s()} if cluster else {}) | clients

    before = used()
    result = run()
    return result | {"cpu_s": {name: spent - before[name] for name, spent in used().items()}}


def run_ours(
    options: argparse.Namespace, task: str, clients: int, home: Path, cluster: Cluster | None, database_url: str
) -> dict[str, Any]:
    """One task at Xingqu."""
    site = Site(home, options.port, database_url=database_url)
    scarce = task == "oversell"
    seeded = site.seed(
        shops=1 if scarce else 4,
        skus_a_shop=1 if scarce else GOODS // 4,
        stock=SCARCE_UNITS if scarce else PLENTY,
        buyers=clients,
    )
    site.start()
    try:
        if task == "list":
            send_buyers("xingqu", site.port, seeded, task="browse", duration_s=WARM_S)
            return spending(
                site,
                cluster,
                lambda: send_buyers("xingqu", site.port, seeded, task="browse", duration_s=options.duration),
            )
        if scarce:
            return measure(site, {**seeded, "rounds": 1}, 60.0, site.environment)
        measure(site, seeded, WARM_S, site.environment)
        return spending(site, cluster, lambda: measure(site, seeded, options.duration, site.environment))
    finally:
        site.stop()


def run_peer(
    name: str,
    options: argparse.Namespace,
    task: str,
    clients: int,
    home: Path,
    cluster: Cluster | None,
    database_url: str,
) -> dict[str, Any]:
    """One task at a peer."""
    peer = Peer(name, folder=options.peers, home=home, port=options.port + 1, database_url=database_url)
    scarce = task == "oversell"
    seeded = peer.seed(products=1 if scarce else GOODS, stock=SCARCE_UNITS if scarce else PLENTY, buyers=clients)
    peer.start()
    try:
        if scarce:
            return send_buyers(name, peer.port, seeded, task="buy", duration_s=60.0, rounds=1)
        action = "browse" if task == "list" else "buy"
        send_buyers(name, peer.port, seeded, task=action, duration_s=WARM_S)
        return spending(
            peer,
            cluster,
            lambda: send_buyers(name, peer.port, seeded, task=action, duration_s=options.duration),
        )
    finally:
        peer.stop()


def run_task(options: argparse.Namespace, task: str, clients: int) -> bool:
    """One task at every shop with so many clients; prints a line each. False when Xingqu refused what it should not."""
    rates: dict[str, float] = {}
    good = True
    for name in options.only or SHOPS:
        with ExitStack() as stack:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            cluster = stack.enter_context(Cluster()) if options.database == "postgresql" else None
            url = cluster.create_database() if cluster else ""
            machine = Machine()
            if name == "xingqu":
                result = run_ours(options, task, clients, home, cluster, url)
            else:
                result = run_peer(name, options, task, clients, home, cluster, url)
        durations, errors = result["durations_s"], result["errors"]
        if task == "oversell":
            print(
                f"oversell {name:8} {options.database:10} {len(result['orders'])} of {SCARCE_UNITS} units sold",
                flush=True,
            )
            good &= name != "xingqu" or len(result["orders"]) == SCARCE_UNITS
            continue
        rates[name] = len(durations) / options.duration
        middle = statistics.median(durations) * 1000 if durations else 0.0
        worst = percentile(durations, 0.99) * 1000 if durations else 0.0
        print(
            f"{task:8} {name:8} {options.database:10} {clients:4} clients {rates[name]:8.1f}/s"
            f"  p50 {middle:5.0f} p99 {worst:5.0f} ms  refused {len(errors)}  {machine.line()}",
            flush=True,
        )
        spent = {who: 1000 * used / max(len(durations), 1) for who, used in result["cpu_s"].items()}
        parts = "  ".join(f"{who} {each_ms:.1f}" for who, each_ms in spent.items())
        print(f"   CPU ms each: {parts}   ({1000 / max(sum(spent.values()), 1e-9):.1f} a CPU second)", flush=True)
        if errors:
            good &= name != "xingqu"
            print(f"   the first refusal: {errors[0][:200]}")
    peers = [rate for name, rate in rates.items() if name != "xingqu"]
    if "xingqu" in rates and peers:
        print(f"   {task}, {clients} clients: {rates['xingqu'] / max(*peers, 1e-9):.1f} times the best peer")
    return good


def main() -> int:
    """Run all. Returns 1 when Xingqu refused what it should not, or sold what it did not have."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, required=True, help="folder that install.sh filled")
    parser.add_argument(
        "--task", choices=["checkout", "list", "oversell"], nargs="+", default=["checkout", "list", "oversell"]
    )
    parser.add_argument("--clients", type=int, nargs="+", default=[8, 32])
    parser.add_argument("--duration", type=float, default=12.0)
    parser.add_argument("--port", type=int, default=8151)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--only", choices=SHOPS, nargs="+")
    options = parser.parse_args()
    good = True
    for task in options.task:
        for clients in [SCARCE_BUYERS] if task == "oversell" else options.clients:
            good &= run_task(options, task, clients)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
