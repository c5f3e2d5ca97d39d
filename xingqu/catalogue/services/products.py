"""A product's life: draft, check, on and off the shelf, deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from xingqu.catalogue.domain.errors import Duplicate
from xingqu.catalogue.domain.listing_check import Asked, Reasons, check_listing
from xingqu.catalogue.domain.records import CHECKED_FIELDS, PROMISES, ProductRecord, merge_draft, refuse_duplicates
from xingqu.catalogue.models import Product, ProductAttribute
from xingqu.catalogue.selectors.categories import category_attributes, category_cards
from xingqu.catalogue.selectors.shop_review import require_listing
from xingqu.catalogue.services.limits import as_columns
from xingqu.catalogue.services.search_index import index_product
from xingqu.catalogue.services.shelf import own_product, require, save_product
from xingqu.catalogue.services.skus import write_skus
from xingqu.catalogue.services.tags import retag_product
from xingqu.kit.errors import InvalidInput

CHECKED_COLUMNS = tuple(name for name in CHECKED_FIELDS if name != "attributes")


@transaction.atomic
def create_product(*, shop_id: int, record: ProductRecord) -> int:
    """Make a draft and return its id. Raises InvalidInput, Duplicate or TooMany with the field that is wrong."""
    check_texts({name: getattr(record, name) for name in CHECKED_FIELDS})
    texts = {name: _as_column(getattr(record, name)) for name in CHECKED_COLUMNS}
    limit = as_columns(record.limit) if record.limit is not None else {}
    try:
        with transaction.atomic():
            product = Product.objects.create(
                shop_id=shop_id, external_id=record.external_id, currency=record.currency, **texts, **limit
            )
    except IntegrityError as error:
        raise Duplicate(field="external_id", expected="an id that no other product of the shop has") from error
    write_attributes(product, record.attributes)
    if record.skus:
        write_skus(product=product, options=record.options, skus=record.skus)
    retag_product(product_id=product.pk)
    return product.pk


@transaction.atomic
def update_product(*, shop_id: int, product_id: int, version: int, changes: Mapping[str, Any]) -> None:
    """Change checked fields; of an approved product they wait in its draft until they pass the check.

    Raises NotFound, StaleVersion, InvalidInput.
    """
    product = own_product(shop_id=shop_id, product_id=product_id, version=version)
    require(product.check_status != "banned", "A banned product can't be edited.", "a product that is not banned")
    check_texts(changes)
    if product.check_status == "approved":
        draft = product.draft | {name: _as_column(value) for name, value in changes.items()}
        save_product(product, draft=draft, draft_status=Product.DraftStatus.EDITING)
        return
    if product.check_status == "pending":  # what an operator would read has changed: it is submitted anew
        product.check_status = Product.CheckStatus.UNSUBMITTED
    columns = {name: _as_column(value) for name, value in changes.items() if name != "attributes"}
    if "attributes" in changes:
        write_attributes(product, changes["attributes"])
    save_product(product, **columns, check_status=product.check_status, draft_status=Product.DraftStatus.EDITING)
    retag_product(product_id=product.pk)


@transaction.atomic
def discard_draft(*, shop_id: int, product_id: int, version: int) -> None:
    """Drop the waiting edits of an approved product. Raises NotFound, StaleVersion, WrongState without any."""
    product = own_product(shop_id=shop_id, product_id=product_id, version=version)
    require(bool(product.draft), "There is no draft to discard.", "a product with waiting edits")
    save_product(product, draft={}, draft_status=Product.DraftStatus.NONE, check_reasons={})


@transaction.atomic
def submit_product(*, shop_id: int, product_id: int, needs_picture: bool = True) -> Reasons:
    """Run the automatic check and nothing else, for what the house itself lists; merchants' go through `submit_for_review`.

    Returns the reasons against listing by field, empty when approved.

    A new product becomes approved or rejected. A draft of an approved one is applied, or stays with its reasons while
    the approved text remains on sale. Raises NotFound, WrongState.
    """
    product = own_product(shop_id=shop_id, product_id=product_id)
    texts, reasons = check_product(product, needs_picture=needs_picture)
    if reasons:
        refuse_product(product, reasons)
    else:
        approve_product(product, texts)
    return reasons


def check_product(product: Product, *, needs_picture: bool) -> tuple[dict[str, Any], Reasons]:
    """The texts as they would stand, and the automatic check's reasons against them. Raises WrongState when banned."""
    require(product.check_status != "banned", "A banned product can't be submitted.", "a product that is not banned")
    texts = merge_draft(current_texts(product), product.draft)
    reasons = check_listing(
        texts=texts,
        asked=asked_attributes(texts["category_id"]),
        is_leaf=_is_leaf(texts["category_id"]),
        sku_count=product.skus.filter(is_active=True).count(),
        picture_count=product.pictures.count() if needs_picture else None,
    )
    return texts, reasons


def refuse_product(product: Product, reasons: Reasons) -> None:
    """Send the product, or the waiting edits of one on sale, back with its reasons."""
    live = product.check_status == "approved"
    state = {"draft_status": "rejected"} if live else {"check_status": "rejected", "draft_status": "editing"}
    save_product(product, check_reasons=reasons, **state)


def approve_product(product: Product, texts: Mapping[str, Any]) -> None:
    """Make the checked texts those that are on sale."""
    if "attributes" in product.draft:
        write_attributes(product, texts["attributes"])
    save_product(
        product,
        **{name: texts[name] for name in CHECKED_COLUMNS},
        check_status=Product.CheckStatus.APPROVED,
        draft_status=Product.DraftStatus.NONE,
        draft={},
        check_reasons={},
    )
    retag_product(product_id=product.pk)


@transaction.atomic
def take_online(*, shop_id: int, product_id: int) -> None:
    """Put an approved product on the shelf. Doing it again changes nothing.

    Raises NotFound, WrongState, ShopNotApproved, ListingFrozen.
    """
    product = own_product(shop_id=shop_id, product_id=product_id)
    require_listing(shop_id=shop_id)
    require(
        product.check_status == "approved",
        "Only an approved product can go on the shelf. Submit it first.",
        "check_status approved",
    )
    if product.status != "online":
        save_product(product, status=Product.Status.ONLINE)
        index_product(product_id=product.pk)


@transaction.atomic
def take_offline(*, shop_id: int, product_id: int) -> None:
    """Take a product off the shelf. Doing it again changes nothing. Raises NotFound."""
    product = own_product(shop_id=shop_id, product_id=product_id)
    if product.status != "offline":
        save_product(product, status=Product.Status.OFFLINE)
        index_product(product_id=product.pk)


@transaction.atomic
def delete_product(*, shop_id: int, product_id: int) -> None:
    """Delete for good, softly: orders keep naming it. Raises NotFound."""
    product = own_product(shop_id=shop_id, product_id=product_id)
    # The external id becomes free, so that the merchant can import the product anew.
    save_product(product, status=Product.Status.DELETED, external_id=None, content_digest="")
    index_product(product_id=product.pk)


@transaction.atomic
def ban_product(*, product_id: int, shop_id: int, reason: str) -> None:
    """Take a product off for breaking the rules; only an operator does this. Raises NotFound."""
    product = own_product(shop_id=shop_id, product_id=product_id)
    reasons = {"product": [{"code": "banned", "message": reason}]}
    save_product(product, check_status=Product.CheckStatus.BANNED, check_reasons=reasons)
    index_product(product_id=product.pk)


def current_texts(product: Product) -> dict[str, Any]:
    """The checked fields as they stand."""
    attributes = [list(row) for row in product.attributes.order_by("position", "id").values_list("name", "value")]
    return {name: getattr(product, name) for name in CHECKED_COLUMNS} | {"attributes": attributes}


def asked_attributes(category_id: int) -> list[Asked]:
    """What the category asks for. Raises NotFound."""
    return [
        Asked(name=row["name"], required=row["required"], kind=row["type"], choices=tuple(row["choices"]))
        for row in category_attributes(category_id=category_id)
    ]


def _is_leaf(category_id: int) -> bool:
    return all(card.parent_id != category_id for card in category_cards().values())


def check_texts(changes: Mapping[str, Any]) -> None:
    """Rules that hold for a draft too: a known category, names that differ, known promises."""
    if "category_id" in changes and changes["category_id"] not in category_cards():
        raise InvalidInput(
            "There is no such category.", field="category_id", expected="the id of a category of GET /categories"
        )
    if "attributes" in changes:
        refuse_duplicates([name for name, _ in changes["attributes"]], "attributes", "attribute names that differ")
    if "stated_tags" in changes:
        refuse_duplicates(changes["stated_tags"], "stated_tags", "tags that differ")
    for promise in changes.get("promises", ()):
        if promise not in PROMISES:
            raise InvalidInput("There is no such promise.", field="promises", expected=", ".join(PROMISES))


def write_attributes(product: Product, attributes: Sequence[Sequence[str]]) -> None:
    """Replace the stated attributes."""
    product.attributes.all().delete()
    ProductAttribute.objects.bulk_create(
        [
            ProductAttribute(product=product, name=name, value=value, position=position)
            for position, (name, value) in enumerate(attributes)
        ]
    )


def _as_column(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_as_column(item) for item in value]
    return value
