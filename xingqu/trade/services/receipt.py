"""The clock of automatic receipt: from shipping, from delivery once that is known, extended once by the buyer."""

from datetime import datetime

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import Conflict
from xingqu.kit.transactions import retried
from xingqu.trade.domain.errors import WrongState
from xingqu.trade.domain.times import TimeName
from xingqu.trade.domain.transitions import OrderState
from xingqu.trade.models import ShopOrder
from xingqu.trade.selectors.times import time_for
from xingqu.trade.services.orders import own_order
from xingqu.trade.services.transition import add_events


def start_receipt_clock(*, order_no: str, delivered_at: datetime) -> bool:
    """All of a shipped order has arrived: it counts as received so long after. False when it is not shipped any more, or the
    buyer extended the time already."""
    rows = ShopOrder.objects.filter(order_no=order_no, state=OrderState.SHIPPED, receipt_extended_at=None)
    order = rows.first()
    if order is None:
        return False
    wait = time_for(TimeName.RECEIVE_AFTER_DELIVERY, shop_id=order.shop_id, at=clock.now())
    return bool(rows.update(receive_by=delivered_at + wait))


def stop_receipt_clock(*, order_no: str) -> None:
    """The goods are on their way back: the order must not count as received by itself."""
    ShopOrder.objects.filter(order_no=order_no, state=OrderState.SHIPPED).update(receive_by=None)


@retried
@transaction.atomic
def extend_receipt(*, buyer_key: str, order_no: str) -> datetime:
    """The buyer takes more time, once. Returns until when. Raises NotFound, WrongState, Conflict when it was done."""
    order = own_order(buyer_key=buyer_key, order_no=order_no)
    if order.state != OrderState.SHIPPED or order.receive_by is None:
        raise WrongState(expected="a shipped order", data={"state": order.state})
    now = clock.now()
    until = order.receive_by + time_for(TimeName.RECEIVE_EXTENSION, shop_id=order.shop_id, at=now)
    mine = ShopOrder.objects.filter(pk=order.pk, state=OrderState.SHIPPED, receipt_extended_at=None)
    if not mine.update(receipt_extended_at=now, receive_by=until):
        raise Conflict("The time was extended before.", expected="once an order")
    add_events(ids=[order.pk], code="receipt_extended", at=now, data={"until": until.isoformat()})
    return until
