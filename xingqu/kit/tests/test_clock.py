"""Milliseconds are whole: no float rounds one up or down."""

from datetime import UTC, datetime, timedelta

import pytest

from xingqu.kit import clock

MOMENT = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("microsecond", "ms"), [(0, 0), (999, 0), (1_000, 1), (1_999, 1), (57_000, 57), (999_999, 999)]
)
def test_milliseconds_that_have_passed(microsecond: int, ms: int) -> None:
    at = MOMENT.replace(microsecond=microsecond)
    assert clock.to_ms(at) == clock.to_ms(MOMENT) + ms
    with clock.frozen(at):
        assert clock.now_ms() == clock.to_ms(MOMENT) + ms


def test_there_and_back() -> None:
    for ms in range(1_000):
        at = MOMENT + timedelta(milliseconds=ms)
        assert clock.from_ms(clock.to_ms(at)) == at
