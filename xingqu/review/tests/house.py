"""What the tests of reviews share."""

from typing import Any

from xingqu.accounts.models import Person
from xingqu.trade.models import ShopOrder
from xingqu.trade.tests.house import Caller, Shop


def received(buyer: Caller, shop: Shop, *skus: int) -> str:
    order_no = buyer.buy(*((sku, 1) for sku in skus))
    number = f"SF{int(ShopOrder.objects.count()):013d}"
    body = {"carrier_code": "sf", "tracking_no": number}
    shop.member().post(f"/shops/{shop.id}/orders/{order_no}/ship", body)
    buyer.post(f"/orders/{order_no}/confirm-receipt")
    return order_no


def line(sku: int, goods: int = 5, text: str = "很好") -> dict[str, object]:
    return {"sku_id": sku, "goods_score": goods, "service_score": 4, "logistics_score": 4, "text": text}


def review_of(buyer: Caller, shop: Shop, sku: int, goods: int = 5, text: str = "很好") -> dict[str, Any]:
    """A received order's review."""
    order_no = received(buyer, shop, sku)
    body = {"lines": [line(sku, goods, text)]}
    written: dict[str, Any] = buyer.post(f"/orders/{order_no}/reviews", body, status=201)["items"][0]
    return written


def operator() -> Caller:
    """Somebody of the platform."""
    person = Caller.new_person()
    Person.objects.filter(pk=person.person_id).update(is_staff=True)
    return person
