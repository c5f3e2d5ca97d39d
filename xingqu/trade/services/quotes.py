"""Quotes and their signed tokens. Making a quote writes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing

from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.programmes.selectors import programmes_for, units_taken
from xingqu.trade.domain.attribution import Touch
from xingqu.trade.domain.errors import BadQuoteToken
from xingqu.trade.domain.freight import expected_arrival
from xingqu.trade.domain.quote import AmountTooLarge, Attribution, Offer, Quote, WantedLine, build_quote
from xingqu.trade.selectors.addresses import place_of, province_of
from xingqu.trade.selectors.freight import carriages_of
from xingqu.trade.selectors.offers import freight_rules, offers_of
from xingqu.trade.selectors.touches import attributions_of
from xingqu.trade.services.touches import Claim, proven
from xingqu.trade.services.transition import person_id_of

SALT = "trade.quote"


@dataclass(frozen=True, slots=True)
class TokenContent:
    """What a quote token promises: the lines with their unit prices, the coupons, and the sum.

    `coupon_ids` are the claimed coupons that it uses; `picked` tells that the buyer chose them.
    """

    wanted: tuple[WantedLine, ...]
    prices_minor: dict[int, int]
    payable_minor: int
    address_id: int | None
    fresh: bool
    coupon_ids: frozenset[int] = frozenset()
    picked: bool = False


def quote_lines(
    *,
    wanted: Sequence[WantedLine],
    address: dict[str, Any] | None,
    actor_key: str,
    coupon_ids: frozenset[int] | None = None,
    offers: Mapping[int, Offer] | None = None,
) -> Quote:
    """Quote of the lines for somebody at this moment, delivered to `address`, with the best discounts.

    A line that a live room is credited with can have that room's price. `coupon_ids` are the claimed coupons to use instead.
    `offers` are those of the lines, where the caller has read them. Raises InvalidInput for no line, or a SKU twice.
    """
    if not wanted:
        raise InvalidInput("There is nothing to buy.", field="lines", expected="at least one line")
    if len({line.sku_id for line in wanted}) != len(wanted):
        raise InvalidInput("A SKU appears twice.", field="lines", expected="each SKU once, with its quantity")
    offers = offers_of(sku_ids=[line.sku_id for line in wanted]) if offers is None else offers
    rooms = {line.sku_id: room_id for line in wanted if (room_id := line.attribution.live_room_id) is not None}
    province = province_of(address) if address is not None else None
    shop_ids = {offer.shop_id for offer in offers.values()}
    person_id = person_id_of(actor_key)
    limited = [offer.limited(1) for offer in offers.values()]
    try:
        return build_quote(
            wanted,
            offers,
            freight_rules(shop_ids=shop_ids),
            programmes=programmes_for(person_id=person_id, sku_ids=offers, shop_ids=shop_ids, rooms=rooms),
            chosen=coupon_ids,
            taken=None if person_id is None else units_taken(person_id=person_id, lines=limited),
            place=place_of(address) if address is not None else (),
            carriages=carriages_of(products={offer.product_id: offer.shop_id for offer in offers.values()}),
            arrival=expected_arrival(
                clock.now(),
                province=province,
                ship_within=timedelta(seconds=settings.ENVIRONMENT.ship_within_s),
            ),
        )
    except AmountTooLarge as error:
        raise InvalidInput("This is more than one order may cost.", field="lines", expected="fewer units") from error


def attribute_lines(
    *,
    wanted: Sequence[WantedLine],
    offers: Mapping[int, Offer],
    actor_key: str,
    touches: Mapping[int, Touch],
    claims: Mapping[int, Claim],
) -> list[WantedLine]:
    """The lines with what led to each, as of now. By SKU: `touches` are proven already, `claims` are proven here."""
    told: dict[int, list[Touch]] = {}
    for sku_id, offer in offers.items():
        touch = touches.get(sku_id) or proven(
            actor_key=actor_key, product_id=offer.product_id, claim=claims.get(sku_id)
        )
        if touch is not None:
            told.setdefault(offer.product_id, []).append(touch)
    shops = {offer.product_id: offer.shop_id for offer in offers.values()}
    found = attributions_of(actor_key=actor_key, shops=shops, told=told)
    return [
        replace(line, attribution=found[offers[line.sku_id].product_id]) if line.sku_id in offers else line
        for line in wanted
    ]


def used_coupons(quote: Quote) -> list[int]:
    """The claimed coupons that a quote uses."""
    return sorted(option.coupon.claimed_id for option in quote.options if option.is_used)


def unit_prices(quote: Quote) -> dict[int, int]:
    """What one unit of each SKU costs in a quote, flash prices included, discounts not."""
    return {line.offer.sku_id: line.unit_price_minor for line in quote.lines}


def sign_quote(
    quote: Quote, *, wanted: Sequence[WantedLine], actor_key: str, address_id: int | None, picked: bool = False
) -> str:
    """Token of a quote, bound to the actor it was made for. `picked`: the buyer chose its coupons."""
    prices = unit_prices(quote)
    content = {
        "k": actor_key,
        "a": address_id,
        "p": quote.payable_minor,
        "t": clock.now_ms(),
        "c": used_coupons(quote),
        "m": picked,
        "l": [[line.sku_id, line.quantity, prices.get(line.sku_id, -1), line.attribution.as_json()] for line in wanted],
    }
    return signing.dumps(content, salt=SALT, compress=True)


def read_token(token: str, *, actor_key: str) -> TokenContent:
    """Content of a token made by :func:`sign_quote`; `fresh` is false for one that is too old or of another actor.

    Raises BadQuoteToken for a forged one.
    """
    try:
        content = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise BadQuoteToken(field="quote_token", expected="the quote_token of POST /checkout/quote") from error
    age_ms = clock.now_ms() - content["t"]
    return TokenContent(
        wanted=tuple(WantedLine(sku, quantity, Attribution(**attr)) for sku, quantity, _, attr in content["l"]),
        prices_minor={sku: price for sku, _, price, _ in content["l"]},
        payable_minor=content["p"],
        address_id=content["a"],
        coupon_ids=frozenset(content.get("c", ())),
        picked=bool(content.get("m")),
        fresh=content["k"] == actor_key and age_ms <= settings.ENVIRONMENT.quote_valid_s * 1000,
    )
