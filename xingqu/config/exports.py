"""Files of lists: every list in `EXPORTS` is also a CSV and an XLSX file at its address with an ending.

A file is its list read page by page with the caller's own filters and rights, row by row into the answer, so that a long one
needs no more memory than a short one. Rooms whose files say more than their lists (orders, products, statements, reviews,
deposits, after-sale cases, the audit log) write those themselves.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router
from ninja.operation import PathView

from xingqu.accounts.selectors import shop_of
from xingqu.config.export_table import EXPORTS, SheetOf
from xingqu.kit.spreadsheets import XLSX_TYPE, Cell, csv_stream, xlsx_stream

MAX_ROWS = 200_000
PAGE_ROWS = 50
# What a file leaves out of its list's query: a file is all pages.
_PAGING = ("cursor", "limit")


@dataclass(frozen=True, slots=True)
class ListedAt:
    """A list's address and what answers there. `read` gives {items, next_cursor}, or the rows themselves."""

    path: str
    read: Callable[..., Any]
    form: Any

    @property
    def pages(self) -> bool:
        return "cursor" in inspect.signature(self.read).parameters


def file_router(routers: Iterable[Router]) -> Router:
    """A router with the files of all lists in the table. Raises LookupError for a list that no router has."""
    found: dict[str, ListedAt] = {}
    for router in routers:
        found |= {listed.path: listed for listed in _lists(router)}
    made = Router(tags=["files"])
    for path, sheet in EXPORTS.items():
        if path not in found:
            raise LookupError(f"no list at {path}")
        for kind in ("csv", "xlsx"):
            view = _view(found[path], sheet, kind)
            made.add_api_operation(
                f"{path}.{kind}",
                ["GET"],
                view,
                response={200: Any},
                operation_id=view.__name__,
                summary=_title(sheet, kind),
            )
    return made


def _lists(router: Router) -> Iterator[ListedAt]:
    for path, view in router.path_operations.items():
        yield from _reads(path, view)
    for _, below, *_ in router._routers:
        yield from _lists(below)


def _reads(path: str, view: PathView) -> Iterator[ListedAt]:
    for operation in view.operations:
        if path in EXPORTS and "GET" in operation.methods:
            yield ListedAt(path, operation.view_func, operation.response_models[200])


def _title(sheet: SheetOf, kind: str) -> str:
    return f"Export {sheet.name.replace('-', ' ')} as {kind.upper()}"


def _view(listed: ListedAt, sheet: SheetOf, kind: str) -> Callable[..., StreamingHttpResponse]:
    """An operation with the list's own filters; its first page is read at once, so that a refusal is one."""

    def answer(request: HttpRequest, **asked: Any) -> StreamingHttpResponse:
        if sheet.scope is not None:
            shop_of(request, asked["shop_id"], sheet.scope)
        pages = _pages(partial(listed.read, request, **asked), listed)
        rows = _rows(chain([next(pages)], pages), sheet.columns)
        name = "-".join([sheet.name, *(str(asked[part]) for part in ("shop_id", "run_id") if part in asked)])
        headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
        if kind == "csv":
            return StreamingHttpResponse(csv_stream(rows), content_type="text/csv; charset=utf-8", headers=headers)
        return StreamingHttpResponse(xlsx_stream(rows, title=sheet.name), content_type=XLSX_TYPE, headers=headers)

    given = inspect.signature(listed.read)
    kept = [part for part in given.parameters.values() if part.name not in _PAGING]
    answer.__signature__ = given.replace(parameters=kept)  # type: ignore[attr-defined]
    answer.__name__ = f"export_{sheet.name.replace('-', '_')}_{kind}"
    answer.__doc__ = f"The filtered list as a file of {kind.upper()}, all its pages; no cell of it is a formula."
    return answer


def _pages(read: Callable[..., Any], listed: ListedAt) -> Iterator[list[dict[str, Any]]]:
    """Rows of one page after another, as the list itself would answer them; at least one page, perhaps empty."""
    cursor: str | None = None
    told = 0
    while True:
        given = read(cursor=cursor, limit=PAGE_ROWS) if listed.pages else read()
        shown = listed.form.model_validate({"response": given}).model_dump(mode="json")["response"]
        rows = shown if isinstance(shown, list) else _items(shown)
        yield rows[: MAX_ROWS - told]
        told += len(rows)
        cursor = shown.get("next_cursor") if isinstance(shown, dict) else None
        if cursor is None or told >= MAX_ROWS:
            return


def _items(shown: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = shown["problems"] if "problems" in shown else shown["items"]
    return items


def _rows(pages: Iterable[list[dict[str, Any]]], columns: Sequence[str]) -> Iterator[list[Cell]]:
    yield list(columns)
    for page in pages:
        for row in page:
            yield [cell_at(row, column) for column in columns]


def cell_at(row: Any, column: str) -> Cell:
    """What stands at a dotted path; through a list, all its values with semicolons between.

    >>> cell_at({"lines": [{"name": "a"}, {"name": "b"}]}, "lines.name")
    'a; b'
    """
    value = row
    parts = column.split(".")
    for place, part in enumerate(parts):
        if isinstance(value, list):
            rest = ".".join(parts[place:])
            return _joined(cell_at(each, rest) for each in value)
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, list):
        return _joined(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value  # type: ignore[no-any-return]


def _joined(values: Iterable[Any]) -> str:
    return "; ".join("" if value is None else str(value) for value in values)
