"""Presale orders (预售): placed with a deposit, lowered by coupons, closed when the rest is not paid. Decision 0093."""

import hashlib
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from django.db import IntegrityError, transaction

from xingqu.catalogue.services import hold_orders
from xingqu.events.trade import OrderCancelled, OrderPlaced
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.ids import new_number
from xingqu.kit.outbox import publish
from xingqu.kit.sql import fetch_one, insert
from xingqu.kit.transactions import retried
from xingqu.ledger.contracts import UNAPPLIED, balance_account, presale_account
from xingqu.ledger.services import post
from xingqu.programmes.contracts import PresaleTerms, Taking
from xingqu.programmes.selectors import presale_terms, units_taken
from xingqu.programmes.services import release_programmes, take_programmes
from xingqu.trade.domain.discounts import PAYERS, Kind, Part
from xingqu.trade.domain.errors import KeyReused, NotForSale, WrongState
from xingqu.trade.domain.quote import Quote, WantedLine, build_quote
from xingqu.trade.domain.transitions import CancelReason, OrderState, Phase, Step
from xingqu.trade.models import ParentOrder, PaymentAttempt, PresaleOrder, Refund, ShopOrder
from xingqu.trade.selectors.addresses import address_of, place_of
from xingqu.trade.selectors.freight import carriages_of
from xingqu.trade.selectors.offers import freight_rules, offers_of
from xingqu.trade.services.applying import APPLIED
from xingqu.trade.services.checkout import (
    EARLIER,
    HOLD_GRACE,
    refuse_problems,
    write_orders,
    write_parent,
)
from xingqu.trade.services.orders import own_order, release_stock
from xingqu.trade.services.phases import FINAL_GRACE
from xingqu.trade.services.transition import move_orders, person_id_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PresaleRequest:
    item_id: int
    quantity: int
    address_id: int

    def fingerprint(self) -> str:
        content = ["presale", self.item_id, self.quantity, self.address_id]
        return hashlib.sha256(orjson.dumps(content)).hexdigest()


@retried
def order_presale(*, buyer_key: str, idempotency_key: str, request: PresaleRequest) -> str:
    """Reserve units of a presale: an order whose deposit waits to be paid. Returns the parent order's number.

    The same key and request give the same order. Raises, with nothing changed: KeyReused, NotFound for an item whose deposit
    can't be paid now (or an address), NotForSale, SoldOut, LimitExceeded.
    """
    earlier = _before(buyer_key, idempotency_key, request)
    if earlier is not None:
        return earlier
    terms = presale_terms(item_id=request.item_id)
    quote, address = quote_presale(
        terms=terms, buyer_key=buyer_key, quantity=request.quantity, address_id=request.address_id
    )
    refuse_problems(quote)
    try:
        with transaction.atomic():
            return _place(buyer_key, idempotency_key, request, terms, quote, address)
    except IntegrityError:  # the same key at the same time
        earlier = _before(buyer_key, idempotency_key, request)
        if earlier is None:
            raise
        return earlier


def quote_presale(
    *, terms: PresaleTerms, buyer_key: str, quantity: int, address_id: int
) -> tuple[Quote, dict[str, Any]]:
    """What so many units cost in all, delivered to an address, with what the deposit counts for more than itself."""
    address = address_of(owner_key=buyer_key, address_id=address_id)
    offer = offers_of(sku_ids=[terms.sku_id]).get(terms.sku_id)
    if offer is None or offer.sale_code not in ("on_sale", "sold_out"):
        raise NotForSale(field="item_id", expected="a product on sale")
    # Whether there are enough units is for the hold to say: they stand in the presale's own allotment.
    offer = replace(
        offer,
        price_minor=terms.price_minor,
        available=quantity,
        general_available=quantity,
        sale_code="on_sale",
        can_buy=True,
    )
    person_id = person_id_of(buyer_key)
    taken = None if person_id is None else units_taken(person_id=person_id, lines=[offer.limited(quantity)])
    quote = build_quote(
        [WantedLine(terms.sku_id, quantity)],
        {terms.sku_id: offer},
        freight_rules(shop_ids=[terms.shop_id]),
        place=place_of(address),
        carriages=carriages_of(products={offer.product_id: terms.shop_id}),
        taken=taken,
    )
    more = (terms.counts_minor - terms.deposit_minor) * quantity
    if not more:
        return quote, address
    part = Part(Kind.PRESALE, terms.presale_id, PAYERS[Kind.PRESALE], more)
    shops = tuple(
        replace(shop, lines=tuple(replace(line, parts=(part,)) for line in shop.lines)) for shop in quote.shops
    )
    return replace(quote, shops=shops), address


def _before(buyer_key: str, key: str, request: PresaleRequest) -> str | None:
    row = fetch_one(EARLIER, [buyer_key, key])
    if row is None:
        return None
    if row[0] != request.fingerprint():
        raise KeyReused(field="Idempotency-Key", expected="a new key for every order")
    return str(row[1])


def _place(
    buyer_key: str, key: str, request: PresaleRequest, terms: PresaleTerms, quote: Quote, address: dict[str, Any]
) -> str:
    earlier = _before(buyer_key, key, request)
    if earlier is not None:
        return earlier
    now = clock.now()
    parent = write_parent(quote, buyer_key, address, now)
    insert(
        "trade_checkoutkey",
        ("buyer_key", "key", "body_hash", "parent_id", "created_at"),
        [(buyer_key, key, request.fingerprint(), parent.pk, now)],
    )
    ParentOrder.objects.filter(pk=parent.pk).update(is_presale=True)
    PresaleOrder.objects.create(
        parent=parent,
        item_id=terms.item_id,
        deposit_minor=terms.deposit_minor * request.quantity,
        counts_minor=terms.counts_minor * request.quantity,
        final_from=terms.final_from,
        final_until=terms.final_until,
        ship_days=terms.ship_days,
        forfeits=terms.forfeits,
    )
    orders = write_orders(quote, parent, {}, has_programmes=True)
    person_id = person_id_of(buyer_key)
    limited = [line.offer.limited(line.quantity) for line in quote.lines]
    taking = Taking(limited=tuple(line for line in limited if line.is_counted))
    if taking and person_id is not None:
        take_programmes(order_ref=parent.order_no, person_id=person_id, taking=taking)
    lines = [(terms.sku_id, request.quantity, terms.campaign)]
    hold_orders(orders=[(orders[0].hold_ref, lines)], expires_at=parent.expires_at + HOLD_GRACE)
    publish(
        OrderPlaced(
            parent_order_no=parent.order_no,
            order_nos=(orders[0].order_no,),
            shop_ids=(terms.shop_id,),
            buyer_key=buyer_key,
            person_id=person_id,
            payable_minor=parent.payable_minor,
            currency=parent.currency,
            placed_at=now,
        )
    )
    return parent.order_no


def close_presales(*, now: datetime | None = None, limit: int = 200) -> int:
    """Close reserved orders whose rest was not paid in time. Returns how many. For the worker."""
    at = now or clock.now()
    due = ParentOrder.objects.filter(
        state=OrderState.PART_PAID, is_presale=True, expires_at__lte=at - FINAL_GRACE
    ).order_by("expires_at")
    return sum(_close_one(parent.pk, CancelReason.FINAL_UNPAID, at) for parent in due[:limit])


@retried
@transaction.atomic
def _close_one(parent_id: int, reason: CancelReason, at: datetime) -> bool:
    return close_reserved(ParentOrder.objects.get(pk=parent_id), reason, at)


@retried
@transaction.atomic
def cancel_reserved(*, buyer_key: str, order_no: str) -> None:
    """A buyer gives up a reserved order whose terms return the deposit. Raises NotFound, WrongState."""
    order = own_order(buyer_key=buyer_key, order_no=order_no)
    terms = PresaleOrder.objects.filter(parent_id=order.parent_id).first()
    if terms is None or terms.forfeits or not close_reserved(order.parent, CancelReason.BUYER, clock.now()):
        raise WrongState(expected="a reserved order whose deposit comes back", data={"state": order.state})


@retried
@transaction.atomic
def return_deposit(*, shop_id: int, order_no: str) -> None:
    """A merchant can't keep its word: the reserved order ends and the deposit goes back. Raises NotFound, WrongState."""
    order = ShopOrder.objects.select_related("parent").filter(shop_id=shop_id, order_no=order_no).first()
    if order is None:
        raise NotFound(field="order_no", expected="the number of one of the shop's orders")
    if not close_reserved(order.parent, CancelReason.MERCHANT, clock.now()):
        raise WrongState(expected="a reserved order", data={"state": order.state})


def close_reserved(parent: ParentOrder, reason: CancelReason, at: datetime) -> bool:
    """End an order whose deposit is paid, once: units and coupons are free, and the deposit goes where its terms say.

    It is the merchant's only when the rest was not paid in time and the terms say so.
    """
    reserved = ParentOrder.objects.filter(pk=parent.pk, state=OrderState.PART_PAID)
    if not reserved.update(state=OrderState.CANCELLED, cancel_reason=reason):
        return False
    order, terms = ShopOrder.objects.get(parent=parent), PresaleOrder.objects.get(parent=parent)
    forfeits = terms.forfeits and reason is CancelReason.FINAL_UNPAID
    data = {"deposit": "forfeited" if forfeits else "returned", "amount_minor": terms.deposit_minor}
    if not move_orders(ids=[order.pk], step=Step.CLOSE_PRESALE, at=at, data=data, cancel_reason=reason):
        raise RuntimeError(f"{parent.order_no} is reserved but its shop order is not")
    PresaleOrder.objects.filter(pk=terms.pk).update(ended="forfeited" if forfeits else "returned")
    release_programmes(order_ref=parent.order_no)
    release_stock(order)
    (_forfeit if forfeits else _give_back)(order, parent, terms, at)
    publish(
        OrderCancelled(
            order_no=order.order_no,
            parent_order_no=parent.order_no,
            shop_id=order.shop_id,
            buyer_key=order.buyer_key,
            person_id=person_id_of(order.buyer_key),
            reason=reason,
        )
    )
    return True


def _forfeit(order: ShopOrder, parent: ParentOrder, terms: PresaleOrder, at: datetime) -> None:
    post(
        entries=[
            (presale_account(order.shop_id), terms.deposit_minor),
            (balance_account(order.shop_id), -terms.deposit_minor),
        ],
        currency=order.currency,
        reference=order.order_no,
        idempotency_key=f"deposit_forfeited:{order.order_no}",
    )


def _give_back(order: ShopOrder, parent: ParentOrder, terms: PresaleOrder, at: datetime) -> None:
    """The deposit has nothing to pay any more; it goes back as every such payment."""
    post(
        entries=[(presale_account(order.shop_id), terms.deposit_minor), (UNAPPLIED, -terms.deposit_minor)],
        currency=order.currency,
        reference=order.order_no,
        idempotency_key=f"deposit_returned:{order.order_no}",
    )
    Refund.objects.create(
        refund_no=new_number("R", at),
        payment=PaymentAttempt.objects.get(parent=parent, phase=Phase.DEPOSIT, outcome=APPLIED),
        amount_minor=terms.deposit_minor,
        currency=order.currency,
        reason="deposit",
        due_at=at,
        created_at=at,
    )
