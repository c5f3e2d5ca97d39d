"""`python -m bench.engine SET --data DIR --name NAME --seeds N --json OUT`: the engine alone on one data set.

DIR holds `amazon/NAME.txt.gz` and `amazon/NAME_item2attributes.json.gz`; `sessions/NAME_train.txt.gz` and
`sessions/NAME_test.txt.gz`; or `kuairec/`. It may also be that folder itself. Nothing is tuned on it: every setting is
fixed or chosen on a validation part of the training data.
"""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from bench.engine.data import DataError, default_folder

SETS = {"amazon": "Beauty", "sessions": "diginetica", "kuairec": "kuairec"}


def main() -> int:
    """Run one set, print its table, write its figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.engine", description=__doc__)
    parser.add_argument("set", choices=sorted(SETS))
    parser.add_argument("--data", type=Path, default=default_folder())
    parser.add_argument("--name", help="which data of the set; default: the one in the documentation")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, help="for a seed that is run on its own; see bench.engine.merge")
    parser.add_argument("--json", type=Path, help="write all figures there")
    args = parser.parse_args()
    if args.seeds < 1:
        parser.error("--seeds must be at least 1")
    if not args.data.is_dir():
        parser.error(f"no folder {args.data}; say --data DIR or set XINGQU_DATA_DIR")
    module = importlib.import_module(f"bench.engine.{args.set}")
    started_s, started_cpu_s = time.perf_counter(), time.process_time()

    def save(result: dict[str, Any]) -> None:
        """What is known so far, so that a run that is stopped has not been for nothing."""
        result["wall_s"] = round(time.perf_counter() - started_s, 1)
        result["cpu_s"] = round(time.process_time() - started_cpu_s, 1)
        result["peak_resident_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_024
        if args.json:
            args.json.parent.mkdir(parents=True, exist_ok=True)
            args.json.write_text(json.dumps(result, indent=1, default=float) + "\n", encoding="utf-8")

    first = module.FIRST_SEED if args.first_seed is None else args.first_seed
    seeds = range(first, first + args.seeds)
    try:
        result: dict[str, Any] = module.run(args.data, args.name or SETS[args.set], seeds, save)
    except (FileNotFoundError, DataError) as error:
        parser.error(str(error))
    save(result)
    if "table" in result:
        print(result["table"])
    spent = f"{result['wall_s']:.0f} s, of which processor {result['cpu_s']:.0f} s"
    print(f"{spent}; at most {result['peak_resident_mb']} MB resident")
    return 0


if __name__ == "__main__":
    sys.exit(main())
