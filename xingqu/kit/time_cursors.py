"""Cursors of lists that are sorted by a time and an id."""

from datetime import UTC, datetime, timedelta

from xingqu.kit.api import decode_cursor, encode_cursor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Position = tuple[datetime, int]


def encode_moment(position: Position | None) -> str | None:
    """The cursor of a list's last row, None on its last page."""
    if position is None:
        return None
    return encode_cursor((position[0] - _EPOCH) // timedelta(microseconds=1), position[1])


def decode_moment(cursor: str | None) -> Position | None:
    """The position of :func:`encode_moment`. Raises InvalidInput for what it did not make, or a time that can't be."""
    values = decode_cursor(cursor, int, int)
    return None if values is None else (_EPOCH + timedelta(microseconds=max(values[0], 0)), values[1])
