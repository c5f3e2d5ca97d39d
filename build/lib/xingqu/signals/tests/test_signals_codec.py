"""The bytes of a batch, and the typed check."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingqu.engine.columns import Signal
from xingqu.signals.checks import MAX_AGE_MS, MAX_SKEW_MS, check_batch
from xingqu.signals.codec import CodecError, decode_batch, encode_batch
from xingqu.signals.contracts import REASONS, SURFACES, ClockSkew, SignalEvent

NOW_MS = 1_795_000_000_000
ids = st.integers(0, 2**53 - 1)
events = st.builds(
    SignalEvent,
    event_id=st.binary(min_size=16, max_size=16),
    kind=st.sampled_from(Signal),
    occurred_at_ms=ids,
    content_id=ids,
    product_id=ids,
    creator_id=ids,
    tag_id=st.integers(0, 2**31 - 1),
    value=st.integers(0, 2**40),
    position=st.integers(-1, 30_000),
    reason=st.sampled_from(REASONS),
    surface=st.sampled_from(SURFACES),
    request_id=st.text("abcdef0123456789", max_size=64),
    query=st.text(max_size=60).filter(lambda text: len(text.encode("utf-8", "ignore")) <= 255),
)


@given(st.lists(events, max_size=20), ids)
def test_a_batch_reads_back_exactly(batch: list[SignalEvent], received_at_ms: int) -> None:
    assert decode_batch(encode_batch(received_at_ms=received_at_ms, events=batch)) == (received_at_ms, batch)


@given(st.binary(max_size=200))
def test_foreign_bytes_are_refused_and_never_crash(data: bytes) -> None:
    try:
        received_at_ms, batch = decode_batch(data)
    except CodecError:
        return
    assert encode_batch(received_at_ms=received_at_ms, events=batch) == data


def test_a_batch_cut_short_is_refused() -> None:
    data = encode_batch(received_at_ms=1, events=[SignalEvent(bytes(16), Signal.SEARCH, 1, query="帐篷")])
    for end in range(len(data)):
        with pytest.raises(CodecError):
            decode_batch(data[:end])


def raw(**fields: object) -> dict[str, object]:
    return {"event_id": str(uuid4()), "kind": "like", "occurred_at_ms": NOW_MS - 1000, "content_id": 5} | fields


def check(*raw_events: object, sent_at_ms: int = NOW_MS, now_ms: int = NOW_MS) -> tuple[list[int], list[tuple]]:
    checked = check_batch(raw_events=raw_events, sent_at_ms=sent_at_ms, now_ms=now_ms)
    return [index for index, _ in checked.events], [(r.index, r.code, r.field) for r in checked.rejected]


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"kind": "teleport"}, "invalid_input", "kind"),
        ({"event_id": "no-uuid"}, "invalid_input", "event_id"),
        ({"content_id": None}, "missing_field", "content_id"),
        ({"content_id": -4}, "invalid_input", "content_id"),
        ({"content_id": 2**53}, "invalid_input", "content_id"),
        ({"kind": "follow"}, "missing_field", "creator_id"),
        ({"kind": "product_click"}, "missing_field", "product_id"),
        ({"kind": "search"}, "missing_field", "query"),
        ({"kind": "search", "query": "a\x00b"}, "invalid_input", "query"),
        ({"kind": "dwell"}, "missing_field", "value_ms"),
        ({"kind": "dwell", "value_ms": -1}, "invalid_input", "value_ms"),
        ({"kind": "not_interested", "reason": "tag"}, "missing_field", "tag_id"),
        ({"kind": "not_interested", "reason": "because"}, "invalid_input", "reason"),
        ({"occurred_at_ms": NOW_MS + 60_000}, "event_in_future", "occurred_at_ms"),
        ({"occurred_at_ms": NOW_MS - MAX_AGE_MS - 1}, "event_too_old", "occurred_at_ms"),
        ({"request_id": "../../etc"}, "invalid_input", "request_id"),
    ],
)
def test_a_bad_event_is_refused_by_itself(fields: dict[str, object], code: str, field: str) -> None:
    assert check(raw(), raw(**fields), raw()) == ([0, 2], [(1, code, field)])


@pytest.mark.parametrize("junk", [None, 3, "text", [], {"kind": "like"}])
def test_what_is_no_event_is_refused_by_itself(junk: object) -> None:
    good, bad = check(raw(), junk)
    assert good == [0]
    assert [(index, code) for index, code, _ in bad] == [(1, "invalid_input")]


def test_a_wrong_clock_is_corrected_when_it_is_a_little_wrong() -> None:
    ahead_ms = 90_000
    event = raw(occurred_at_ms=NOW_MS + ahead_ms - 5_000)
    checked = check_batch(raw_events=[event], sent_at_ms=NOW_MS + ahead_ms, now_ms=NOW_MS)
    assert checked.events[0][1].occurred_at_ms == NOW_MS - 5_000
    assert checked.rejected == ()


@pytest.mark.parametrize("skew_ms", [MAX_SKEW_MS + 1, -MAX_SKEW_MS - 1])
def test_a_clock_that_is_far_off_is_refused_with_the_right_time(skew_ms: int) -> None:
    with pytest.raises(ClockSkew) as refusal:
        check(raw(), sent_at_ms=NOW_MS - skew_ms)
    assert (refusal.value.code, refusal.value.field) == ("clock_skew", "sent_at_ms")
    assert refusal.value.data == {"server_now_ms": NOW_MS}
