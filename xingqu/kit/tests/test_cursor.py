"""A cursor comes back as it went, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingqu.kit.api import cursor_id, decode_cursor, encode_cursor, page_of
from xingqu.kit.errors import InvalidInput


@given(st.integers(-(2**53) + 1, 2**53 - 1), st.text(max_size=30))
def test_round_trip(number: int, text: str) -> None:
    assert decode_cursor(encode_cursor(number, text), int, str) == (number, text)


def test_no_cursor_is_the_first_page() -> None:
    assert decode_cursor(None, int) is None
    assert decode_cursor("", int) is None


@pytest.mark.parametrize(
    "cursor",
    ["x", "!!!", "eyJhIjoxfQ", encode_cursor("a"), encode_cursor(1, 2), encode_cursor(2**60), encode_cursor(True)],
)
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        decode_cursor(cursor, int)
    assert refusal.value.field == "cursor"


@given(st.text(max_size=60))
def test_any_text_is_refused_or_decoded_but_never_breaks(text: str) -> None:
    try:
        values = decode_cursor(text, int)
    except InvalidInput:
        return
    assert values is None or isinstance(values[0], int)


def test_a_list_that_goes_by_ids() -> None:
    page = page_of([{"id": 9}], 9, sums=[1])
    assert (page["items"], page["sums"], cursor_id(page["next_cursor"])) == ([{"id": 9}], [1], 9)
    assert page_of([], None) == {"items": [], "next_cursor": None}
    assert cursor_id(None) is None
    with pytest.raises(InvalidInput):
        cursor_id("abc")
