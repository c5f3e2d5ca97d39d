"""Shipping as trade sees it: units leave, line by line, until nothing is left to ship."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from xingqu.events.trade import OrderShipped
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.sql import execute
from xingqu.kit.transactions import retried
from xingqu.trade.domain.errors import NotLeftToShip, WrongState
from xingqu.trade.domain.times import TimeName
from xingqu.trade.domain.transitions import TO_SHIP, OrderState, Step
from xingqu.trade.models import OrderEvent, OrderLine, ShopOrder
from xingqu.trade.selectors.times import time_for
from xingqu.trade.services.transition import add_events, move_orders, person_id_of

Units = tuple[tuple[int, int], ...]
_LEFT = "quantity - shipped_quantity - dropped_quantity >= %s"
_SHIP = f"UPDATE trade_orderline SET shipped_quantity = shipped_quantity + %s WHERE order_id = %s AND sku_id = %s AND {_LEFT}"
_DROP = f"UPDATE trade_orderline SET dropped_quantity = dropped_quantity + %s WHERE order_id = %s AND sku_id = %s AND {_LEFT}"


@retried
@transaction.atomic
def mark_shipped(
    *,
    shop_id: int,
    order_no: str,
    carrier_code: str,
    tracking_no: str,
    shipped_at: datetime | None = None,
    lines: Sequence[tuple[int, int]] | None = None,
) -> Units:
    """Units of a paid order went off in a package: `lines` are (SKU id, quantity), None is all that is left.

    Returns what went off. With the last unit the order is shipped, before that part_shipped. Raises NotFound for another
    shop's order, WrongState (also while a refund before shipping is asked for), InvalidInput for lines that make no sense,
    NotLeftToShip.
    """
    order = _locked(ShopOrder.objects.filter(order_no=order_no, shop_id=shop_id).first())
    if order.state not in TO_SHIP:
        raise WrongState(expected="a paid order", data={"state": order.state})
    if order.shipping_stopped_at is not None:
        raise WrongState(
            "A refund of this order is asked for: decide about that first.",
            expected="an order without an open refund",
            data={"state": order.state, "reason": "shipping_stopped"},
        )
    at = shipped_at or clock.now()
    units = _left(order) if lines is None else _checked(lines)
    _count(order, units, _SHIP)
    package = {"carrier_code": carrier_code, "tracking_no": tracking_no}
    if _left(order):
        _move(order, Step.SHIP_PART, at, {**package, "lines": [list(unit) for unit in units]})
    else:
        _finish(order, at, carrier_code, tracking_no)
    return units


@transaction.atomic
def drop_units(*, order_no: str, lines: Sequence[tuple[int, int]]) -> None:
    """Units whose money went back before they were shipped: they never will be. `lines` are (SKU id, quantity).

    In the caller's transaction. When the rest of the order is on its way, the order is shipped. Raises NotFound, NotLeftToShip.
    """
    order = _locked(ShopOrder.objects.filter(order_no=order_no).first())
    _count(order, _checked(lines), _DROP)
    if order.state == OrderState.PART_SHIPPED and not _left(order):
        last = OrderEvent.objects.filter(order=order, code=Step.SHIP_PART.value).order_by("-at", "-id")[0]
        _finish(order, clock.now(), last.data["carrier_code"], last.data["tracking_no"])


def note_tracking_changed(*, order_no: str, before: dict[str, str], after: dict[str, str]) -> None:
    """The number that a package of an order was shipped under was wrong; both are {carrier_code, tracking_no}."""
    ids = list(ShopOrder.objects.filter(order_no=order_no).values_list("pk", flat=True))
    add_events(ids=ids, code="tracking_changed", at=clock.now(), data={**after, "before": before})


def stop_shipping(*, order_no: str) -> None:
    """A refund before shipping is asked for: nothing may be shipped until `resume_shipping`. Idempotent.

    Raises NotFound, WrongState for an order that has nothing to ship.
    """
    rows = ShopOrder.objects.filter(order_no=order_no)
    if rows.filter(state__in=TO_SHIP, shipping_stopped_at=None).update(shipping_stopped_at=clock.now()):
        return
    order = rows.first()
    if order is None:
        raise NotFound(field="order_no", expected="the number of an order")
    if order.state not in TO_SHIP:
        raise WrongState(expected="an order that is not all shipped", data={"state": order.state})


def resume_shipping(*, order_no: str) -> None:
    """The refund before shipping was withdrawn or refused: ship. Idempotent."""
    ShopOrder.objects.filter(order_no=order_no).update(shipping_stopped_at=None)


def _locked(order: ShopOrder | None) -> ShopOrder:
    """The order as it is now, held until the transaction ends. Raises NotFound."""
    if order is None:
        raise NotFound(field="order_no", expected="the number of an order of yours")
    return ShopOrder.objects.select_for_update().get(pk=order.pk)


def _left(order: ShopOrder) -> Units:
    rows = OrderLine.objects.filter(order=order).order_by("id")
    return tuple((line.sku_id, line.to_ship_quantity) for line in rows if line.to_ship_quantity)


def _checked(lines: Sequence[tuple[int, int]]) -> Units:
    """Raises InvalidInput for no line, a SKU twice, a quantity below one."""
    if not lines or len({sku_id for sku_id, _ in lines}) != len(lines) or any(quantity < 1 for _, quantity in lines):
        raise InvalidInput(field="lines", expected="each SKU once, with at least one unit")
    return tuple(lines)


def _count(order: ShopOrder, units: Units, statement: str) -> None:
    for sku_id, quantity in sorted(units):
        if not execute(statement, [quantity, order.pk, sku_id, quantity]):
            left = dict(_left(order)).get(sku_id, 0)
            raise NotLeftToShip(field="lines", expected=f"at most {left} units", data={"sku_id": sku_id, "left": left})


def _move(order: ShopOrder, step: Step, at: datetime, data: dict[str, object], **changes: object) -> None:
    if not move_orders(ids=[order.pk], step=step, at=at, data=data, **changes):
        raise WrongState(expected="a paid order", data={"state": order.state})


def _finish(order: ShopOrder, at: datetime, carrier_code: str, tracking_no: str) -> None:
    receive_by = at + time_for(TimeName.RECEIVE_AFTER_SHIPPING, shop_id=order.shop_id, at=at)
    data: dict[str, object] = {"carrier_code": carrier_code, "tracking_no": tracking_no}
    _move(order, Step.SHIP, at, data, receive_by=receive_by)
    publish(
        OrderShipped(
            order_no=order.order_no,
            shop_id=order.shop_id,
            buyer_key=order.buyer_key,
            person_id=person_id_of(order.buyer_key),
            carrier_code=carrier_code,
            tracking_no=tracking_no,
            shipped_at=at,
        )
    )
