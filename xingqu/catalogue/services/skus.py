"""Options and SKUs as a whole: what stays the same keeps its id, so that carts and orders stay right."""

from collections.abc import Sequence

from django.db import transaction

from xingqu.catalogue.domain.errors import NotEnoughStock
from xingqu.catalogue.domain.records import OptionRecord, SkuRecord, check_matrix
from xingqu.catalogue.models import Option, OptionValue, Product, Sku, StockMovement
from xingqu.catalogue.services.shelf import own_product, require, save_product
from xingqu.catalogue.services.stock import apply_change
from xingqu.catalogue.services.stock_levels import lock_levels
from xingqu.kit.transactions import retried


@retried
@transaction.atomic
def replace_skus(
    *,
    shop_id: int,
    product_id: int,
    version: int,
    options: Sequence[OptionRecord],
    skus: Sequence[SkuRecord],
    person_id: int | None = None,
) -> None:
    """Make options and SKUs exactly these. A combination that stays keeps its SKU id; one that goes becomes inactive.

    Raises NotFound, StaleVersion, InvalidInput, Duplicate, TooMany; NotEnoughStock when a stock below what unpaid
    orders hold is set.
    """
    product = own_product(shop_id=shop_id, product_id=product_id, version=version)
    require(product.check_status != "banned", "A banned product can't be edited.", "a product that is not banned")
    write_skus(product=product, options=options, skus=skus, person_id=person_id)
    save_product(product)


def write_skus(
    *,
    product: Product,
    options: Sequence[OptionRecord],
    skus: Sequence[SkuRecord],
    person_id: int | None = None,
) -> None:
    """The writing half of `replace_skus`: the caller holds the product and bumps its version."""
    check_matrix(options, skus)
    ids = _write_options(product, options)
    rows = list(product.skus.select_for_update(no_key=True).order_by("pk"))
    # Locked as checkouts lock them: stock that is set must not overwrite what an order takes in the meantime.
    if rows and any(record.stock is not None for record in skus):
        lock_levels(row.pk for row in rows)
    known = {row.option_key: row for row in rows if row.is_active}
    dormant = {row.option_key: row for row in rows if not row.is_active}
    kept = set()
    for position, record in enumerate(skus):
        value_ids = [ids[option.name, value] for option, value in zip(options, record.values, strict=True)]
        key = "-".join(str(pk) for pk in sorted(value_ids))
        kept.add(key)
        row = known.get(key) or dormant.get(key) or Sku(product=product, option_key=key)
        _write_sku(row, record, value_ids, position, product.currency, person_id)
    gone = [row.pk for key, row in known.items() if key not in kept]
    Sku.objects.filter(pk__in=gone).update(is_active=False)
    prices = [record.price_minor for record in skus]
    product.min_price_minor, product.max_price_minor = min(prices), max(prices)
    Product.objects.filter(pk=product.pk).update(min_price_minor=min(prices), max_price_minor=max(prices))


def _write_options(product: Product, options: Sequence[OptionRecord]) -> dict[tuple[str, str], int]:
    """Ids of (option name, value name), of old rows where they are known."""
    ids = {}
    product.options.exclude(name__in=[option.name for option in options]).delete()
    for position, record in enumerate(options):
        option, _ = Option.objects.update_or_create(product=product, name=record.name, defaults={"position": position})
        option.values.exclude(name__in=record.values).delete()
        for value_position, name in enumerate(record.values):
            value, _ = OptionValue.objects.update_or_create(
                option=option, name=name, defaults={"position": value_position}
            )
            ids[record.name, name] = value.pk
    return ids


def _write_sku(
    row: Sku, record: SkuRecord, value_ids: list[int], position: int, currency: str, person_id: int | None
) -> None:
    made = row.pk is None
    row.option_value_ids = value_ids
    row.option_text = " / ".join(record.values)[:200]
    row.price_minor = record.price_minor
    row.list_price_minor = record.list_price_minor
    row.code = record.code
    row.currency = currency
    row.position = position
    row.is_active = True
    # The stock columns are left to guarded updates: a save would overwrite what an order held in the meantime.
    texts = ["option_value_ids", "option_text", "price_minor", "list_price_minor", "code", "currency", "position"]
    row.save(update_fields=None if made else [*texts, "is_active"])
    if record.stock is None:
        return
    kind = StockMovement.Kind.INITIAL if made else StockMovement.Kind.ADJUST
    change = record.stock if made else record.stock - row.on_hand
    try:
        apply_change(sku=row, change=change, kind=kind, person_id=person_id)
    except NotEnoughStock as refusal:
        raise NotEnoughStock(field=f"skus.{position}.stock", expected=refusal.expected, data=refusal.data) from refusal
