"""Shares in what merchants earn: of which order, whose, how much by now."""

from collections.abc import Iterable, Iterator

from xingqu.ledger.contracts import ALLIANCE_FEE, commission_account
from xingqu.trade.contracts import AuditedShares, LineShareRow, LineToShare
from xingqu.trade.domain.shares import Shares, ShareTerms, shares_of
from xingqu.trade.models import LineShare, OrderLine, OrderSharing, ShopOrder

AT_ONCE = 500


def base_minor(line: OrderLine) -> int:
    """What is shared: what the buyer paid for the goods of a line, less what went back. Freight is nobody's income."""
    return line.subtotal_minor - line.discount_minor - line.refunded_minor


def terms_of(row: LineShare) -> ShareTerms:
    return ShareTerms(row.commission_bp, row.service_bp, row.platform_bp, row.mcn_bp)


def accounts_of(row: LineShare, shares: Shares) -> Iterator[tuple[str, int]]:
    """(account, minor units) of everybody who has a share in a line."""
    yield commission_account("creator", row.creator_id), shares.creator
    yield ALLIANCE_FEE, shares.platform
    if row.mcn_id is not None:
        yield commission_account("mcn", row.mcn_id), shares.mcn
    if row.colonel_id is not None:
        yield commission_account("colonel", row.colonel_id), shares.colonel


def lines_to_share(*, order_no: str) -> list[LineToShare]:
    """An order's lines as they were attributed, oldest first."""
    rows = OrderLine.objects.filter(order__order_no=order_no).order_by("pk")
    return [
        LineToShare(
            line_id,
            product_id,
            told.get("creator_id"),
            told.get("content_id"),
            ordered_at,
            told.get("live_room_id"),
        )
        for line_id, product_id, told, ordered_at in rows.values_list(
            "pk", "product_id", "attribution", "order__created_at"
        )
    ]


def line_shares(*, order_nos: Iterable[str]) -> dict[int, LineShareRow]:
    """Shares by line id, as far as they are decided: what they are worth now that some of it may have gone back."""
    rows = LineShare.objects.select_related("line__order").filter(line__order__order_no__in=list(order_nos))
    return {row.line_id: _row(row) for row in rows}


def _row(row: LineShare) -> LineShareRow:
    order: ShopOrder = row.line.order
    base = base_minor(row.line)
    shares = shares_of(base, terms_of(row))
    return LineShareRow(
        line_id=row.line_id,
        order_no=order.order_no,
        base_minor=base,
        refunded_minor=row.line.refunded_minor,
        creator_minor=shares.creator,
        mcn_minor=shares.mcn,
        colonel_minor=shares.colonel,
        platform_minor=shares.platform,
        done_at=order.done_at,
        settled_at=order.settled_at,
    )


def audited_shares() -> Iterator[list[AuditedShares]]:
    """What of each settled order should be whose by now, and what the order says went to others; in pieces, oldest first."""
    last_id = 0
    while True:
        rows = list(
            OrderSharing.objects.select_related("order")
            .filter(pk__gt=last_id, order__settled_at__isnull=False)
            .order_by("pk")[:AT_ONCE]
        )
        if not rows:
            return
        due: dict[int, dict[str, int]] = {row.order_id: {} for row in rows}
        shares = LineShare.objects.select_related("line").filter(line__order_id__in=list(due))
        for share in shares:
            of = due[share.line.order_id]
            for account, amount in accounts_of(share, shares_of(base_minor(share.line), terms_of(share))):
                of[account] = of.get(account, 0) + amount
        yield [
            AuditedShares(
                order_no=row.order.order_no,
                shop_id=row.order.shop_id,
                currency=row.order.currency,
                shared_minor=row.shared_minor,
                due=due[row.order_id],
            )
            for row in rows
        ]
        last_id = rows[-1].pk
