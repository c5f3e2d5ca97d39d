"""The wall clock, in one place so that tests and the simulator can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """Current time, UTC, aware."""
    return _frozen.get() or datetime.now(UTC)


def now_ms() -> int:
    """Current time as Unix milliseconds."""
    return to_ms(now())


def to_ms(moment: datetime) -> int:
    """Unix milliseconds of an aware time: whole ones that have passed, without the rounding of a float."""
    return (moment - _EPOCH) // _MS


def from_ms(value_ms: int) -> datetime:
    """Aware UTC datetime of Unix milliseconds."""
    return _EPOCH + value_ms * _MS


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at `at` (aware) inside the block."""
    token = _frozen.set(at)
    try:
        yield
    finally:
        _frozen.reset(token)
