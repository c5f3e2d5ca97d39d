"""Keeps the search index in the same transaction as the product it tells of."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

from xingqu.accounts.selectors import organisation_card
from xingqu.catalogue.domain.search_text import fold, pinyin_of, suggestible, weigh_terms, words_of
from xingqu.catalogue.models import Product, ProductTag, SearchTerm, SearchWord
from xingqu.catalogue.selectors.categories import category_path
from xingqu.catalogue.services.shelf import is_on_shelf

_waiting: ContextVar[set[int] | None] = ContextVar("waiting_for_tags_and_terms", default=None)


@contextmanager
def collect_changes() -> Iterator[set[int]]:
    """Inside, tags and terms of changed products are not written but collected: the caller writes them once at the end."""
    ids: set[int] = set()
    token = _waiting.set(ids)
    try:
        yield ids
    finally:
        _waiting.reset(token)


def is_deferred(product_id: int) -> bool:
    """Whether somebody collects changes; the product is then noted."""
    ids = _waiting.get()
    if ids is not None:
        ids.add(product_id)
    return ids is not None


@transaction.atomic
def index_product(*, product_id: int) -> None:
    """Write the product's terms when it is on the shelf, remove them when it is not."""
    if is_deferred(product_id):
        return
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    SearchTerm.objects.filter(product_id=product_id).delete()
    if not is_on_shelf(product):
        return
    path = category_path(category_id=product.category_id)
    named = ProductTag.objects.filter(product_id=product_id).values_list("tag__name", "tag__name_en")
    tags = [name for name, _ in named]
    fields = [("name", product.name), ("brief", product.brief), ("brand", product.brand)]
    fields += [("tag", text) for names in named for text in names]
    fields += [("category", card.name) for card in path]
    fields += [("category", card.name_en) for card in path]
    fields.append(("shop", organisation_card(organisation_id=product.shop_id).name))
    fields += [("attribute", value) for value in product.attributes.values_list("value", flat=True)]
    terms = weigh_terms(fields)
    SearchTerm.objects.bulk_create(
        [SearchTerm(term=term, product_id=product_id, weight=weight) for term, weight in terms.items()]
    )
    words = {fold(word): "word" for word in words_of(product.name)}
    words |= {fold(name): "tag" for name in tags}
    words |= {fold(card.name): "category" for card in path}
    _learn_words({word: kind for word, kind in words.items() if suggestible(word)})


def _learn_words(words: dict[str, str]) -> None:
    known = set(SearchWord.objects.filter(word__in=words).values_list("word", flat=True))
    SearchWord.objects.bulk_create(
        [
            SearchWord(word=word, pinyin=pinyin_of(word)[0], initials=pinyin_of(word)[1], kind=kind)
            for word, kind in sorted(words.items())
            if word not in known
        ],
        ignore_conflicts=True,
    )
