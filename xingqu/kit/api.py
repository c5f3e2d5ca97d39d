"""Types that the rooms' API schemas share: bounded numbers, money, cursor paging."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from xingqu.kit.errors import InvalidInput
from xingqu.kit.ids import MAX_ID
from xingqu.kit.money import MAX_MINOR


def _no_control(text: str) -> str:
    if any(ord(c) < 32 and c not in "\n\t" for c in text) or any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise ValueError("control characters are not allowed")
    return text


Id = Annotated[int, Field(ge=1, le=MAX_ID)]
Quantity = Annotated[int, Field(ge=1, le=9999)]
AmountMinor = Annotated[int, Field(ge=0, le=MAX_MINOR)]
Version = Annotated[int, Field(ge=0, le=MAX_ID)]
Limit = Annotated[int, Field(ge=1, le=50)]
FIRST_MOMENT, LAST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _bounded(moment: datetime) -> datetime:
    """An aware time that every database can hold; one without a zone is UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment, FIRST_MOMENT), LAST_MOMENT)


Moment = Annotated[datetime, AfterValidator(_bounded)]
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Text = Annotated[str, AfterValidator(_no_control)]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120), AfterValidator(_no_control)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), AfterValidator(_no_control)]
CursorText = Annotated[str, StringConstraints(max_length=400)]

Item = TypeVar("Item")


class Out(BaseModel):
    """Base of what the API answers: dictionaries, dataclasses and rows, read as they are.

    ninja's `Schema` puts a getter for Django's managers and files around each of them, at three times the cost.
    """

    model_config = ConfigDict(from_attributes=True)


class DatedSetIn(BaseModel):
    """Rules from a moment on; `effective_from` null: from now on. Subclasses add `values`."""

    effective_from: Moment | None = None
    note: ShortText = ""


class DatedSetOut(Out):
    """Rules that somebody set; `in_force`: the ones that hold now. Subclasses add `values`."""

    id: int
    effective_from: datetime
    note: str
    created_at: datetime
    in_force: bool


class MoneyOut(Out):
    """An amount in minor units (89900 CNY is ¥899.00)."""

    amount_minor: int
    currency: str


class ListOut(Out, Generic[Item]):
    """A page of a list; `next_cursor` is null on the last one."""

    items: list[Item]
    next_cursor: str | None


class ErrorOut(Out):
    """The body of every refusal."""

    error: dict[str, Any]


def encode_cursor(*values: int | str | float | None) -> str:
    """Opaque cursor of the last row's sort values."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def decode_cursor(cursor: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """Values of a cursor made by :func:`encode_cursor`, or None without one.

    Raises InvalidInput when it was not made by this list: wrong text, count or kinds of values.
    """
    if not cursor:
        return None
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        values = None
    fits = (
        isinstance(values, list)
        and len(values) == len(kinds)
        and all(isinstance(v, k) and not isinstance(v, bool) for v, k in zip(values, kinds, strict=True))
        and all(abs(v) <= MAX_ID for v in values if isinstance(v, int))
    )
    if not fits:
        raise InvalidInput(
            field="cursor",
            expected="the next_cursor of the page before",
            message="This cursor is not one of this list.",
        )
    return tuple(values)


def cursor_id(cursor: str | None) -> int | None:
    """The id in the cursor of a list that goes by ids, or None without one. Raises InvalidInput as `decode_cursor`."""
    found = decode_cursor(cursor, int)
    return found[0] if found else None


def page_of(items: Sequence[Any], last: int | None, **more: Any) -> dict[str, Any]:
    """A page of such a list as the API answers it: `last` is the id to go on from, None on the last page."""
    return {"items": items, "next_cursor": encode_cursor(last) if last is not None else None, **more}
