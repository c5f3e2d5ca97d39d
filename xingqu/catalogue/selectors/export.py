"""A shop's products as rows of the CSV that the import takes."""

from collections.abc import Iterator

from django.db.models import Q

from xingqu.catalogue.models import Product
from xingqu.catalogue.selectors.categories import category_cards, category_ids_below
from xingqu.catalogue.selectors.rows import as_list
from xingqu.catalogue.selectors.shop import STATES
from xingqu.catalogue.selectors.stock import on_hand_of
from xingqu.kit.money import EXPONENTS
from xingqu.kit.sql import fetch


def export_rows(
    *, shop_id: int, q: str = "", state: str | None = None, category_id: int | None = None
) -> Iterator[dict[str, str]]:
    """One row per active SKU, products in the order they were made."""
    rows = Product.objects.filter(shop_id=shop_id)
    rows = rows.filter(STATES[state]) if state else rows.exclude(status="deleted")
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(external_id=q))
    if category_id is not None:
        rows = rows.filter(category_id__in=category_ids_below(category_id=category_id))
    cards = category_cards()
    for product in rows.order_by("id").prefetch_related("attributes").iterator(chunk_size=200):
        card = cards[product.category_id]
        path = [card.name]
        while card.parent_id is not None:
            card = cards[card.parent_id]
            path.append(card.name)
        texts = {
            "product_id": product.external_id or f"id:{product.pk}",
            "name": product.name,
            "category": ">".join(reversed(path)),
            "brief": product.brief,
            "brand": product.brand,
            "unit": product.unit,
            "attributes": ";".join(f"{row.name}={_plain(row.value, ';；')}" for row in product.attributes.all()),
            "tags": "|".join(product.stated_tags),
            "details": "|".join(_plain(text, "|") for text in product.detail_paragraphs),
            "limit_per_order": str(product.limit_per_order or ""),
            "limit_per_person": str(product.limit_per_person or ""),
            "limit_days": str(product.limit_days or ""),
        }
        yield from (texts | row for row in _sku_rows(product))


def _sku_rows(product: Product) -> Iterator[dict[str, str]]:
    values = {
        pk: (option, value)
        for pk, option, value in fetch(
            "SELECT v.id, o.name, v.name FROM catalogue_optionvalue v JOIN catalogue_option o ON o.id = v.option_id"
            " WHERE o.product_id = %s",
            [product.pk],
        )
    }
    skus = product.skus.filter(is_active=True).order_by("position", "id")
    on_hand = on_hand_of(sku_ids=[pk for (pk,) in skus.values_list("id")])
    for pk, value_ids, code, price, listed in skus.values_list(
        "id", "option_value_ids", "code", "price_minor", "list_price_minor"
    ):
        row = {
            "sku_code": code,
            "price": _decimal(price, product.currency),
            "list_price": "" if listed is None else _decimal(listed, product.currency),
            "stock": str(on_hand.get(pk, 0)),
        }
        for number, value_id in enumerate(as_list(value_ids), start=1):
            row[f"option{number}_name"], row[f"option{number}_value"] = values[value_id]
        yield row


def _plain(text: str, separators: str) -> str:
    """A text without what separates texts in a cell."""
    for separator in separators:
        text = text.replace(separator, "、")
    return " ".join(text.split())


def _decimal(amount_minor: int, currency: str) -> str:
    places = EXPONENTS[currency]
    whole, rest = divmod(amount_minor, 10**places)
    return f"{whole}.{rest:0{places}d}" if places else str(whole)
