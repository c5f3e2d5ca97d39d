"""A paid order that is not shipped goes to another address of its buyer's."""

from typing import Any

from django.db import transaction

from xingqu.events.trade import OrderReaddressed
from xingqu.kit import clock
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import retried
from xingqu.trade.domain.errors import FreightDearer, NotDeliverable, WrongState
from xingqu.trade.domain.freight import FREE
from xingqu.trade.domain.freight_templates import Carriage, Load, carriage_minor, refusal
from xingqu.trade.domain.transitions import OrderState
from xingqu.trade.models import OrderLine, ShopOrder
from xingqu.trade.selectors.addresses import address_of, place_of
from xingqu.trade.selectors.freight import carriages_of
from xingqu.trade.selectors.offers import freight_rules, money
from xingqu.trade.services.orders import own_order
from xingqu.trade.services.transition import add_events, person_id_of


@retried
@transaction.atomic
def change_order_address(*, buyer_key: str, order_no: str, address_id: int) -> None:
    """Send a paid order elsewhere. What was paid for freight stays, also where the new place would be cheaper.

    Raises NotFound (order, address), WrongState for one that is shipped, in part too, or has a refund asked for,
    NotDeliverable, FreightDearer.
    """
    found = own_order(buyer_key=buyer_key, order_no=order_no)
    order = ShopOrder.objects.select_for_update().get(pk=found.pk)
    if order.state != OrderState.PAID or order.shipping_stopped_at is not None:
        raise WrongState(expected="a paid order that has not been shipped", data={"state": order.state})
    address = address_of(owner_key=buyer_key, address_id=address_id)
    place = place_of(address)
    lines = list(OrderLine.objects.filter(order=order).order_by("id"))
    carriages = carriages_of(products={line.product_id: order.shop_id for line in lines})
    loads = [Load(carriages.get(line.product_id, Carriage(None)), line.quantity, line.subtotal_minor) for line in lines]
    for load in loads:
        reason = refusal(load.carriage, place)
        if reason is not None:
            raise NotDeliverable(field="address_id", data={"reason": reason, "region": place[0].name})
    rule = freight_rules(shop_ids=[order.shop_id]).get(order.shop_id, FREE)
    freight = carriage_minor(loads, rule, place)
    if freight > order.freight_minor:
        raise FreightDearer(
            field="address_id",
            expected="an address that costs no more freight",
            data={"freight": money(freight, order.currency), "paid": money(order.freight_minor, order.currency)},
        )
    _write(order, address, [line.name for line in lines])


def _write(order: ShopOrder, address: dict[str, Any], names: list[str]) -> None:
    now = clock.now()
    order.changed_address = {k: v for k, v in address.items() if k not in ("id", "is_default", "label")}
    order.search_text = " ".join([address["recipient"], address["phone"], *names])[:1000]
    order.save(update_fields=["changed_address", "search_text"])
    data = {"province": address["province"], "city": address["city"]}
    add_events(ids=[order.pk], code="address_changed", at=now, data=data)
    publish(
        OrderReaddressed(
            order_no=order.order_no,
            shop_id=order.shop_id,
            buyer_key=order.buyer_key,
            person_id=person_id_of(order.buyer_key),
            at=now,
        )
    )
