"""A shop with a publishing account, products on sale, rooms in any state, and streams as an encoder's would be."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client

from xingqu.accounts import services as accounts
from xingqu.accounts.models import Creator, Person
from xingqu.catalogue.models import Category, Product, Sku
from xingqu.catalogue.services import change_stock
from xingqu.live import services
from xingqu.live.domain.keys import stream_key
from xingqu.live.models import LiveRoom
from xingqu.live.services import RoomChanges

_numbers = count(1)


class Caller:
    """A browser that sends the CSRF token, signed in as a person or not."""

    def __init__(self, person_id: int | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        if person_id is not None:
            self.client.force_login(Person.objects.get(pk=person_id))
        self.session = self.client.get("/api/v1/session").json()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"X-CSRFToken": self.client.cookies["csrftoken"].value}
        data = b"" if body is None else orjson.dumps(body)
        return self.client.generic(method, f"/api/v1{path}", data, "application/json", headers=headers)

    def get(self, path: str) -> Any:
        return self.send("GET", path)

    def post(self, path: str, body: Any = None) -> Any:
        return self.send("POST", path, body)


@dataclass
class Studio:
    """A shop and its publishing account."""

    shop_id: int
    owner_id: int
    creator_id: int

    def product(self, *, stock: int = 5) -> int:
        number = next(_numbers)
        category, _ = Category.objects.get_or_create(slug="lamps", defaults={"name": "灯"})
        product = Product.objects.create(
            shop_id=self.shop_id,
            category=category,
            name=f"营地灯{number}",
            status="online",
            check_status="approved",
            min_price_minor=9900,
            max_price_minor=9900,
        )
        sku = Sku.objects.create(product=product, option_key="", price_minor=9900)
        if stock:
            change_stock(shop_id=self.shop_id, product_id=product.pk, sku_id=sku.pk, set_to=stock, reason="首批")
        return product.pk

    def room(self, **changes: Any) -> int:
        given = RoomChanges(**{"title": "周五夜场", **changes})
        return services.create_room(shop_id=self.shop_id, creator_id=None, changes=given)

    def push(self, room_id: int) -> str:
        """A stream begins to arrive and can be played; returns its token."""
        grant = services.open_stream(key=key_of(room_id), recording=True)
        services.confirm_stream(token=grant.token)
        return grant.token

    def live_room(self, **changes: Any) -> tuple[int, str]:
        """A room on air with its stream's token."""
        room_id = self.room(**changes)
        token = self.push(room_id)
        services.start_room(shop_id=self.shop_id, room_id=room_id)
        return room_id, token

    def items(self, room_id: int, *product_ids: int) -> list[int]:
        new = [services.NewItem(product_id=pk) for pk in product_ids]
        return services.add_items(shop_id=self.shop_id, room_id=room_id, items=new)


def key_of(room_id: int) -> str:
    room = LiveRoom.objects.get(pk=room_id)
    return stream_key(play_name=room.play_name, key_version=room.key_version)


def new_studio() -> Studio:
    number = next(_numbers)
    owner_id = accounts.create_person(email=f"host{number}@example.test", password=None, display_name="主播")
    shop_id = accounts.create_organisation(owner_id=owner_id, kind="merchant", name=f"灯火小铺{number}")
    return Studio(shop_id, owner_id, Creator.objects.get(organisation_id=shop_id).pk)


@pytest.fixture
def studio(db: None) -> Studio:
    return new_studio()


@pytest.fixture
def other_studio(db: None) -> Studio:
    return new_studio()


@pytest.fixture
def viewer(db: None) -> Callable[[], int]:
    def make() -> int:
        number = next(_numbers)
        return accounts.create_person(email=f"v{number}@example.test", password=None, display_name=f"看客{number}")

    return make


@pytest.fixture
def caller() -> type[Caller]:
    return Caller


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
