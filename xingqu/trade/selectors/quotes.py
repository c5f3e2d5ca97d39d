"""A quote as the API shows it."""

from typing import Any

from xingqu.trade.domain.discounts import PAYERS, CouponOption, Deduction, Hint
from xingqu.trade.domain.quote import Quote, QuoteLine, ShopQuote
from xingqu.trade.selectors.offers import money, shop_cards


def present_quote(quote: Quote, token: str) -> dict[str, Any]:
    """A quote with its explanation: every discount with who gives it, every coupon with why it is used or not."""
    cards = shop_cards(shop_ids=[shop.shop_id for shop in quote.shops])
    currency = quote.currency
    return {
        "quote_token": token,
        "shops": [_shop(quote, shop, cards[shop.shop_id]) for shop in quote.shops],
        "goods_total": money(quote.goods_minor, currency),
        "freight_total": money(quote.freight_minor, currency),
        "discount_total": money(quote.discount_minor, currency),
        "payable": money(quote.payable_minor, currency),
        "discounts": [_deduction(one, currency) for one in quote.deductions if one.shop_id is None],
        "coupons": [present_option(one) for one in quote.options if one.coupon.shop_id is None],
        "hints": [_hint(one, currency) for one in quote.hints],
        "problems": [{"code": p.code, "sku_id": p.sku_id, "data": p.data} for p in quote.problems],
        "expected_arrival": None
        if quote.arrival is None
        else {"earliest": quote.arrival.earliest, "latest": quote.arrival.latest},
    }


def _shop(quote: Quote, shop: ShopQuote, card: dict[str, Any]) -> dict[str, Any]:
    currency = quote.currency
    return {
        "shop": card,
        "lines": [_line(line) for line in shop.lines],
        "goods_total": money(shop.goods_minor, currency),
        "freight": money(shop.freight_minor, currency),
        "discount": money(shop.discount_minor, currency),
        "total": money(shop.total_minor, currency),
        "discounts": [_deduction(one, currency) for one in quote.deductions if one.shop_id == shop.shop_id],
        "coupons": [present_option(one) for one in quote.options if one.coupon.shop_id == shop.shop_id],
    }


def _line(line: QuoteLine) -> dict[str, Any]:
    offer, flash = line.offer, line.flash
    return {
        "sku_id": offer.sku_id,
        "product_id": offer.product_id,
        "name": offer.name,
        "option_text": offer.option_text,
        "picture_url": offer.picture_url,
        "unit_price": money(line.unit_price_minor, offer.currency),
        "usual_price": money(offer.price_minor, offer.currency) if flash is not None else None,
        "quantity": line.quantity,
        "subtotal": money(line.subtotal_minor, offer.currency),
        "discount": money(line.discount_minor, offer.currency),
        "discounts": [
            {"kind": part.kind.value, "payer": part.payer, "amount": money(part.amount_minor, offer.currency)}
            for part in line.parts
        ],
        "flash_ends_at": flash.ends_at if flash is not None else None,
        "price_kind": flash.kind if flash is not None else None,
        "available": offer.available,
        "sale_state": {"code": offer.sale_code, "can_buy": offer.can_buy},
    }


def _deduction(one: Deduction, currency: str) -> dict[str, Any]:
    threshold = one.data["threshold_minor"]
    return {
        "kind": one.kind.value,
        "name": one.name,
        "amount": money(one.amount_minor, currency),
        "payer": PAYERS[one.kind],
        "threshold": money(threshold, currency),
        "rate_bp": one.data.get("rate_bp", 0),
        "sets": one.data.get("sets"),
    }


def present_option(one: CouponOption) -> dict[str, Any]:
    """A coupon that the buyer holds, with why it is used or not."""
    coupon = one.coupon
    return {
        "claimed_id": coupon.claimed_id,
        "name": coupon.name,
        "kind": coupon.terms.kind,
        "threshold": money(coupon.terms.threshold_minor, coupon.currency),
        "discount": money(coupon.terms.discount_minor, coupon.currency),
        "rate_bp": coupon.terms.rate_bp,
        "valid_until": coupon.valid_until,
        "used": one.is_used,
        "reason": one.reason,
        "missing": money(one.missing_minor, coupon.currency),
        "saves": money(one.saves_minor, coupon.currency),
    }


def _hint(one: Hint, currency: str) -> dict[str, Any]:
    amounts = {name.removesuffix("_minor"): value for name, value in one.data.items() if name.endswith("_minor")}
    rest = {name: value for name, value in one.data.items() if not name.endswith("_minor")}
    return {"code": one.code, "data": {**rest, **{name: money(value, currency) for name, value in amounts.items()}}}
