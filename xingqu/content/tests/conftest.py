"""A small world: two shops with an owner each, categories, products on sale, contents with ready media."""

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client

from xingqu.accounts import services as accounts
from xingqu.accounts.contracts import Actor
from xingqu.accounts.models import Creator, Person
from xingqu.catalogue.models import Category, FeatureTag, Product, ProductTag, Sku
from xingqu.catalogue.services import change_stock
from xingqu.content import services
from xingqu.content.models import MediaAsset
from xingqu.content.services import AnchorSpec, ContentChanges

_numbers = count(1)


class Caller:
    """A browser that sends the CSRF token, signed in as a person or not."""

    def __init__(self, person_id: int | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        if person_id is not None:
            self.client.force_login(Person.objects.get(pk=person_id))
        self.session = self.client.get("/api/v1/session").json()

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        sent = {"X-CSRFToken": self.client.cookies["csrftoken"].value, **(headers or {})}
        data, kind = (body, "application/offset+octet-stream") if isinstance(body, bytes) else (b"", "application/json")
        if body is not None and not isinstance(body, bytes):
            data = orjson.dumps(body)
        return self.client.generic(method, f"/api/v1{path}", data, kind, headers=sent)

    def get(self, path: str) -> Any:
        return self.send("GET", path)

    @property
    def actor(self) -> Actor:
        key = self.session["actor_key"]
        return Actor(person_id=int(key[1:]), guest_key=None) if key[0] == "p" else Actor(None, int(key[1:]))


@dataclass
class Shop:
    id: int
    owner_id: int
    creator_id: int


class World:
    """Builders with plain defaults."""

    def person(self) -> int:
        return accounts.create_person(email=f"p{next(_numbers)}@example.test", password=None, display_name="青禾")

    def shop(self) -> Shop:
        owner_id = self.person()
        shop_id = accounts.create_organisation(owner_id=owner_id, kind="merchant", name=f"山行小铺{next(_numbers)}")
        return Shop(shop_id, owner_id, Creator.objects.get(organisation_id=shop_id).pk)

    def product(self, shop: Shop, *, tags: tuple[str, ...] = (), price_minor: int = 9900) -> int:
        number = next(_numbers)
        category, _ = Category.objects.get_or_create(slug="tents", defaults={"name": "帐篷"})
        product = Product.objects.create(
            shop_id=shop.id,
            category=category,
            name=f"双人帐篷{number}",
            status="online",
            check_status="approved",
            min_price_minor=price_minor,
            max_price_minor=price_minor,
        )
        sku = Sku.objects.create(product=product, option_key="", price_minor=price_minor)
        change_stock(shop_id=shop.id, product_id=product.pk, sku_id=sku.pk, set_to=5, reason="首批")
        for name in tags:
            tag, _ = FeatureTag.objects.get_or_create(name=name)
            ProductTag.objects.create(product=product, tag=tag, weight=0.5, source="title")
        return product.pk

    def asset(self, shop: Shop, *, kind: str = "video", state: str = "ready") -> int:
        asset = MediaAsset.objects.create(shop_id=shop.id, kind=kind, filename="a.mp4", state=state, size_bytes=10)
        if state == "ready":
            base = f"assets/{asset.pk}"
            asset.files = {"poster": f"{base}/poster.webp"}
            if kind == "video":
                asset.files |= {"hls": f"{base}/master.m3u8", "previews": [f"{base}/preview-1.webp"]}
            else:
                asset.files |= {"pictures": [{"path": f"{base}/w900.webp", "width": 900, "height": 1200}]}
            asset.duration_ms, asset.width, asset.height = (8000 if kind == "video" else 0), 720, 1280
            asset.save()
        return asset.pk

    def content(self, shop: Shop, *, published: bool = True, products: tuple[int, ...] = (), **changes: Any) -> int:
        kind = changes.pop("kind", "video")
        given = {"title": "夜里的营地", "caption": "", "topics": ["露营"], "asset_ids": [self.asset(shop, kind=kind)]}
        content_id = services.create_content(
            shop_id=shop.id,
            author_id=shop.owner_id,
            kind=kind,
            changes=ContentChanges(**{**given, "anchors": [AnchorSpec(product_id=p) for p in products], **changes}),
        )
        if published:
            services.publish_content(shop_id=shop.id, content_id=content_id)
        return content_id


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def shop(world: World) -> Shop:
    return world.shop()


@pytest.fixture
def guest() -> Caller:
    return Caller()


@pytest.fixture
def owner(shop: Shop) -> Caller:
    return Caller(shop.owner_id)


@pytest.fixture
def caller() -> type[Caller]:
    return Caller


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    """Uploads and media of a test stay in its own folder."""
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
