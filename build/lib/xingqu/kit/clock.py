"""The wall clock, in one place so that tests and the simulator can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """Current time, UTC, aware."""
    return _frozen.get() or datetime.now(UTC)


def now_ms() -> int:
    """Current time as Unix milliseconds."""
    return int(now().timestamp() * 1000)


def from_ms(value_ms: int) -> datetime:
    """Aware UTC datetime of Unix milliseconds."""
    return datetime.fromtimestamp(value_ms / 1000, UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at `at` (aware) inside the block."""
    token = _frozen.set(at)
    try:
        yield
    finally:
        _frozen.reset(token)
