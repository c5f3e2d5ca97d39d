"""Short explicit SQL that the selectors share: constant number of queries, no model instances on the hot path."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from xingqu.kit.sql import fetch

CHUNK = 500  # stays below every database's limit on parameters


def fetch_in(sql: str, ids: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    """Rows of `sql`, in which each ``{ids}`` stands for the list of ids, over chunks of distinct ids."""
    distinct = sorted(set(ids))
    for start in range(0, len(distinct), CHUNK):
        part = distinct[start : start + CHUNK]
        yield from fetch(sql.replace("{ids}", ", ".join(["%s"] * len(part))), part * sql.count("{ids}"))


def as_list(value: Any) -> list[Any]:
    """A JSON column read by plain SQL: text on SQLite, already a list on PostgreSQL."""
    return list(json.loads(value)) if isinstance(value, str) else list(value)
