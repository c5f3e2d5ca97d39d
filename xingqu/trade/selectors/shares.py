"""Shares in what merchants earn: of which order, whose, how much by now."""

from collections.abc import Iterable, Iterator

from django.db.models import Q

from xingqu.ledger.contracts import ALLIANCE_FEE, commission_account
from xingqu.ledger.selectors import booked_amounts
from xingqu.trade.contracts import AuditedShares, LineShareRow, LineToShare
from xingqu.trade.domain.refunds import MORE
from xingqu.trade.domain.shares import Shares, ShareTerms, shares_of
from xingqu.trade.models import LineShare, OrderLine, OrderSharing, Refund, RefundLine, ShopOrder

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


def refunds_cost_minor(*, reference: str) -> int:
    """What the refunds of a reference cost the shop: what left its receivable or balance, less what others gave back of it.

    Before the settlement nobody has a share yet: then it is what they will not get because of these refunds.
    """
    asked = Q(reference=reference) | Q(reference__startswith=f"{reference}{MORE}")
    numbers = list(Refund.objects.filter(asked, done=True).values_list("refund_no", flat=True))
    keys = [f"refunded:{number}" for number in numbers]
    cost = sum(sum(booked_amounts(keys=keys, kind=kind).values()) for kind in ("receivable", "balance"))
    back = booked_amounts(keys=[f"commission_back:{number}" for number in numbers], kind="balance")
    return cost - sum(
        -back[key] if (key := f"commission_back:{number}") in back else _not_earned_minor(number) for number in numbers
    )


def _not_earned_minor(refund_no: str) -> int:
    """What a refund has lowered the shares in its lines by."""
    parts = RefundLine.objects.filter(refund__refund_no=refund_no, line__isnull=False)
    amounts = dict(parts.values_list("line_id", "amount_minor"))
    lowered = 0
    for row in LineShare.objects.select_related("line").filter(line_id__in=list(amounts)):
        base, terms = base_minor(row.line), terms_of(row)
        before, after = shares_of(base + amounts[row.line_id], terms), shares_of(base, terms)
        lowered += sum(minor for _, minor in accounts_of(row, before - after))
    return lowered


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
        refunds: dict[int, list[str]] = {}
        for order_id, number in Refund.objects.filter(order_id__in=list(due), done=True).values_list(
            "order_id", "refund_no"
        ):
            refunds.setdefault(order_id, []).append(number)
        yield [
            AuditedShares(
                order_no=row.order.order_no,
                shop_id=row.order.shop_id,
                currency=row.order.currency,
                shared_minor=row.shared_minor,
                due=due[row.order_id],
                refund_nos=tuple(refunds.get(row.order_id, ())),
            )
            for row in rows
        ]
        last_id = rows[-1].pk
