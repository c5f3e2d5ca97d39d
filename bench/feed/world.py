"""A large catalogue straight into the tables: shops, creators, categories, tags, products, contents. Seeded, repeatable."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from django.db import models, transaction

from xingqu.accounts.models import Creator, Organisation
from xingqu.catalogue.models import Category, FeatureTag, Product, ProductTag, Sku, StockLevel, Warehouse
from xingqu.content.models import Content, ContentAnchor, ContentTag
from xingqu.kit import clock

CHUNK = 5_000
TAGS_AN_ITEM = 6


@dataclass(frozen=True)
class World:
    """How large. Contents with an even number show a product; each content is about one category and its tags."""

    contents: int
    products: int
    creators: int = 400
    shops: int = 100
    categories: int = 60
    tags: int = 1_200
    seed: int = 7


def build_world(world: World) -> None:
    """Fill empty tables. Ids run from 1 in each table."""
    rng = np.random.default_rng(world.seed)
    with transaction.atomic():
        _save(Organisation, _shops(world))
        _save(Creator, _creators(world))
        _save(
            Category,
            (Category(pk=i, name=f"类目{i}", name_en=f"category {i}", slug=f"c{i}") for i in _ids(world.categories)),
        )
        _save(FeatureTag, (FeatureTag(pk=i, name=f"标签{i}", name_en=f"tag {i}") for i in _ids(world.tags)))
        _save(Product, _products(world))
        _save(Sku, _skus(world))
        _save(Warehouse, _warehouses(world))
        _save(StockLevel, _levels(world))
        _save(ProductTag, _product_tags(world, rng))
        _save(Content, _contents(world, rng))
        _save(ContentAnchor, _anchors(world))
        _save(ContentTag, _content_tags(world, rng))


def category_of_product(world: World, product_id: int) -> int:
    return 1 + product_id % world.categories


def category_of_content(world: World, content_id: int) -> int:
    product_id = product_of_content(world, content_id)
    return category_of_product(world, product_id) if product_id else 1 + (content_id // 2) % world.categories


def product_of_content(world: World, content_id: int) -> int:
    """The product a content shows, 0 when it shows none."""
    return 0 if content_id % 2 else 1 + (content_id // 2) % world.products


def tags_of_category(world: World, category_id: int) -> range:
    """A category has tags of its own, so that an interest in it can be told."""
    each = world.tags // world.categories
    return range(1 + (category_id - 1) * each, 1 + category_id * each)


def _ids(count: int) -> range:
    return range(1, count + 1)


def _save(model: type[models.Model], rows: Iterator[Any]) -> None:
    waiting = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == CHUNK:
            model._default_manager.bulk_create(waiting)
            waiting = []
    model._default_manager.bulk_create(waiting)


def _shops(world: World) -> Iterator[Organisation]:
    for i in _ids(world.shops):
        yield Organisation(pk=i, kind="merchant", name=f"小铺{i}", name_en=f"shop {i}", avatar_url="/media/a.webp")


def _creators(world: World) -> Iterator[Creator]:
    for i in _ids(world.creators):
        shop_id = i if i <= world.shops else None
        yield Creator(
            pk=i, handle=f"creator{i}", display_name=f"达人{i}", organisation_id=shop_id, avatar_url="/media/c.webp"
        )


def _products(world: World) -> Iterator[Product]:
    at = clock.now() - timedelta(days=30)
    for i in _ids(world.products):
        yield Product(
            pk=i,
            shop_id=1 + i % world.shops,
            category_id=category_of_product(world, i),
            name=f"轻量双人露营帐篷 {i}",
            short_name=f"帐篷 {i}",
            brief="三季可用，五分钟搭好",
            status="online",
            check_status="approved",
            draft_status="none",
            min_price_minor=9_900 + i,
            max_price_minor=9_900 + i,
            picture_url=f"/media/p/{i}.webp",
            published_at=at,
            created_at=at,
            updated_at=at,
        )


def _skus(world: World) -> Iterator[Sku]:
    for i in _ids(world.products):
        yield Sku(pk=i, product_id=i, option_key="", price_minor=9_900 + i, list_price_minor=12_900 + i)


def _warehouses(world: World) -> Iterator[Warehouse]:
    for i in _ids(world.shops):
        yield Warehouse(pk=i, shop_id=i, name="默认仓", is_default=True)


def _levels(world: World) -> Iterator[StockLevel]:
    for i in _ids(world.products):
        yield StockLevel(sku_id=i, warehouse_id=1 + (i - 1) % world.shops, received=100, free=100)


def _product_tags(world: World, rng: np.random.Generator) -> Iterator[ProductTag]:
    for i in _ids(world.products):
        for tag_id in _tags(world, category_of_product(world, i), rng):
            yield ProductTag(product_id=i, tag_id=tag_id, weight=0.8, source="title")


def _contents(world: World, rng: np.random.Generator) -> Iterator[Content]:
    now = clock.now()
    age_minutes = rng.integers(1, 90 * 1440, size=world.contents + 1)
    for i in _ids(world.contents):
        product_id, at = product_of_content(world, i), now - timedelta(minutes=int(age_minutes[i]))
        yield Content(
            pk=i,
            kind="video" if i % 5 else "picture",
            creator_id=1 + (i * 7919) % world.creators,
            shop_id=1 + product_id % world.shops if product_id else None,
            title=f"周末去山里 {i}",
            caption="风大也不怕，天亮前收好，带孩子也轻松。",
            state="published",
            media={
                "poster": f"v/{i}/poster.webp",
                "hls": f"v/{i}/master.m3u8",
                "mp4": f"v/{i}/720.mp4",
                "previews": [],
            },
            duration_ms=8_000 + i % 7_000,
            width=720,
            height=1280,
            like_count=i % 900,
            published_at=at,
            created_at=at,
            updated_at=at,
        )


def _anchors(world: World) -> Iterator[ContentAnchor]:
    for i in _ids(world.contents):
        if product_id := product_of_content(world, i):
            yield ContentAnchor(content_id=i, product_id=product_id, label="", show_from_ms=2_000, position=0)


def _content_tags(world: World, rng: np.random.Generator) -> Iterator[ContentTag]:
    for i in _ids(world.contents):
        for place, tag_id in enumerate(_tags(world, category_of_content(world, i), rng)):
            yield ContentTag(content_id=i, tag_id=tag_id, weight=1.0 - place * 0.1, is_topic=place < 3)


def _tags(world: World, category_id: int, rng: np.random.Generator) -> list[int]:
    """Mostly the category's own tags, and one of any."""
    own = tags_of_category(world, category_id)
    count = min(TAGS_AN_ITEM - 1, len(own))
    found = dict.fromkeys(int(own[k]) for k in rng.permutation(len(own))[:count])
    found[int(rng.integers(1, world.tags + 1))] = None
    return list(found)
