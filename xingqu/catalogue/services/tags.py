"""The tag vocabulary, and the tags of products."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Count, F

from xingqu.catalogue.domain.feature_tags import canonical_name, english_name, read_tags, weigh_tags
from xingqu.catalogue.models import FeatureTag, Product, ProductTag
from xingqu.catalogue.selectors.categories import category_path
from xingqu.catalogue.services.category_tree import tags_of_category
from xingqu.catalogue.services.search_index import index_product, is_deferred
from xingqu.kit.errors import InvalidInput

MAX_NAME = 24


def ensure_tags(names: Iterable[str]) -> dict[str, int]:
    """Ids of tags by name; new names join the vocabulary. Raises InvalidInput for an empty or too long name."""
    wanted = {name: name.strip() for name in names}
    for name in wanted.values():
        if not 1 <= len(name) <= MAX_NAME:
            raise InvalidInput(field="tags", expected=f"1 to {MAX_NAME} characters", data={"name": name[:40]})
    known = dict(FeatureTag.objects.filter(name__in=wanted.values()).values_list("name", "id"))
    # A new spelling of a word is that word: nobody has one interest twice.
    canonical = {name: canonical_name(name) for name in wanted.values() if name not in known}
    known |= dict(FeatureTag.objects.filter(name__in=canonical.values()).values_list("name", "id"))
    missing = sorted(set(canonical.values()) - set(known))
    if missing:
        FeatureTag.objects.bulk_create(
            [FeatureTag(name=name, name_en=english_name(name)) for name in missing], ignore_conflicts=True
        )
        known |= dict(FeatureTag.objects.filter(name__in=missing).values_list("name", "id"))
    return {name: known[canonical.get(stripped, stripped)] for name, stripped in wanted.items()}


def name_tags() -> int:
    """Give tags that go by their own name the English one that has become known since; returns how many."""
    changed = []
    for tag in FeatureTag.objects.filter(name_en=F("name")):
        tag.name_en = english_name(tag.name)
        if tag.name_en != tag.name:
            changed.append(tag)
    FeatureTag.objects.bulk_update(changed, ["name_en"], batch_size=200)
    return len(changed)


@transaction.atomic
def retag_product(*, product_id: int) -> None:
    """Read one product's tags anew, against how rare they are now, and its entry of the search index."""
    if is_deferred(product_id):
        return
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    found = _read(product)
    counts = dict(
        ProductTag.objects.filter(tag__name__in=found)
        .exclude(product=product)
        .values_list("tag__name")
        .annotate(n=Count("id"))
    )
    _write(product, found, counts, Product.objects.count())
    index_product(product_id=product_id)


@transaction.atomic
def retag_products(*, product_ids: Iterable[int] | None = None) -> int:
    """Read the tags of these products (all of them by default) anew: after an import, when rarities have moved.

    Returns how many products were read.
    """
    rows = Product.objects.select_for_update(no_key=True).exclude(status="deleted").order_by("id")
    if product_ids is not None:
        rows = rows.filter(pk__in=list(product_ids))
    products = list(rows)
    read = {product.pk: _read(product) for product in products}
    counts = Counter(tag for found in read.values() for tag in found)
    others = ProductTag.objects.exclude(product_id__in=read).values_list("tag__name").annotate(n=Count("id"))
    counts.update(dict(others))
    total = Product.objects.count()
    for product in products:
        _write(product, read[product.pk], counts, total)
        index_product(product_id=product.pk)
    return len(products)


def _read(product: Product) -> dict[str, tuple[float, str]]:
    path = category_path(category_id=product.category_id)
    return read_tags(
        name=product.name,
        brief=product.brief,
        attributes=list(product.attributes.values_list("name", "value")),
        category_tags=tags_of_category([card.name for card in path]),
        stated=product.stated_tags,
    )


def _write(product: Product, found: dict[str, tuple[float, str]], counts: Mapping[str, int], total: int) -> None:
    tags = weigh_tags(found, product_counts=counts, products=total)
    ids = ensure_tags([tag.name for tag in tags])
    rows = [ProductTag(product=product, tag_id=ids[tag.name], weight=tag.weight, source=tag.source) for tag in tags]
    product.tags.all().delete()
    ProductTag.objects.bulk_create(rows)
