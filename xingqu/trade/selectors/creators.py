"""What creators sold, for the rooms that judge how they sell."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from xingqu.trade.models import LineShare

AT_ONCE = 500


class SoldLine(NamedTuple):
    """A line that a creator brought and a buyer received. `paid_minor` is what the buyer paid and did not get back."""

    line_id: int
    order_no: str
    sku_id: int
    paid_minor: int


def selling_creators(*, since: datetime) -> list[int]:
    """Creators with a share in an order that was paid since then."""
    rows = LineShare.objects.filter(line__order__paid_at__gte=since).order_by()
    return list(rows.values_list("creator_id", flat=True).distinct())


def creators_lines(*, creator_id: int, since: datetime, until: datetime) -> list[SoldLine]:
    """Lines of a creator's orders that were received in a period, those refunded since included."""
    rows = LineShare.objects.filter(
        creator_id=creator_id, line__order__done_at__gte=since, line__order__done_at__lt=until
    ).order_by("line_id")
    found = rows.values_list(
        "line_id",
        "line__order__order_no",
        "line__sku_id",
        "line__subtotal_minor",
        "line__discount_minor",
        "line__refunded_minor",
    )
    return [SoldLine(pk, no, sku, subtotal - off - back) for pk, no, sku, subtotal, off, back in found]


def in_pieces(lines: Sequence[SoldLine]) -> Iterator[Sequence[SoldLine]]:
    """Lines in pieces that fit into one statement."""
    for start in range(0, len(lines), AT_ONCE):
        yield lines[start : start + AT_ONCE]
