"""The typed check of a batch: one bad event is refused with its reason, the others are taken."""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from xingqu.engine.columns import Signal
from xingqu.signals.contracts import CheckedBatch, ClockSkew, Rejection, SignalEvent, SignalIn

MAX_SKEW_MS: Final = 5 * 60_000  # a clock that is off by more is refused; less is corrected
FUTURE_TOLERANCE_MS: Final = 2_000  # an event may be this much younger than the batch that carries it
MAX_AGE_MS: Final = 48 * 3_600_000  # a phone may have been offline this long; event ids are remembered longer

KIND_OF_NAME: Final = {kind.name.lower(): kind for kind in Signal}
_CONTENT_KINDS = frozenset(
    {
        Signal.IMPRESSION,
        Signal.DWELL,
        Signal.COMPLETION,
        Signal.SKIP,
        Signal.LIKE,
        Signal.UNLIKE,
        Signal.SAVE,
        Signal.UNSAVE,
        Signal.SHARE,
        Signal.COMMENT,
    }
)
_REQUIRED: Final[dict[Signal, str]] = {
    **dict.fromkeys(_CONTENT_KINDS, "content_id"),
    Signal.FOLLOW: "creator_id",
    Signal.UNFOLLOW: "creator_id",
    Signal.PRODUCT_CLICK: "product_id",
    Signal.ADD_TO_CART: "product_id",
    Signal.SEARCH: "query",
}
# What "not interested" is about must be named; a content id also says which creator or product is meant.
_REQUIRED_OF_REASON: Final[dict[str | None, tuple[str, ...]]] = {
    None: ("content_id",),
    "content": ("content_id",),
    "repetitive": ("content_id",),
    "creator": ("creator_id", "content_id"),
    "product": ("product_id", "content_id"),
    "tag": ("tag_id",),
}
_adapter: Final = TypeAdapter(SignalIn)


def check_batch(*, raw_events: Sequence[Any], sent_at_ms: int, now_ms: int) -> CheckedBatch:
    """Check raw events of a batch that left the client at `sent_at_ms` on its own clock.

    The client's times are moved onto the server's clock. Raises ClockSkew when the two clocks are further apart
    than `MAX_SKEW_MS`: no event of the batch can be dated.
    """
    skew_ms = now_ms - sent_at_ms
    if abs(skew_ms) > MAX_SKEW_MS:
        raise ClockSkew(
            field="sent_at_ms",
            expected=f"within {MAX_SKEW_MS // 1000} s of the server's clock",
            data={"server_now_ms": now_ms},
        )
    good: list[tuple[int, SignalEvent]] = []
    bad: list[Rejection] = []
    for index, raw in enumerate(raw_events):
        try:
            event = _adapter.validate_python(raw)
        except ValidationError as error:
            bad.append(_schema_rejection(index, error))
            continue
        refusal = _refusal(index, event, sent_at_ms, now_ms - skew_ms)
        if refusal is not None:
            bad.append(refusal)
        else:
            good.append((index, _to_event(event, skew_ms, now_ms)))
    return CheckedBatch(events=tuple(good), rejected=tuple(bad))


def _schema_rejection(index: int, error: ValidationError) -> Rejection:
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    expected = SignalIn.model_fields[field].description if field in SignalIn.model_fields else None
    return Rejection(index, "invalid_input", field, first["msg"], expected)


def _refusal(index: int, event: SignalIn, sent_at_ms: int, client_now_ms: int) -> Rejection | None:
    if event.occurred_at_ms > sent_at_ms + FUTURE_TOLERANCE_MS:
        return Rejection(
            index,
            "event_in_future",
            "occurred_at_ms",
            "The event lies after the sending of its batch.",
            "a time at or before sent_at_ms",
        )
    if event.occurred_at_ms < client_now_ms - MAX_AGE_MS:
        return Rejection(
            index,
            "event_too_old",
            "occurred_at_ms",
            "The event is too old to be taken.",
            f"a time within the last {MAX_AGE_MS // 3_600_000} hours",
        )
    if event.kind == "not_interested":
        names = _REQUIRED_OF_REASON[event.reason]
    else:
        names = (_REQUIRED[KIND_OF_NAME[event.kind]],)
    if not any(getattr(event, name) for name in names):
        return Rejection(
            index, "missing_field", names[0], f"A signal of kind {event.kind} needs {' or '.join(names)}.", names[0]
        )
    if event.kind == "dwell" and event.value_ms is None:
        return Rejection(index, "missing_field", "value_ms", "A dwell needs its length.", "milliseconds looked at")
    return None


def _to_event(event: SignalIn, skew_ms: int, now_ms: int) -> SignalEvent:
    return SignalEvent(
        event_id=event.event_id.bytes,
        kind=KIND_OF_NAME[event.kind],
        occurred_at_ms=min(event.occurred_at_ms + skew_ms, now_ms),
        content_id=event.content_id or 0,
        product_id=event.product_id or 0,
        creator_id=event.creator_id or 0,
        tag_id=event.tag_id or 0,
        value=event.value_ms or 0,
        position=-1 if event.position is None else event.position,
        reason=event.reason or "",
        surface=event.surface or "",
        request_id=event.request_id or "",
        query=event.query or "",
    )
