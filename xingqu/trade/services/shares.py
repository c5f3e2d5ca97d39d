"""Shares of creators, their agencies, colonels and the platform in what a merchant is settled."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import F

from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput, NotFound
from xingqu.kit.transactions import retried
from xingqu.ledger.contracts import balance_account
from xingqu.ledger.services import post
from xingqu.trade.contracts import LineShareTerms
from xingqu.trade.domain.shares import Shares, ShareTerms, check_terms, shares_of
from xingqu.trade.models import LineShare, OrderLine, OrderSharing, Refund, RefundLine, ShopOrder
from xingqu.trade.selectors.shares import accounts_of, base_minor, terms_of


@retried
@transaction.atomic
def share_order(*, order_no: str, terms: Mapping[int, LineShareTerms]) -> bool:
    """Decide, once, who has a share in which lines (by id) of a paid order; none is a decision too.

    Returns False when the same was decided before. Raises NotFound, InvalidInput for rates or lines that can't be, Conflict
    when something else was decided, or when the order is settled.
    """
    order = ShopOrder.objects.select_for_update(no_key=True).filter(order_no=order_no).first()
    if order is None:
        raise NotFound(field="order_no", expected="the number of an order")
    _check(order, terms)
    if OrderSharing.objects.filter(order=order).exists():
        if {row.line_id: _plain(row) for row in LineShare.objects.filter(line__order=order)} != dict(terms):
            raise Conflict(field="terms", expected="the terms that were decided for this order")
        return False
    if order.settled_at is not None:
        raise Conflict(field="order_no", expected="an order that is not settled")
    OrderSharing.objects.create(order=order, decided_at=clock.now())
    LineShare.objects.bulk_create(
        LineShare(
            line_id=line_id,
            creator_id=told.creator_id,
            mcn_id=told.mcn_id,
            colonel_id=told.colonel_id,
            reference=told.reference,
            commission_bp=told.commission_bp,
            service_bp=told.service_bp,
            platform_bp=told.platform_bp,
            mcn_bp=told.mcn_bp,
        )
        for line_id, told in terms.items()
    )
    return True


def _check(order: ShopOrder, terms: Mapping[int, LineShareTerms]) -> None:
    if terms.keys() - set(OrderLine.objects.filter(order=order).values_list("pk", flat=True)):
        raise InvalidInput(field="terms", expected="lines of this order")
    for told in terms.values():
        check_terms(ShareTerms(told.commission_bp, told.service_bp, told.platform_bp, told.mcn_bp))
        if (told.mcn_bp and told.mcn_id is None) or (told.service_bp and told.colonel_id is None):
            raise InvalidInput(field="terms", expected="somebody to pay for each rate")


def _plain(row: LineShare) -> LineShareTerms:
    return LineShareTerms(
        creator_id=row.creator_id,
        reference=row.reference,
        commission_bp=row.commission_bp,
        mcn_id=row.mcn_id,
        colonel_id=row.colonel_id,
        service_bp=row.service_bp,
        platform_bp=row.platform_bp,
        mcn_bp=row.mcn_bp,
    )


def is_sharing_open(order: ShopOrder) -> bool:
    """Whether a creator brought some of the order and nobody has decided yet what that is worth."""
    if OrderSharing.objects.filter(order=order).exists():
        return False
    told = OrderLine.objects.filter(order=order).values_list("attribution", flat=True)
    return any(attribution.get("creator_id") is not None for attribution in told)


def book_shares(order: ShopOrder) -> None:
    """At the settlement: the others' shares leave the merchant's balance. The caller holds the order's row."""
    rows = list(LineShare.objects.select_related("line").filter(line__order=order).order_by("pk"))
    moved = _moved((row, shares_of(base_minor(row.line), terms_of(row))) for row in rows)
    _post(order, moved, key=f"commission:{order.order_no}", back=False)


def claw_back_shares(order: ShopOrder, refund: Refund, parts: Iterable[RefundLine]) -> None:
    """After the settlement a part went back: so do the shares in it, to the merchant whose balance paid the refund.

    Before the refund is marked on the lines. The caller holds the order's row.
    """
    back = {part.line_id: part.amount_minor for part in parts if part.line_id is not None}
    differences: list[tuple[LineShare, Shares]] = []
    for row in LineShare.objects.select_related("line").filter(line_id__in=back).order_by("pk"):
        had, terms = base_minor(row.line), terms_of(row)
        differences.append((row, shares_of(had, terms) - shares_of(had - back[row.line_id], terms)))
    _post(order, _moved(differences), key=f"commission_back:{refund.refund_no}", back=True)


def _moved(rows: Iterable[tuple[LineShare, Shares]]) -> dict[str, int]:
    moved: dict[str, int] = defaultdict(int)
    for row, shares in rows:
        for account, amount in accounts_of(row, shares):
            moved[account] += amount
    return {account: amount for account, amount in moved.items() if amount}


def _post(order: ShopOrder, moved: Mapping[str, int], *, key: str, back: bool) -> None:
    total = sum(moved.values())
    if not total:
        return
    sign = -1 if back else 1
    OrderSharing.objects.filter(order=order).update(shared_minor=F("shared_minor") + sign * total)
    post(
        entries=[
            (balance_account(order.shop_id), sign * total),
            *((account, -sign * amount) for account, amount in moved.items()),
        ],
        currency=order.currency,
        reference=order.order_no,
        idempotency_key=key,
    )
