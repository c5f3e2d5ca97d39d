"""The fields of items and events, once: what is checked and what the OpenAPI document says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from xingqu.engine.columns import NotInterestedReason, Signal
from xingqu.standalone.catalogue import KINDS
from xingqu.standalone.contracts import Event, Item, Rejection
from xingqu.standalone.errors import InvalidInput

ID_LENGTH: Final = 128
TAG_LENGTH: Final = 100
TAGS_PER_ITEM: Final = 64
LARGEST: Final = 1 << 53  # whole numbers that JSON carries exactly
SIGNALS: Final = {signal.name.lower(): signal for signal in Signal}
REASONS: Final = {reason.name.lower(): reason for reason in NotInterestedReason}
# about somebody or something else than an item
_WITHOUT_ITEM: Final = {"search", "follow", "unfollow"}


@dataclass(frozen=True)
class Field:
    """One field of a JSON object. ``maximum``: of a number; of a string its length."""

    name: str
    type: str  # string, integer, number, boolean, tags
    doc: str
    required: bool = False
    maximum: float = LARGEST
    choices: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """What a right value looks like, in English."""
        if self.choices:
            return "one of " + ", ".join(choice for choice in self.choices if choice)
        if self.type == "string":
            least = 1 if self.required else 0
            return f"a string of {least} to {int(self.maximum)} characters without control characters"
        if self.type == "boolean":
            return "true or false"
        if self.type == "tags":
            return f"up to {TAGS_PER_ITEM} strings, or an object of weights above 0 by such strings"
        return f"{'a whole' if self.type == 'integer' else 'a'} number from 0 to {self.maximum:.0f}"

    def schema(self) -> dict[str, Any]:
        """JSON schema."""
        if self.type == "tags":
            tag = {"type": "string", "minLength": 1, "maxLength": TAG_LENGTH}
            many: dict[str, Any] = {"type": "array", "items": tag, "maxItems": TAGS_PER_ITEM}
            weights = {"type": "object", "additionalProperties": {"type": "number", "exclusiveMinimum": 0}}
            return {"description": self.doc, "oneOf": [many, weights]}
        found: dict[str, Any] = {"type": self.type, "description": self.doc}
        if self.choices:
            found["enum"] = list(self.choices)
        elif self.type == "string":
            found |= {"maxLength": int(self.maximum)} | ({"minLength": 1} if self.required else {})
        elif self.type != "boolean":
            found |= {"minimum": 0, "maximum": self.maximum}
        return found

    def read(self, raw: Any) -> Any:
        """The value. Raises InvalidInput."""
        value = self._tags(raw) if self.type == "tags" else self._plain(raw)
        if value is None:
            raise InvalidInput(f"{self.name} is not valid", field=self.name, expected=self.expected)
        return value

    def _plain(self, raw: Any) -> Any:
        if self.type == "boolean":
            return raw if isinstance(raw, bool) else None
        if self.type == "string":
            good = isinstance(raw, str) and is_text(raw, int(self.maximum)) and (bool(raw) or not self.required)
            return raw if good and (not self.choices or raw in self.choices) else None
        kinds = (int,) if self.type == "integer" else (int, float)
        if isinstance(raw, bool) or not isinstance(raw, kinds):
            return None
        return raw if 0 <= raw <= self.maximum else None  # not so for a NaN

    def _tags(self, raw: Any) -> dict[str, float] | None:
        if isinstance(raw, list | tuple):
            raw = dict.fromkeys(raw, 1.0) if all(isinstance(tag, str) for tag in raw) else None
        if not isinstance(raw, Mapping) or len(raw) > TAGS_PER_ITEM:
            return None
        for tag, weight in raw.items():
            if not isinstance(tag, str) or not tag or not is_text(tag, TAG_LENGTH):
                return None
            if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight < 1e6:
                return None
        return {tag: float(weight) for tag, weight in raw.items()}


def is_text(value: str, length: int) -> bool:
    """Short enough, without control characters, and such that UTF-8 can hold it."""
    if len(value) > length:
        return False
    if value.isascii() and value.isprintable():  # nearly all are
        return len(value) <= 400
    if any(ord(letter) < 32 for letter in value):
        return False
    try:
        return len(value.encode()) <= 400
    except UnicodeEncodeError:
        return False


ITEM_FIELDS: Final = (
    Field("id", "string", "The shop's own id.", required=True, maximum=ID_LENGTH),
    Field("tags", "tags", "Feature tags: what makes people interested in it."),
    Field("creator", "string", "Who made it; the brand or the shop will do.", maximum=ID_LENGTH),
    Field("seller", "string", "Who sells it.", maximum=ID_LENGTH),
    Field("category", "string", "Its category.", maximum=ID_LENGTH),
    Field("product", "string", "The product it sells; empty: itself.", maximum=ID_LENGTH),
    Field("sells", "boolean", "False: a post that sells nothing."),
    Field("kind", "string", "What it looks like.", choices=tuple(KINDS)),
    Field("price_minor", "integer", "Price in the currency's smallest unit, one currency for the whole shop."),
    Field("published_at_ms", "integer", "Unix milliseconds; 0: when it was first put.", maximum=1 << 42),
    Field("duration_ms", "integer", "Length of a clip.", maximum=(1 << 31) - 1),
    Field("visible", "boolean", "False: kept, but not recommended."),
)
EVENT_FIELDS: Final = (
    Field(
        "id", "string", "Names the event: the same id is applied once for a person.", required=True, maximum=ID_LENGTH
    ),
    Field("person", "string", "Who; the shop's own id of a customer or a guest.", required=True, maximum=ID_LENGTH),
    Field("kind", "string", "What was done.", required=True, choices=tuple(SIGNALS)),
    Field("item", "string", "To which item; may be missing for search, follow and unfollow.", maximum=ID_LENGTH),
    Field("creator", "string", "Who was followed, without an item.", maximum=ID_LENGTH),
    Field("query", "string", "What was searched for.", maximum=ID_LENGTH),
    Field("reason", "string", "Of not_interested.", choices=("", *REASONS)),
    Field(
        "value", "number", "Milliseconds of dwell and skip, plays of completion, units of cart and order.", maximum=1e9
    ),
    Field("at_ms", "integer", "Unix milliseconds; 0: now.", maximum=1 << 42),
)
_ITEM: Final = {field.name: field for field in ITEM_FIELDS}
_EVENT: Final = {field.name: field for field in EVENT_FIELDS}
Read = TypeVar("Read", Item, Event)


def read_item(raw: Any) -> Item:
    """Raises InvalidInput."""
    return Item(**_object(raw, _ITEM))


def read_event(raw: Any) -> Event:
    """Raises InvalidInput."""
    event = Event(**_object(raw, _EVENT))
    if not event.item and event.kind not in _WITHOUT_ITEM:
        raise InvalidInput("item is missing", field="item", expected="the id of an item")
    return event


def read_all(raw: Iterable[Any], read: Callable[[Any], Read]) -> tuple[list[tuple[int, Read]], list[Rejection]]:
    """What can be taken, with its place, and what can't."""
    taken: list[tuple[int, Read]] = []
    rejected = []
    for index, one in enumerate(raw):
        try:
            taken.append((index, read(one)))
        except InvalidInput as error:
            rejected.append(Rejection(index, error.code, error.field or "", error.expected or ""))
    return taken, rejected


def _object(raw: Any, fields: Mapping[str, Field]) -> dict[str, Any]:
    if isinstance(raw, Item | Event):
        raw = {name: getattr(raw, name) for name in raw.__dataclass_fields__}
    if not isinstance(raw, Mapping):
        raise InvalidInput("not an object", field="", expected="an object")
    for name in raw:
        if name not in fields:
            known = ", ".join(sorted(fields))
            raise InvalidInput(f"{name} is not a field", field=str(name)[:ID_LENGTH], expected=known)
    values = {}
    for name, field in fields.items():
        value = raw.get(name)
        if value is not None:
            values[name] = field.read(value)
        elif field.required:
            raise InvalidInput(f"{name} is missing", field=name, expected=field.expected)
    return values
