"""A crash soak of the trading chain: a real site, people who trade on it, and everything that can go wrong, for a while.

    python -m bench.soak [--minutes 30] [--database postgresql] [--seed 1]        (make soak)

Everything stays on this machine. Buyers order, pay (twice, late, forged, without a notice), cancel, receive and send back;
merchants ship, answer and withdraw; an operator judges, holds and freezes. Meanwhile processes are killed with `kill -9` at
random and at named points, PostgreSQL too, clocks jump, and the disk is full for a moment. In the end everything is let go on
until nothing is on its way, and must fit together: see `verify.py`. Returns 1 when it does not.

The full disk needs a small file system of its own: as root, or where people may make name spaces, the soak mounts one in
memory, seen by nobody else; elsewhere that fault is left out, and the report says so.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from bench.figures import Machine
from bench.postgresql import Cluster
from bench.soak.browser import Browser
from bench.soak.buyers import Buyer
from bench.soak.ending import drain, replay_notices, verify
from bench.soak.faults import Faults
from bench.soak.inside.sitecustomize import POINTS
from bench.soak.merchants import Merchant, Operator
from bench.soak.notes import Notes
from bench.soak.site import Site

PLANNED = {"shops": 3, "skus_a_shop": 6, "stock": 400, "buyers": 8}
DISK = "2g"
MOUNTED = "XINGQU_SOAK_DISK"


def main() -> int:
    """Run the soak and print its report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gap", type=float, default=8.0, help="seconds between two faults, on average")
    parser.add_argument("--pause", type=float, default=1.5, help="seconds a person takes between two acts, at most")
    parser.add_argument("--buyers", type=int, default=PLANNED["buyers"], help="fewer for a machine that is busy")
    parser.add_argument("--keep", action="store_true", help="keep the site's files")
    options = parser.parse_args()
    mount_disk()
    with ExitStack() as stack:
        disk = Path(os.environ[MOUNTED]) if MOUNTED in os.environ else None
        folder = Path(tempfile.mkdtemp(prefix="xq-soak-"))
        stack.callback(lambda: None if options.keep else shutil.rmtree(folder, ignore_errors=True))
        if disk is not None:
            tempfile.tempdir = str(disk)  # PostgreSQL's files, too
        cluster = stack.enter_context(Cluster()) if options.database == "postgresql" else None
        url = cluster.create_database() if cluster is not None else ""
        site = Site((disk or folder) / "home", folder / "run", url)
        stack.callback(site.stop)
        return soak(site, cluster, disk, options)


def mount_disk() -> None:
    """Go on in a name space with a small file system in memory, where that is allowed."""
    if MOUNTED in os.environ or shutil.which("unshare") is None:
        return
    share = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run([*share, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False).returncode:
        return
    if os.geteuid() != 0 and "postgresql" in sys.argv:  # which refuses to be started by the root of a name space
        return
    place = tempfile.mkdtemp(prefix="xq-soak-disk-")
    script = 'mount -t tmpfs -o "size=$0" none "$1" && shift && exec "$@"'
    os.environ[MOUNTED] = place
    again = [sys.executable, "-m", "bench.soak", *sys.argv[1:]]
    os.execvp(share[0], [*share, "sh", "-c", script, DISK, place, *again])


def soak(site: Site, cluster: Cluster | None, disk: Path | None, options: argparse.Namespace) -> int:
    """All of it on a site that is not started yet. Returns 1 when something is wrong."""
    machine, draw, notes = Machine(), random.Random(options.seed), Notes()
    seeded = site.prepare({**PLANNED, "buyers": options.buyers})
    site.start()
    faults = Faults(site, notes, random.Random(options.seed + 1), cluster, disk, options.gap)
    if disk is None:
        print("no file system of its own: the disk will not be full", flush=True)
    skus = [sku for shop in seeded["shops"] for sku in shop["skus"]]
    buyers = [
        Buyer(
            (Browser(site.port, one["session"], notes), Browser(site.port, one["session"], notes)),
            one["address_id"],
            skus,
            random.Random(draw.random()),
            options.pause,
        )
        for one in seeded["buyers"]
    ]
    merchants = [
        Merchant(Browser(site.port, shop["session"], notes), shop["id"], random.Random(draw.random()), options.pause)
        for shop in seeded["shops"]
    ]
    shops = [shop["id"] for shop in seeded["shops"]]
    operator = Operator(Browser(site.port, seeded["operator"], notes), shops, random.Random(draw.random()), 4.0)
    trading, selling = threading.Event(), threading.Event()
    started = time.monotonic()
    runs = [(one.run, trading) for one in buyers] + [(faults.run, trading)]
    runs += [(one.run, selling) for one in merchants] + [(operator.run, selling)]
    threads = [(threading.Thread(target=run, args=(over,), daemon=True), over) for run, over in runs]
    for thread, _ in threads:
        thread.start()
    watch(notes, faults, started + options.minutes * 60)
    trading.set()
    for thread, over in threads:
        if over is trading:
            thread.join(timeout=400)
    lasted_min = (time.monotonic() - started) / 60
    site.revive()
    for merchant in merchants:
        merchant.money = False
    operator.closing = True
    left = drain(site, faults)
    selling.set()
    for thread, _ in threads:
        thread.join(timeout=100)
    wrong = [f"did not come to rest: {left}"] if left else []
    wrong += replay_notices(site)
    wrong += verify(site, notes)
    return report(notes, faults, machine, lasted_min, wrong)


def watch(notes: Notes, faults: Faults, until: float) -> None:
    """Print now and then how it goes."""
    while (left_s := until - time.monotonic()) > 0:
        time.sleep(min(left_s, 30.0))
        done = notes.done
        said = ", ".join(f"{done[name]} {name}" for name in ("orders", "payments", "shipped", "received", "cases"))
        broken = f"{sum(faults.done.values())} faults, killed at {len(faults.points)} named points"
        print(f"  {left_s / 60:5.1f} min left: {said}, {done['withdrawals']} withdrawals; {broken}", flush=True)


def report(notes: Notes, faults: Faults, machine: Machine, lasted_min: float, wrong: list[str]) -> int:
    """Print what was done, broken and found. Returns 1 when something is wrong."""
    wrong = wrong + [f"{count} x {what}" for what, count in notes.wrong.most_common()]
    print(f"\n{lasted_min:.0f} minutes")
    for title, counted in (
        ("done", notes.done),
        ("refused, as it should be", notes.refused),
        ("faults", faults.done),
        ("killed at a named point", faults.points),
    ):
        print(f"{title}: " + ", ".join(f"{count} {name}" for name, count in counted.most_common()))
    missed = sorted(POINTS.keys() - faults.points.keys())
    print(
        f"died at {len(POINTS) - len(missed)} of {len(POINTS)} named points" + (", not at: " if missed else ""), end=""
    )
    print("; ".join(missed))
    print(f"slowest recovery {faults.slowest_s:.0f} s; clocks ended {faults.shift_s / 86_400:.1f} days ahead")
    print(machine.line(own_cpu_s=0.0))
    print("nothing lost, nothing doubled, everything fits together" if not wrong else "WRONG:\n  " + "\n  ".join(wrong))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
