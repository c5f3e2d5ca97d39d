"""The end of an order's money: from the merchant's receivable into the balance that can be withdrawn."""

from django.db import transaction

from xingqu.events.trade import OrderSettled
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import retried
from xingqu.ledger.contracts import balance_account, receivable_account
from xingqu.ledger.selectors import booked_amounts
from xingqu.ledger.services import post
from xingqu.trade.contracts import SettlingResult
from xingqu.trade.domain.transitions import OrderState
from xingqu.trade.models import Refund, ShopOrder
from xingqu.trade.selectors.earnings import net_minor
from xingqu.trade.services.shares import book_shares, is_sharing_open


@retried
@transaction.atomic
def settle_order(*, order_no: str) -> SettlingResult:
    """Move what a merchant has left of a received order into the balance, once. Raises NotFound.

    `outcome` says what happened: settled; or nothing, because it was settled before (already), a case about it is open, a refund
    is on its way, everything went back (refunded), it is not decided who has a share in it (sharing_open), or it is not
    received. Refunds and receipt of the order take the same lock.
    """
    order = ShopOrder.objects.select_for_update(no_key=True).filter(order_no=order_no).first()
    if order is None:
        raise NotFound(field="order_no", expected="the number of an order")
    outcome = _obstacle(order)
    if outcome == "already":
        return SettlingResult(outcome, _settled_minor(order), order.settled_at)
    net = net_minor(order)
    if outcome is not None:
        return SettlingResult(outcome, net)
    now = clock.now()
    ShopOrder.objects.filter(pk=order.pk, settled_at=None).update(settled_at=now)
    post(
        entries=[(receivable_account(order.shop_id), net), (balance_account(order.shop_id), -net)],
        currency=order.currency,
        reference=order.order_no,
        idempotency_key=f"settled:{order.order_no}",
    )
    book_shares(order)
    publish(OrderSettled(order.order_no, order.shop_id, order.currency, now))
    return SettlingResult("settled", net, now)


def _settled_minor(order: ShopOrder) -> int:
    """What the books moved into the balance, whatever went back since."""
    key = f"settled:{order.order_no}"
    return -booked_amounts(keys=[key], kind="balance").get(key, 0)


def _obstacle(order: ShopOrder) -> str | None:
    if order.settled_at is not None:
        return "already"
    if order.state == OrderState.REFUNDED:
        return "refunded"
    if order.state != OrderState.DONE:
        return "not_received"
    if order.open_cases:
        return "open_case"
    if Refund.objects.filter(order=order, done=False).exists():
        return "refund_pending"
    return "sharing_open" if is_sharing_open(order) else None
