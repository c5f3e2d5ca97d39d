"""Changing many products at once: previewed by the same code that does it, a result for each product, undone from what was kept."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction

from xingqu.catalogue.domain.batch import (
    MAX_PRODUCTS,
    BatchChange,
    BatchResult,
    BatchRow,
    FieldChange,
    check_change,
    new_price,
    new_tags,
)
from xingqu.catalogue.domain.errors import StaleVersion, TooMany
from xingqu.catalogue.domain.limits import Limit, check_limit
from xingqu.catalogue.models import Product, ProductBatch, ProductBatchRow, Sku, StockMovement
from xingqu.catalogue.services.limits import as_columns, write_limit
from xingqu.catalogue.services.products import take_offline, take_online, update_product
from xingqu.catalogue.services.shelf import own_product, require, save_product
from xingqu.catalogue.services.stock import apply_change
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, NotFound
from xingqu.kit.transactions import retried

REASON = "batch"


def edit_products(
    *, shop_id: int, person_id: int, product_ids: Sequence[int], change: BatchChange, dry_run: bool
) -> BatchResult:
    """Change up to 500 products, each in a transaction of its own: one that refuses does not stop the others.

    `dry_run` does all of it and undoes it, product by product. Raises InvalidInput, TooMany.
    """
    check_change(change)
    ids = list(dict.fromkeys(product_ids))
    if len(ids) > MAX_PRODUCTS:
        raise TooMany(field="product_ids", expected=f"at most {MAX_PRODUCTS} products")
    batch = None
    if not dry_run:
        batch = ProductBatch.objects.create(
            shop_id=shop_id, person_id=person_id, change=asdict(change), created_at=clock.now()
        )
    rows = tuple(_edit_one(shop_id, person_id, pk, change, batch) for pk in ids)
    changed = batch is not None and any(row.changes for row in rows)
    if batch is not None and not changed:
        batch.delete()
    return BatchResult(rows=rows, batch_id=batch.pk if batch is not None and changed else None, dry_run=dry_run)


def undo_batch(*, shop_id: int, person_id: int, batch_id: int) -> BatchResult:
    """Take a batch back, product by product, once. Stock moves back by as much as it was moved; a price, text or state
    that was changed again since then refuses and stays. Raises NotFound, WrongState when nothing is left to undo."""
    batch = ProductBatch.objects.filter(pk=batch_id, shop_id=shop_id).first()
    if batch is None:
        raise NotFound
    kept = list(batch.rows.filter(undone=False).order_by("id"))
    require(bool(kept), "This batch was undone already.", "a batch with changes that stand")
    rows = tuple(_undo_one(shop_id, person_id, row) for row in kept)
    if not batch.rows.filter(undone=False).exists():
        ProductBatch.objects.filter(pk=batch.pk, undone_at=None).update(undone_at=clock.now())
    return BatchResult(rows=rows, batch_id=batch.pk)


def _edit_one(
    shop_id: int, person_id: int, product_id: int, change: BatchChange, batch: ProductBatch | None
) -> BatchRow:
    try:
        return _edit_in_transaction(shop_id, person_id, product_id, change, batch)
    except BusinessError as error:
        return _refused(product_id, shop_id, error)


@retried
@transaction.atomic
def _edit_in_transaction(
    shop_id: int, person_id: int, product_id: int, change: BatchChange, batch: ProductBatch | None
) -> BatchRow:
    product = own_product(shop_id=shop_id, product_id=product_id)
    waits = False
    if change.kind.startswith("price_"):
        changes = _change_prices(product, change)
    elif change.kind.startswith("stock_"):
        changes = _change_stock(product, change, person_id)
    elif change.kind in ("online", "offline"):
        changes = _change_status(product, change.kind)
    elif change.kind.startswith("limit_"):
        changes = _change_limit(product, change.kind, change.value or None)
    else:
        changes = _change_text(product, change)
        waits = product.check_status == Product.CheckStatus.APPROVED
    if batch is None:
        transaction.set_rollback(True)
    elif changes:
        ProductBatchRow.objects.create(batch=batch, product=product, changes=[asdict(row) for row in changes])
    return BatchRow(product_id=product_id, name=product.name, changes=tuple(changes), waits=waits and bool(changes))


def _change_prices(product: Product, change: BatchChange) -> list[FieldChange]:
    require(product.check_status != "banned", "A banned product can't be edited.", "a product that is not banned")
    changes = []
    for sku in _locked_skus(product):
        price = new_price(change, sku.price_minor)
        if price == sku.price_minor:
            continue
        changes.append(FieldChange("price_minor", sku.price_minor, price, sku.pk, sku.option_text))
        if sku.list_price_minor is not None and sku.list_price_minor < price:
            # A list price below the price would be a lie; the row says that it goes.
            changes.append(FieldChange("list_price_minor", sku.list_price_minor, None, sku.pk, sku.option_text))
    _write_prices(product, changes)
    return changes


def _write_prices(product: Product, changes: Sequence[FieldChange]) -> None:
    for row in changes:
        Sku.objects.filter(pk=row.sku_id or 0).update(**{row.field: row.after})
    if changes:
        prices = list(product.skus.filter(is_active=True).values_list("price_minor", flat=True))
        save_product(product, min_price_minor=min(prices), max_price_minor=max(prices))


def _change_stock(product: Product, change: BatchChange, person_id: int) -> list[FieldChange]:
    changes = []
    for sku in _locked_skus(product):
        before = sku.on_hand
        delta = change.value if change.kind == "stock_add" else change.value - before
        if delta == 0:
            continue
        apply_change(sku=sku, change=delta, kind=StockMovement.Kind.ADJUST, reason=REASON, person_id=person_id)
        changes.append(FieldChange("on_hand", before, before + delta, sku.pk, sku.option_text))
    return changes


def _change_limit(product: Product, name: str, after: int | None) -> list[FieldChange]:
    """One part of the product's purchase limit; its SKUs' own stay as they are."""
    before = getattr(product, name)
    if before == after:
        return []
    limit = Limit(product.limit_per_order, product.limit_per_person, product.limit_days)
    limit = limit._replace(**{name.removeprefix("limit_"): after})
    if limit.per_person is None:
        limit = limit._replace(days=None)
    changes = [
        FieldChange(column, getattr(product, column), value)
        for column, value in as_columns(limit).items()
        if getattr(product, column) != value
    ]
    if not changes:
        return []
    check_limit(limit, "limit")
    write_limit(product, limit)
    return changes


def _undo_limit(product: Product, changes: Sequence[FieldChange]) -> None:
    _unchanged(all(getattr(product, change.field) == change.before for change in changes))
    columns = {change.field: change.after for change in changes}
    limit = Limit(
        *(columns.get(name, getattr(product, name)) for name in ("limit_per_order", "limit_per_person", "limit_days"))
    )
    check_limit(limit, "limit")
    write_limit(product, limit)


def _change_status(product: Product, kind: str) -> list[FieldChange]:
    if product.status == kind:
        return []
    act = take_online if kind == "online" else take_offline
    act(shop_id=product.shop_id, product_id=product.pk)
    return [FieldChange("status", product.status, kind)]


def _change_text(product: Product, change: BatchChange) -> list[FieldChange]:
    name = "category_id" if change.kind == "category" else "stated_tags"
    before = _standing(product, name)
    after = change.value if change.kind == "category" else new_tags(change, before)
    if before == after:
        return []
    update_product(shop_id=product.shop_id, product_id=product.pk, version=product.version, changes={name: after})
    return [FieldChange(name, before, after)]


def _standing(product: Product, name: str) -> Any:
    """A checked field as its merchant sees it: with the edits that wait."""
    return product.draft.get(name, getattr(product, name))


def _locked_skus(product: Product) -> list[Sku]:
    return list(product.skus.filter(is_active=True).select_for_update(no_key=True).order_by("pk"))


def _undo_one(shop_id: int, person_id: int, row: ProductBatchRow) -> BatchRow:
    try:
        return _undo_in_transaction(shop_id, person_id, row)
    except BusinessError as error:
        return _refused(row.product_id, shop_id, error)


@retried
@transaction.atomic
def _undo_in_transaction(shop_id: int, person_id: int, row: ProductBatchRow) -> BatchRow:
    product = own_product(shop_id=shop_id, product_id=row.product_id)
    taken = ProductBatchRow.objects.filter(pk=row.pk, undone=False).update(undone=True)
    require(taken == 1, "This change was undone already.", "a change that stands")
    changes = [
        FieldChange(kept["field"], kept["after"], kept["before"], kept["sku_id"], kept["option_text"])
        for kept in row.changes
    ]
    if changes[0].field == "on_hand":
        _undo_stock(product, changes, person_id)
    elif changes[0].field.endswith("price_minor"):
        _undo_prices(product, changes)
    elif changes[0].field.startswith("limit_"):
        _undo_limit(product, changes)
    elif changes[0].field == "status":
        _unchanged(product.status == changes[0].before)
        _change_status(product, changes[0].after)
    else:
        _unchanged(_standing(product, changes[0].field) == changes[0].before)
        texts = {changes[0].field: changes[0].after}
        update_product(shop_id=shop_id, product_id=product.pk, version=product.version, changes=texts)
    return BatchRow(product_id=product.pk, name=product.name, changes=tuple(changes))


def _undo_stock(product: Product, changes: Sequence[FieldChange], person_id: int) -> None:
    skus = {sku.pk: sku for sku in _locked_skus(product)}
    for change in changes:
        _unchanged(change.sku_id in skus)
        apply_change(
            sku=skus[change.sku_id or 0],
            change=change.after - change.before,
            kind=StockMovement.Kind.ADJUST,
            reason=f"{REASON} undone",
            person_id=person_id,
        )


def _undo_prices(product: Product, changes: Sequence[FieldChange]) -> None:
    skus = {sku.pk: sku for sku in _locked_skus(product)}
    for change in changes:
        _unchanged(change.sku_id in skus and getattr(skus[change.sku_id], change.field) == change.before)
    _write_prices(product, changes)


def _unchanged(still: bool) -> None:
    if not still:
        raise StaleVersion("This was changed again after the batch; it stays as it is now.")


def _refused(product_id: int, shop_id: int, error: BusinessError) -> BatchRow:
    name = Product.objects.filter(pk=product_id, shop_id=shop_id).values_list("name", flat=True).first()
    return BatchRow(
        product_id=product_id, name=name or "", error=error.code, message=str(error), expected=error.expected
    )
