"""`python -m simulator`: play shoppers through a running site."""

import argparse
import logging

from simulator.life import Life, LifeParams


def main() -> None:
    """Read the command line and play."""
    parser = argparse.ArgumentParser(prog="simulator", description="Play seeded shoppers through a running site.")
    parser.add_argument("--origin", default="http://127.0.0.1:8000")
    parser.add_argument("--shoppers", type=int, default=300)
    parser.add_argument("--duration", type=float, default=900.0, metavar="SECONDS")
    parser.add_argument("--visits-per-second", type=float, default=2.0)
    parser.add_argument("--rush", type=int, default=200, metavar="VISITS", help="visits made quickly at the start")
    parser.add_argument("--seed", type=int, default=20211)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname).1s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line per request is too many
    params = LifeParams(
        origin=options.origin,
        shoppers=options.shoppers,
        duration_s=options.duration,
        visits_per_s=options.visits_per_second,
        rush_visits=options.rush,
        seed=options.seed,
    )
    tally = Life(params).run()
    logging.getLogger("simulator").info("done: %s", dict(sorted(tally.items())))


main()
