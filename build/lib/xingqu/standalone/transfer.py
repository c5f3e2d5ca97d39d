"""Everything in one file, to move from one store to another or to keep a copy: gzipped JSON, one object a line.

``{"type": "header"}``, then ``names`` (the numbers that states are written in), ``item`` and ``person``. A copy holds people's
data: deleting a person from the engine does not delete them from it.
"""

from __future__ import annotations

import base64
import gzip
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from xingqu.standalone.codec import decode_events, decode_item, encode_item
from xingqu.standalone.contracts import Item
from xingqu.standalone.errors import Conflict, InvalidInput
from xingqu.standalone.names import KINDS
from xingqu.standalone.stores.ports import PersonRecord, Store

VERSION: Final = 1
NAMES_A_LINE: Final = 10_000
ITEMS_AT_ONCE: Final = 1_000


def export_store(store: Store, path: Path) -> dict[str, int]:
    """Write ``path``; returns how many items and people. The file appears when it is whole."""
    counts = {"items": 0, "people": 0}
    part = path.with_name(path.name + ".part")
    with gzip.open(part, "wb", compresslevel=3) as file:
        for line in _lines(store, counts):
            file.write(orjson.dumps(line) + b"\n")
    part.rename(path)
    return counts


def import_store(store: Store, path: Path) -> dict[str, int]:
    """Read a file of ``export_store`` into an empty store; returns how many items and people.

    Raises Conflict when the store is not empty, InvalidInput when the file is not such a file or cut short.
    """
    if any(store.all_numbers(kind) for kind in KINDS) or next(iter(store.people()), None) is not None:
        raise Conflict("the engine is not empty", field="data", expected="an empty folder or database")
    counts = {"items": 0, "people": 0}
    items: dict[int, bytes] = {}
    for line in _read(path):
        if line["type"] == "names":
            given = store.numbers(line["kind"], line["names"])
            if given[:1] != [line["first"]]:
                raise Conflict("the store has been written to meanwhile", field="data", expected="nobody else writing")
        elif line["type"] == "item":
            items[line["number"]] = encode_item(Item(**line["item"]))
            counts["items"] += 1
            if len(items) >= ITEMS_AT_ONCE:
                store.change_items(items, ())
                items = {}
        elif line["type"] == "person":
            _put_person(store, line)
            counts["people"] += 1
    if items:
        store.change_items(items, ())
    return counts


def _lines(store: Store, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    yield {"type": "header", "format": "xingqu-engine", "version": VERSION, "at_ms": int(time.time() * 1000)}
    for kind in KINDS:
        names = sorted(store.all_numbers(kind).items(), key=lambda pair: pair[1])
        for start in range(0, len(names), NAMES_A_LINE):
            part = [name for name, _ in names[start : start + NAMES_A_LINE]]
            yield {"type": "names", "kind": kind, "first": start + 1, "names": part}
    for number, data in store.items_since(0)[1].items():
        if data is not None:
            counts["items"] += 1
            yield {"type": "item", "number": number, "item": orjson.loads(encode_item(decode_item(data)))}
    for record in store.people():
        counts["people"] += 1
        journal = [base64.b64encode(data).decode() for data in store.person_journal(record.person)]
        state = base64.b64encode(record.state).decode() if record.state else None
        yield {"type": "person", "id": record.person, "day": record.day, "state": state, "journal": journal}
    yield {"type": "end", **counts}


def _put_person(store: Store, line: dict[str, Any]) -> None:
    journal = [base64.b64decode(data) for data in line["journal"]]
    state = base64.b64decode(line["state"]) if line["state"] else None
    ids = [[bytes(event) for event in decode_events(data)["id"]] for data in journal]
    record = PersonRecord(line["id"], 0, line["day"], state)
    store.put_person(record, list(zip(journal, ids, strict=True)))


def _read(path: Path) -> Iterator[dict[str, Any]]:
    wrong = InvalidInput("not a whole export", field="file", expected=f"a file of `export`, version {VERSION}")
    last: dict[str, Any] = {}
    try:
        with gzip.open(path, "rb") as file:
            for number, text in enumerate(file):
                last = orjson.loads(text)
                if number == 0 and (last.get("format"), last.get("version")) != ("xingqu-engine", VERSION):
                    raise wrong
                yield last
    except (gzip.BadGzipFile, EOFError, zlib.error, orjson.JSONDecodeError) as error:
        raise wrong from error
    if last.get("type") != "end":
        raise wrong
