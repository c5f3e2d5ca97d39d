"""The catalogue that comes with the house: 239 products of litemall (MIT), for the demo and the simulator."""

import gzip
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from xingqu.catalogue.domain.demo import DEMO_SHOPS, DemoShop, demo_shop_of

__all__ = ["DEMO_SHOPS", "DemoShop", "demo_file", "demo_records", "demo_shop_of"]


def demo_file() -> Path:
    """Path of the packed JSON-lines file, as `import-catalogue` takes it."""
    return Path(str(files("xingqu.catalogue").joinpath("data/products.jsonl.gz")))


def demo_records() -> Iterator[dict[str, Any]]:
    """The file's rows as they are, with the buyers' `comments` that products don't keep."""
    with gzip.open(demo_file(), "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
