"""A small house for tests: shops with goods, buyers who speak HTTP, and the sandbox within reach."""

import itertools
import json
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from django.db.models import F
from django.test import Client

from xingqu.accounts.models import Person
from xingqu.accounts.services import create_organisation, create_person
from xingqu.catalogue import selectors as catalogue_selectors
from xingqu.catalogue import services as catalogue_services
from xingqu.catalogue.domain.records import ProductRecord, SkuRecord
from xingqu.catalogue.models import Sku, StockLevel
from xingqu.trade.providers.sandbox import gateway

API = "/api/v1"
REGION = {"province_id": 1, "city_id": 32, "district_id": 376}
_numbers = itertools.count(1)


@dataclass
class Shop:
    id: int
    owner_id: int

    def member(self) -> "Caller":
        """A client signed in as the shop's owner."""
        return Caller.signed_in(self.owner_id)


@dataclass
class Caller:
    """Somebody with a browser."""

    client: Client = field(default_factory=Client)
    person_id: int | None = None

    @classmethod
    def signed_in(cls, person_id: int) -> "Caller":
        client = Client()
        client.force_login(Person.objects.get(pk=person_id), "allauth.account.auth_backends.AuthenticationBackend")
        return cls(client, person_id)

    @classmethod
    def new_person(cls) -> "Caller":
        number = next(_numbers)
        person_id = create_person(email=f"buyer{number}@mail.example", password=None, display_name=f"买家小{number}")
        return cls.signed_in(person_id)

    @property
    def key(self) -> str:
        return str(self.get("/session")["actor_key"])

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        response = self.client.generic(
            method,
            f"{API}{path}",
            b"" if body is None else _json(body),
            content_type="application/json",
            headers=headers,
        )
        assert response.status_code == status, (response.status_code, response.content[:1500])
        return response.json() if response.content else None

    def get(self, path: str, *, status: int = 200) -> Any:
        return self.call("GET", path, status=status)

    def post(self, path: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        return self.call("POST", path, body if body is not None else {}, status=status, **headers)

    def error(self, method: str, path: str, body: Any = None, *, status: int, **headers: str) -> Any:
        return self.call(method, path, body, status=status, **headers)["error"]

    def address_id(self) -> int:
        known = self.get("/addresses")
        return int(known[0]["id"] if known else self.post("/addresses", ADDRESS, status=201)["id"])

    def quote(self, *lines: tuple[int, int], address_id: int | None = None) -> Any:
        body = {
            "lines": [{"sku_id": sku, "quantity": quantity} for sku, quantity in lines] or None,
            "address_id": address_id if address_id is not None else self.address_id(),
        }
        return self.post("/checkout/quote", body)

    def order(self, *lines: tuple[int, int], key: str | None = None) -> Any:
        """Quote and order. Returns the parent order."""
        return self.checkout(self.quote(*lines)["quote_token"], key=key)

    def checkout(self, token: str, *, key: str | None = None, status: int = 201, **fields: Any) -> Any:
        body = {"quote_token": token, "address_id": self.address_id(), **fields}
        return self.post("/checkout", body, status=status, **{"Idempotency-Key": key or uuid.uuid4().hex})

    def start_payment(self, order_no: str) -> Any:
        return self.post(f"/orders/{order_no}/pay", {"return_url": "/orders"})

    def confirm(self, redirect_url: str, mode: str = "on-time", action: str = "confirm", *, status: int = 302) -> Any:
        """Press a button on the gateway's page."""
        fields = {name: values[0] for name, values in parse_qs(urlsplit(redirect_url).query).items()}
        response = self.client.post("/sandbox-pay/pay", {**fields, "mode": mode, "action": action})
        assert response.status_code == status, response.content[:500]
        return response

    def pay(self, order_no: str, mode: str = "on-time") -> str:
        """Pay in the sandbox and let the notices that are due arrive. Returns the payment number."""
        started = self.start_payment(order_no)
        self.confirm(started["redirect_url"], mode)
        deliver()
        return str(started["payment_no"])

    def buy(self, *lines: tuple[int, int]) -> str:
        """Order and pay from one shop. Returns the shop order's number."""
        parent = self.order(*lines)
        self.pay(parent["order_no"])
        return str(parent["shop_orders"][0]["order_no"])


ADDRESS = {"recipient": "李小雨", "phone": "13800138000", "detail": "花园路 1 号 2 单元 301", **REGION}


def _json(body: Any) -> bytes:
    return json.dumps(body).encode()


def make_shop(name: str | None = None) -> Shop:
    number = next(_numbers)
    catalogue_services.ensure_category_tree()
    owner_id = create_person(email=f"owner{number}@shop.example", password=None, display_name="店主")
    return Shop(create_organisation(owner_id=owner_id, kind="merchant", name=name or f"素屋{number}"), owner_id)


def make_sku(shop: Shop, *, price_minor: int = 29900, stock: int = 10, name: str = "纯棉刺绣四件套") -> int:
    """A product on sale with one SKU."""
    record = ProductRecord(
        name=name,
        category_id=catalogue_selectors.find_category(path=["居家", "床品件套"]),
        brief="亲肤舒适",
        attributes=(("材质", "100%棉"), ("尺寸", "1.8 米床")),
        skus=(SkuRecord(values=(), price_minor=price_minor, stock=stock),),
    )
    product_id = catalogue_services.create_product(shop_id=shop.id, record=record)
    assert catalogue_services.submit_product(shop_id=shop.id, product_id=product_id, needs_picture=False) == {}
    catalogue_services.take_online(shop_id=shop.id, product_id=product_id)
    return int(Sku.objects.get(product_id=product_id).pk)


def stock_of(sku_id: int) -> tuple[int, int]:
    """(on hand, held)"""
    row = Sku.objects.get(pk=sku_id)
    return row.on_hand, row.held


def set_stock(units: int, sku_id: int | None = None) -> None:
    """Make this all that is on hand of a SKU, or of every SKU; units that orders hold are among them."""
    rows = StockLevel.objects.filter(campaign="")
    rows = rows if sku_id is None else rows.filter(sku_id=sku_id)
    rows.update(free=units - F("held"), received=units + F("sold"))


def send(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Deliver a notice to the callback endpoint without a socket."""
    response = Client().generic("POST", urlsplit(url).path, body, content_type="application/json", headers=headers)
    return response.status_code


def deliver() -> int:
    return gateway.deliver_notices(send=send)


class Wire:
    """Stands for the HTTP connection to the gateway: real requests into the same site, or a time-out."""

    def __init__(self) -> None:
        self.down = False

    def post(self, url: str, *, content: bytes, headers: dict[str, str]) -> httpx.Response:
        if self.down:
            raise httpx.ReadTimeout("no answer")
        found = Client().generic("POST", urlsplit(url).path, content, content_type="application/json", headers=headers)
        return httpx.Response(
            found.status_code, content=found.content, headers=dict(found.items()), request=httpx.Request("POST", url)
        )
