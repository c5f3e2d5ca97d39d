"""Reactions to facts. Each runs in one transaction with the mark that it ran, so its writes happen once."""

from collections import Counter

from xingqu.accounts.services import notify
from xingqu.catalogue.services import add_sold
from xingqu.events.accounts import GuestMerged
from xingqu.events.trade import Line, OrderCancelled, OrderPaid, OrderRefunded, OrderShipped, RefundSettled
from xingqu.trade.services.addresses import merge_addresses
from xingqu.trade.services.cart import merge_carts
from xingqu.trade.services.orders import merge_orders
from xingqu.trade.services.touches import merge_touches


def merge_guest(fact: GuestMerged) -> None:
    """The guest's cart, addresses and orders belong to the person now."""
    keys = {"from_key": f"g{fact.guest_key}", "to_key": f"p{fact.person_id}"}
    merge_carts(**keys)
    merge_addresses(**keys)
    merge_orders(**keys)
    merge_touches(**keys)


def count_sold(fact: OrderPaid) -> None:
    """Units sold on the product cards."""
    add_sold(units=_units(fact.lines))


def count_returned(fact: RefundSettled) -> None:
    """Units that came back were no sale."""
    units: Counter[int] = Counter()
    for _, _, product_id, quantity, _ in fact.lines:
        units[product_id] -= quantity
    add_sold(units={product_id: change for product_id, change in units.items() if change})


def tell_paid(fact: OrderPaid) -> None:
    """Buyer: paid. Merchant: an order to ship."""
    data = {"order_no": fact.order_no, "amount_minor": fact.payable_minor, "currency": fact.currency}
    if fact.person_id is not None:
        notify(person_id=fact.person_id, kind="order_paid", data=data)
    notify(
        organisation_id=fact.shop_id,
        kind="order_new",
        data={**data, "shop_id": fact.shop_id, "ship_by": fact.ship_by.isoformat()},
    )


def tell_shipped(fact: OrderShipped) -> None:
    """Buyer: on its way."""
    if fact.person_id is not None:
        notify(
            person_id=fact.person_id,
            kind="order_shipped",
            data={"order_no": fact.order_no, "carrier_code": fact.carrier_code, "tracking_no": fact.tracking_no},
        )


def tell_refunded(fact: OrderRefunded) -> None:
    """Merchant: nothing to ship."""
    data = {"order_no": fact.order_no, "amount_minor": fact.payable_minor, "currency": fact.currency}
    notify(organisation_id=fact.shop_id, kind="order_refunded_shop", data={**data, "shop_id": fact.shop_id})


def tell_money_back(fact: RefundSettled) -> None:
    """Buyer: the money is back, or a part of it."""
    if fact.person_id is not None and fact.amount_minor:
        data = {"order_no": fact.order_no, "amount_minor": fact.amount_minor, "currency": fact.currency}
        notify(person_id=fact.person_id, kind="order_refunded", data=data)


def tell_cancelled(fact: OrderCancelled) -> None:
    """Buyer: the time to pay ran out, of an order or of a presale's rest."""
    if fact.person_id is not None and fact.reason == "timeout":
        notify(person_id=fact.person_id, kind="order_expired", data={"order_no": fact.order_no})
    if fact.person_id is not None and fact.reason in ("final_unpaid", "merchant"):
        notify(person_id=fact.person_id, kind="presale_lost", data={"order_no": fact.order_no})


def _units(lines: tuple[Line, ...]) -> Counter[int]:
    units: Counter[int] = Counter()
    for _, product_id, quantity, _ in lines:
        units[product_id] += quantity
    return units
