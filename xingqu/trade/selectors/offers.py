"""Today's offers and freight rules, as the pure quote wants them."""

from collections.abc import Iterable
from typing import Any

from xingqu.accounts.contracts import OrganisationCard
from xingqu.accounts.selectors import organisation_cards
from xingqu.catalogue.selectors import skus_for_sale
from xingqu.kit.sql import fetch
from xingqu.programmes.contracts import Taken
from xingqu.trade.domain.freight import Freight
from xingqu.trade.domain.quote import Offer

MAX_UNITS = 9_999


def offers_of(*, sku_ids: Iterable[int]) -> dict[int, Offer]:
    """Offers by SKU id; unknown ids are absent."""
    return {
        sku_id: Offer(
            sku_id=sku_id,
            product_id=sku.product_id,
            shop_id=sku.shop_id,
            name=sku.name,
            option_text=sku.option_text,
            picture_url=sku.picture_url,
            price_minor=sku.price_minor,
            currency=sku.currency,
            available=max(sku.available, 0),
            sale_code=sku.sale_state.code,
            can_buy=sku.sale_state.can_buy,
            category_id=sku.category_id,
            general_available=max(sku.general_available, 0),
            product_limit=sku.product_limit,
            sku_limit=sku.sku_limit,
        )
        for sku_id, sku in skus_for_sale(list(sku_ids), with_tags=False).items()
    }


def freight_rules(*, shop_ids: Iterable[int]) -> dict[int, Freight]:
    """Freight rules by shop; a shop without one (free delivery) is absent."""
    ids = sorted(set(shop_ids))
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    rows = fetch(
        "SELECT shop_id, base_minor, free_from_minor, remote_extra_minor FROM trade_freightrule"
        f" WHERE shop_id IN ({marks})",
        ids,
    )
    return {shop_id: Freight(base, free_from, extra) for shop_id, base, free_from, extra in rows}


def shop_cards(*, shop_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Shop id -> {id, name, name_en, avatar_url}; a shop that is gone keeps its number as its name."""
    ids = list(dict.fromkeys(shop_ids))
    cards = organisation_cards(ids=ids)
    return {shop_id: _shop(shop_id, cards.get(shop_id)) for shop_id in ids}


def purchase_limit(offer: Offer, taken: Taken | None) -> dict[str, Any] | None:
    """The tightest purchase limit of a SKU: `most` units that this person may have in one order, None without a limit.

    A guest (`taken` None) can't be counted and must sign in where there is a limit by person.
    """
    line = offer.limited(1)
    found = [
        (min(limit.per_order or most, most), scope, limit, used)
        for scope, limit, used in (
            ("product", offer.product_limit, taken.products.get(offer.product_id, 0) if taken else 0),
            ("sku", offer.sku_limit, taken.skus.get(offer.sku_id, 0) if taken else 0),
        )
        if limit
        for most in [MAX_UNITS if limit.per_person is None else max(limit.per_person - used, 0)]
    ]
    if not found:
        return None
    most, scope, limit, used = min(found, key=lambda one: one[0])
    return {
        "scope": scope,
        "per_order": limit.per_order,
        "per_person": limit.per_person,
        "days": limit.days,
        "taken": used,
        "most": most,
        "sign_in": taken is None and line.is_counted,
    }


def person_id_of(key: str) -> int | None:
    """The person behind an actor's key, None for a guest."""
    return int(key[1:]) if key.startswith("p") else None


def money(amount_minor: int, currency: str) -> dict[str, Any]:
    """Money as the API shows it."""
    return {"amount_minor": amount_minor, "currency": currency}


def _shop(shop_id: int, card: OrganisationCard | None) -> dict[str, Any]:
    if card is None:
        return {"id": shop_id, "name": str(shop_id), "name_en": str(shop_id), "avatar_url": ""}
    return {"id": card.id, "name": card.name, "name_en": card.name_en, "avatar_url": card.avatar_url}
