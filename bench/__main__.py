"""`python -m bench`: every benchmark, one after the other. Each is also a module of its own with options."""

import subprocess
import sys

BENCHMARKS = (
    "bench.engine.latency",
    "bench.feed.page",
    "bench.feed.signals",
    "bench.feed.effect",
    "bench.trade.checkout",
)


def main() -> int:
    """Run all. Returns how many failed."""
    failed = 0
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        failed += subprocess.run([sys.executable, "-m", name], check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
