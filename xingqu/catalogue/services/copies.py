"""A product made from another one."""

from typing import Any

from django.db import transaction

from xingqu.catalogue.domain.limits import Limit
from xingqu.catalogue.domain.records import CHECKED_FIELDS, OptionRecord, ProductRecord, SkuRecord, merge_draft
from xingqu.catalogue.models import Option, OptionValue, Product, ProductPicture
from xingqu.catalogue.services.products import create_product, current_texts
from xingqu.catalogue.services.shelf import own_product, save_product
from xingqu.kit.transactions import retried

NAME_LENGTH = 60
SUFFIX = " 副本"


@retried
@transaction.atomic
def copy_product(*, shop_id: int, product_id: int) -> int:
    """Make a draft of everything the product is, waiting edits included, and return its id. Stock starts at zero, and the
    shop's own id of the product is not copied. Raises NotFound."""
    product = own_product(shop_id=shop_id, product_id=product_id)
    texts = merge_draft(current_texts(product), product.draft)
    texts["name"] = texts["name"][: NAME_LENGTH - len(SUFFIX)] + SUFFIX
    options = list(product.options.order_by("position", "id").prefetch_related("values"))
    made = create_product(
        shop_id=shop_id,
        record=ProductRecord(
            **{name: _frozen(texts[name]) for name in CHECKED_FIELDS},
            currency=product.currency,
            options=tuple(
                OptionRecord(option.name, tuple(value.name for value in _values(option))) for option in options
            ),
            skus=_skus(product, options),
            limit=Limit(product.limit_per_order, product.limit_per_person, product.limit_days),
        ),
    )
    pictures = product.pictures.order_by("position", "id")
    ProductPicture.objects.bulk_create(
        [
            ProductPicture(product_id=made, url=row.url, width=row.width, height=row.height, position=row.position)
            for row in pictures
        ]
    )
    save_product(Product.objects.get(pk=made), picture_url=product.picture_url)
    return made


def _values(option: Option) -> list[OptionValue]:
    return sorted(option.values.all(), key=lambda value: (value.position, value.pk))


def _skus(product: Product, options: list[Option]) -> tuple[SkuRecord, ...]:
    names = {
        value.pk: (position, value.name) for position, option in enumerate(options) for value in option.values.all()
    }
    records = []
    for sku in product.skus.filter(is_active=True).order_by("position", "id"):
        values = sorted(names[pk] for pk in sku.option_value_ids)
        records.append(
            SkuRecord(
                values=tuple(name for _, name in values),
                price_minor=sku.price_minor,
                list_price_minor=sku.list_price_minor,
                stock=0,
                code=sku.code,
            )
        )
    return tuple(records)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
