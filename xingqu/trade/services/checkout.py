"""Checkout: a quote becomes one parent order and one order a merchant, with their stock held, exactly once a key."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.conf import settings
from django.db import IntegrityError, transaction

from xingqu.catalogue.services import SoldOut, hold_orders
from xingqu.events.trade import OrderPlaced
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput
from xingqu.kit.ids import new_number
from xingqu.kit.outbox import publish
from xingqu.kit.sql import execute, fetch_one, insert, insert_rows
from xingqu.kit.transactions import retried
from xingqu.programmes.contracts import Taking
from xingqu.programmes.services import ProgrammeGone, take_programmes
from xingqu.trade.domain.discounts import Kind
from xingqu.trade.domain.errors import KeyReused, NotForSale, PriceChanged
from xingqu.trade.domain.quote import Quote
from xingqu.trade.models import OrderLine, ParentOrder, ShopOrder
from xingqu.trade.selectors.addresses import address_of
from xingqu.trade.selectors.offers import offers_of
from xingqu.trade.selectors.quotes import present_quote
from xingqu.trade.services.quotes import TokenContent, quote_lines, read_token, sign_quote, unit_prices
from xingqu.trade.services.transition import add_events, person_id_of

# Holds outlive the time to pay by this, so that the order's own time-out, which also cancels it, comes first.
HOLD_GRACE = timedelta(minutes=15)
COUPONS = frozenset({Kind.SHOP_COUPON, Kind.PLATFORM_COUPON})
EARLIER = (
    "SELECT k.body_hash, p.order_no FROM trade_checkoutkey k JOIN trade_parentorder p ON p.id = k.parent_id"
    " WHERE k.buyer_key = %s AND k.key = %s"
)


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """`notes` are (shop id, text) pairs."""

    quote_token: str
    address_id: int
    notes: tuple[tuple[int, str], ...]
    from_cart: bool

    def fingerprint(self) -> str:
        content = [self.quote_token, self.address_id, sorted(self.notes), self.from_cart]
        return hashlib.sha256(orjson.dumps(content)).hexdigest()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to be written."""

    content: TokenContent
    address: dict[str, Any]
    quote: Quote


@retried
def place_order(*, buyer_key: str, idempotency_key: str, request: CheckoutRequest) -> str:
    """Number of the parent order that this request makes, or made when it came before.

    Raises, with nothing changed: KeyReused, BadQuoteToken, NotFound (address), PriceChanged with the new quote in `data`,
    SoldOut and NotForSale with the SKUs.
    """
    earlier = _earlier(buyer_key, idempotency_key, request)
    if earlier is not None:
        return earlier
    try:
        plan = _plan(buyer_key, request)  # before the transaction, which on SQLite keeps all other writers waiting
    except (Conflict, SoldOut):  # perhaps with itself: the same key has just taken the last unit, or the coupon
        earlier = _earlier(buyer_key, idempotency_key, request)
        if earlier is None:
            raise
        return earlier
    try:
        with transaction.atomic():
            return _place(buyer_key, idempotency_key, request, plan)
    except ProgrammeGone:
        # Somebody was faster between the quote and the lock: what it costs without is for the buyer to agree to.
        raise _changed(plan.content, plan.address, buyer_key, request.address_id, "price") from None
    except IntegrityError:
        # The same key committed between our look and our insert (possible on PostgreSQL): its answer is ours too.
        earlier = _earlier(buyer_key, idempotency_key, request)
        if earlier is None:
            raise
        return earlier


def _plan(buyer_key: str, request: CheckoutRequest) -> Plan:
    content = read_token(request.quote_token, actor_key=buyer_key)
    address = address_of(owner_key=buyer_key, address_id=request.address_id)
    quote = quote_lines(wanted=content.wanted, address=address, actor_key=buyer_key, coupon_ids=content.coupon_ids)
    refuse_problems(quote)
    _refuse_changes(quote, content, address, buyer_key, request.address_id)
    return Plan(content, address, quote)


def _taking(quote: Quote) -> Taking:
    """The coupons, flash units and limited goods that an order of this quote takes."""
    saved = {deduction.programme_id: deduction for deduction in quote.deductions if deduction.kind in COUPONS}
    return Taking(
        coupons=tuple((claimed_id, one.amount_minor, one.shop_id) for claimed_id, one in saved.items()),
        flash=tuple((line.flash.item_id, line.quantity) for line in quote.lines if line.flash is not None),
        limited=tuple(one for line in quote.lines if (one := line.offer.limited(line.quantity)).is_counted),
    )


def _still_holds(plan: Plan) -> bool:
    """Whether the goods are offered as planned; whether there are enough of them is for the hold to say."""
    planned = {line.offer.sku_id: line.offer for line in plan.quote.lines}
    now = offers_of(sku_ids=planned)
    return now.keys() == planned.keys() and all(
        now[sku_id].price_minor == offer.price_minor
        and now[sku_id].sale_code in ("on_sale", "sold_out")
        and now[sku_id].limited(1) == offer.limited(1)
        for sku_id, offer in planned.items()
    )


def _place(buyer_key: str, idempotency_key: str, request: CheckoutRequest, plan: Plan) -> str:
    if not _still_holds(plan):
        earlier = _earlier(buyer_key, idempotency_key, request)
        if earlier is not None:  # it was changed by this very order; else the key's own row tells
            return earlier
        plan = _plan(buyer_key, request)
    content, address, quote = plan.content, plan.address, plan.quote
    now = clock.now()
    parent = write_parent(quote, buyer_key, address, now)
    # Before any stock is taken: the same key once more waits here on PostgreSQL, and must not find the units gone to itself.
    insert(
        "trade_checkoutkey",
        ("buyer_key", "key", "body_hash", "parent_id", "created_at"),
        [(buyer_key, idempotency_key, request.fingerprint(), parent.pk, now)],
    )
    taking, person_id = _taking(quote), person_id_of(buyer_key)
    orders = write_orders(quote, parent, dict(request.notes), has_programmes=bool(taking))
    if taking and person_id is not None:
        take_programmes(order_ref=parent.order_no, person_id=person_id, taking=taking)
    _hold(orders, quote, parent.expires_at + HOLD_GRACE)
    if request.from_cart:
        marks = ", ".join(["%s"] * len(content.wanted))
        execute(
            f"DELETE FROM trade_cartline WHERE owner_key = %s AND sku_id IN ({marks})",
            [buyer_key, *(line.sku_id for line in content.wanted)],
        )
    publish(
        OrderPlaced(
            parent_order_no=parent.order_no,
            order_nos=tuple(order.order_no for order in orders),
            shop_ids=tuple(order.shop_id for order in orders),
            buyer_key=buyer_key,
            person_id=person_id,
            payable_minor=parent.payable_minor,
            currency=parent.currency,
            placed_at=now,
        )
    )
    return parent.order_no


def _hold(orders: list[ShopOrder], quote: Quote, expires_at: datetime) -> None:
    """Hold the units of all orders, a flash line's from its campaign. Raises SoldOut, ProgrammeGone for a campaign's."""
    wanted = [
        (order.hold_ref, [(line.offer.sku_id, line.quantity, line.campaign) for line in shop.lines])
        for order, shop in zip(orders, quote.shops, strict=True)
    ]
    try:
        hold_orders(orders=wanted, expires_at=expires_at)
    except SoldOut as refusal:
        if any("campaign" in lack for lack in refusal.data["skus"]):
            raise ProgrammeGone(field="lines", data=refusal.data) from refusal
        raise


def _earlier(buyer_key: str, idempotency_key: str, request: CheckoutRequest) -> str | None:
    row = fetch_one(EARLIER, [buyer_key, idempotency_key])
    if row is None:
        return None
    if row[0] != request.fingerprint():
        raise KeyReused(field="Idempotency-Key", expected="a new key for every checkout")
    return str(row[1])


def refuse_problems(quote: Quote) -> None:
    sold_out = [{"sku_id": problem.sku_id, **problem.data} for problem in quote.problems if problem.code == "sold_out"]
    if sold_out and len(sold_out) == len(quote.problems):
        raise SoldOut(field="lines", expected="at most the available units", data={"skus": sold_out})
    if quote.problems:
        skus = [{"sku_id": p.sku_id, "code": p.code, **p.data} for p in quote.problems]
        raise NotForSale(field="lines", expected="only SKUs that can be bought", data={"skus": skus})


def _refuse_changes(
    quote: Quote, content: TokenContent, address: dict[str, Any], buyer_key: str, address_id: int
) -> None:
    same = unit_prices(quote) == content.prices_minor and quote.payable_minor == content.payable_minor
    if not (same and content.fresh):
        raise _changed(content, address, buyer_key, address_id, "expired" if same else "price")


def _changed(
    content: TokenContent, address: dict[str, Any], buyer_key: str, address_id: int, reason: str
) -> PriceChanged:
    """The refusal with a new quote: with the buyer's own coupons where they picked them, else with the best there are."""
    chosen = content.coupon_ids if content.picked else None
    quote = quote_lines(wanted=content.wanted, address=address, actor_key=buyer_key, coupon_ids=chosen)
    token = sign_quote(quote, wanted=content.wanted, actor_key=buyer_key, address_id=address_id, picked=content.picked)
    return PriceChanged(
        field="quote_token",
        expected="the quote_token of data.quote, once the buyer agrees",
        data={"quote": present_quote(quote, token), "reason": reason},
    )


def write_parent(quote: Quote, buyer_key: str, address: dict[str, Any], now: datetime) -> ParentOrder:
    if quote.payable_minor == 0:
        raise InvalidInput("There is nothing to pay.", field="lines", expected="goods that cost something")
    parent = ParentOrder(
        order_no=new_number("P", now),
        buyer_key=buyer_key,
        payable_minor=quote.payable_minor,
        currency=quote.currency,
        address={name: value for name, value in address.items() if name not in ("id", "is_default", "label")},
        created_at=now,
        expires_at=now + timedelta(seconds=settings.ENVIRONMENT.unpaid_order_timeout_s),
    )
    insert_rows([parent])
    return parent


def write_orders(quote: Quote, parent: ParentOrder, notes: dict[int, str], *, has_programmes: bool) -> list[ShopOrder]:
    orders = []
    for shop in quote.shops:
        order_no = new_number("S", parent.created_at)
        orders.append(
            ShopOrder(
                order_no=order_no,
                parent=parent,
                shop_id=shop.shop_id,
                buyer_key=parent.buyer_key,
                currency=parent.currency,
                goods_minor=shop.goods_minor,
                freight_minor=shop.freight_minor,
                discount_minor=shop.discount_minor,
                platform_discount_minor=shop.platform_discount_minor,
                has_programmes=has_programmes,
                payable_minor=shop.total_minor,
                note=notes.get(shop.shop_id, ""),
                hold_ref=order_no,
                search_text=_search_text(parent, [line.offer.name for line in shop.lines]),
                created_at=parent.created_at,
                expires_at=parent.expires_at,
            )
        )
    insert_rows(orders)
    insert_rows(
        [
            OrderLine(
                order=order,
                sku_id=line.offer.sku_id,
                product_id=line.offer.product_id,
                name=line.offer.name,
                option_text=line.offer.option_text,
                picture_url=line.offer.picture_url,
                unit_price_minor=line.unit_price_minor,
                quantity=line.quantity,
                subtotal_minor=line.subtotal_minor,
                usual_price_minor=line.offer.price_minor if line.flash is not None else None,
                discount_minor=line.discount_minor,
                discounts=[part.as_json() for part in line.parts],
                attribution=replace(line.attribution, campaign=line.occasion).as_json(),
            )
            for order, shop in zip(orders, quote.shops, strict=True)
            for line in shop.lines
        ]
    )
    add_events(ids=[order.pk for order in orders], code="placed", at=parent.created_at)
    return orders


def _search_text(parent: ParentOrder, names: list[str]) -> str:
    """What a merchant finds the order by, besides its number."""
    return " ".join([parent.address["recipient"], parent.address["phone"], *names])[:1000]
