"""Quotes and their signed tokens. Making a quote writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing

from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.trade.domain.errors import BadQuoteToken
from xingqu.trade.domain.freight import expected_arrival
from xingqu.trade.domain.quote import AmountTooLarge, Attribution, Quote, ShopQuote, WantedLine, build_quote
from xingqu.trade.selectors.addresses import province_of
from xingqu.trade.selectors.offers import freight_rules, money, offers_of, shop_cards

SALT = "trade.quote"


@dataclass(frozen=True, slots=True)
class TokenContent:
    """What a quote token promises: the lines with their unit prices, and the sum."""

    wanted: tuple[WantedLine, ...]
    prices_minor: dict[int, int]
    payable_minor: int
    address_id: int | None
    fresh: bool


def quote_lines(*, wanted: Sequence[WantedLine], address: dict[str, Any] | None) -> Quote:
    """Quote of the lines at this moment, delivered to `address`. Raises InvalidInput for no line, or a SKU twice."""
    if not wanted:
        raise InvalidInput("There is nothing to buy.", field="lines", expected="at least one line")
    if len({line.sku_id for line in wanted}) != len(wanted):
        raise InvalidInput("A SKU appears twice.", field="lines", expected="each SKU once, with its quantity")
    offers = offers_of(sku_ids=[line.sku_id for line in wanted])
    province = province_of(address) if address is not None else None
    try:
        return build_quote(
            wanted,
            offers,
            freight_rules(shop_ids={offer.shop_id for offer in offers.values()}),
            province=province,
            arrival=expected_arrival(
                clock.now(),
                province=province,
                ship_within=timedelta(seconds=settings.ENVIRONMENT.ship_within_s),
            ),
        )
    except AmountTooLarge as error:
        raise InvalidInput("This is more than one order may cost.", field="lines", expected="fewer units") from error


def sign_quote(quote: Quote, *, wanted: Sequence[WantedLine], actor_key: str, address_id: int | None) -> str:
    """Token of a quote, bound to the actor it was made for."""
    prices = {line.offer.sku_id: line.offer.price_minor for line in quote.lines}
    content = {
        "k": actor_key,
        "a": address_id,
        "p": quote.payable_minor,
        "t": clock.now_ms(),
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
        fresh=content["k"] == actor_key and age_ms <= settings.ENVIRONMENT.quote_valid_s * 1000,
    )


def present_quote(quote: Quote, token: str) -> dict[str, Any]:
    """A quote as the API shows it."""
    cards = shop_cards(shop_ids=[shop.shop_id for shop in quote.shops])
    currency = quote.currency
    return {
        "quote_token": token,
        "shops": [_present_shop(shop, cards[shop.shop_id], currency) for shop in quote.shops],
        "goods_total": money(quote.goods_minor, currency),
        "freight_total": money(quote.freight_minor, currency),
        "discount_total": money(quote.discount_minor, currency),
        "payable": money(quote.payable_minor, currency),
        "problems": [{"code": p.code, "sku_id": p.sku_id, "data": p.data} for p in quote.problems],
        "expected_arrival": None
        if quote.arrival is None
        else {"earliest": quote.arrival.earliest, "latest": quote.arrival.latest},
    }


def _present_shop(shop: ShopQuote, card: dict[str, Any], currency: str) -> dict[str, Any]:
    return {
        "shop": card,
        "lines": [
            {
                "sku_id": line.offer.sku_id,
                "product_id": line.offer.product_id,
                "name": line.offer.name,
                "option_text": line.offer.option_text,
                "picture_url": line.offer.picture_url,
                "unit_price": money(line.offer.price_minor, line.offer.currency),
                "quantity": line.quantity,
                "subtotal": money(line.subtotal_minor, line.offer.currency),
                "available": line.offer.available,
                "sale_state": {"code": line.offer.sale_code, "can_buy": line.offer.can_buy},
            }
            for line in shop.lines
        ],
        "goods_total": money(shop.goods_minor, currency),
        "freight": money(shop.freight_minor, currency),
        "discount": money(shop.discount_minor, currency),
        "total": money(shop.total_minor, currency),
    }
