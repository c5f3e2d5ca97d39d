"""Where the benchmark data lies, and readers of its plain formats."""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from xingqu.engine.evaluate.splits import Sequences
from xingqu.engine.learn.item_tags import ItemTags

Save = Callable[[dict[str, Any]], None]


class DataError(ValueError):
    """A file of a set is not as its layout says; the message names it."""


def save_nothing(result: dict[str, Any]) -> None:
    """For who wants the figures of a run at its end only."""


def default_folder() -> Path:
    """``XINGQU_DATA_DIR``, else ``shared/data`` beside the repository."""
    return Path(os.environ.get("XINGQU_DATA_DIR") or Path(__file__).resolve().parents[3] / "shared" / "data")


def find_folder(data: Path, name: str) -> Path:
    """The folder of a set: ``data/name``, or ``data`` itself. Raises FileNotFoundError when there is neither."""
    for folder in (data / name, data):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no data at {data}; say --data DIR or set XINGQU_DATA_DIR")


def needed(path: Path) -> Path:
    """Raises FileNotFoundError that says which file of the set is missing, and what lies there instead."""
    if not path.is_file():
        lying = sorted(each.name for each in path.parent.iterdir()) if path.parent.is_dir() else []
        raise FileNotFoundError(f"no file {path}; in its folder: {', '.join(lying[:12]) or 'nothing'}")
    return path


def read_lines(path: Path) -> list[list[int]]:
    """Whole numbers, a list a line. Raises FileNotFoundError, DataError."""
    lines: list[list[int]] = []
    with gzip.open(needed(path), "rt", encoding="utf-8") as file:
        try:
            for line in file:
                lines.append([int(word) for word in line.split()])
        except (ValueError, OSError, EOFError) as error:
            where = f"{path}, line {len(lines) + 1}"
            raise DataError(f"{where}: whole numbers with spaces between are expected ({error})") from error
    return [line for line in lines if line]


def read_table(path: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    """Lines of a table by the names in its first line. Raises FileNotFoundError; DataError when one of ``columns`` is not there."""
    with gzip.open(needed(path), "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        lacking = [name for name in columns if name not in (reader.fieldnames or ())]
        if lacking:
            raise DataError(f"{path} has no column {', '.join(lacking)}; it has {', '.join(reader.fieldnames or ())}")
        yield from reader


def read_sequences(path: Path) -> Sequences:
    return Sequences.of(read_lines(path))


def read_attributes(path: Path) -> dict[int, list[int]]:
    """Attributes by item; empty when the file is not there."""
    if not path.exists():
        return {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return {int(item): [int(tag) for tag in tags] for item, tags in json.load(file).items()}


@dataclass(frozen=True, eq=False)
class Shoppers:
    """A set: ``items`` by id, everyone's items in order."""

    items: ItemTags
    sequences: Sequences


def load_shoppers(data: Path, name: str) -> Shoppers:
    """Raises FileNotFoundError when the set is not there."""
    folder = find_folder(data, "amazon")
    lines = read_sequences(folder / f"{name}.txt.gz")
    bare = Sequences.of([lines[person][1:] for person in range(len(lines))])  # a line starts with the person
    item_id, rows = np.unique(bare.rows, return_inverse=True)
    tags = read_attributes(folder / f"{name}_item2attributes.json.gz")
    items = ItemTags.of(item_id.astype(np.int64), tags)
    return Shoppers(items, Sequences(bare.indptr, rows.astype(np.int32)))
