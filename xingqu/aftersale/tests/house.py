"""Orders in every state, cases through HTTP, and the clock and the worker in a test's hands."""

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from xingqu.accounts.services import create_person
from xingqu.aftersale.services import run_due
from xingqu.catalogue.models import Product, Sku
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import API, Caller, Shop, make_shop, make_sku

ADDRESS = {"recipient": "退货组", "phone": "057188880000", "region": "浙江省杭州市余杭区", "detail": "仓前街道 8 号库"}
_numbers = iter(range(10**6))


def tracking() -> dict[str, str]:
    """A number that was not used before."""
    return {"carrier_code": "sf", "tracking_no": f"SF{next(_numbers):013d}"}


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (80, 80), (200, 40, 40)).save(out, "PNG")
    return SimpleUploadedFile("crack.png", out.getvalue(), "image/png")


def work() -> None:
    """What the worker does: refunds with the provider, facts to their handlers, until nothing is left."""
    for _ in range(6):
        finish_refunds()
        if not deliver_due():
            return


def pass_time(**span: float) -> datetime:
    """Let the time of `span` go by: every clock that runs now ends. Returns the moment."""
    later = clock.now() + timedelta(**span)
    with clock.frozen(later):
        run_due()
        work()
    return later


def operator() -> Caller:
    number = next(_numbers)
    return Caller.signed_in(create_person(email=f"operator{number}@site.example", password=None, is_operator=True))


@dataclass
class House:
    """A shop with an address for returns, a buyer, and what they do."""

    shop: Shop = field(default_factory=make_shop)
    buyer: Caller = field(default_factory=Caller.new_person)

    def __post_init__(self) -> None:
        self.merchant = self.shop.member()
        self.merchant.call("PUT", f"/shops/{self.shop.id}/return-address", ADDRESS)

    def sku(self, *, price_minor: int = 29900, stock: int = 10, returns: bool = True) -> int:
        sku = make_sku(self.shop, price_minor=price_minor, stock=stock)
        if returns:
            Product.objects.filter(pk=Sku.objects.get(pk=sku).product_id).update(promises=["no_reason_return_7d"])
        return sku

    def paid(self, *lines: tuple[int, int]) -> str:
        """A paid order of these (SKU, units)."""
        order_no = self.buyer.buy(*(lines or ((self.sku(), 1),)))
        work()
        return order_no

    def shipped(self, *lines: tuple[int, int]) -> str:
        order_no = self.paid(*lines)
        self.merchant.post(f"/shops/{self.shop.id}/orders/{order_no}/ship", tracking())
        return order_no

    def received(self, *lines: tuple[int, int]) -> str:
        order_no = self.shipped(*lines)
        self.buyer.post(f"/orders/{order_no}/confirm-receipt")
        work()
        return order_no

    def options(self, order_no: str) -> Any:
        return self.buyer.get(f"/orders/{order_no}/aftersale")

    def wanted(self, order_no: str, *units: int) -> list[dict[str, int]]:
        """Units of each line of an order; all of them unless told."""
        lines = self.options(order_no)["lines"]
        counts = units or tuple(line["quantity"] for line in lines)
        return [
            {"line_id": line["line_id"], "quantity": count} for line, count in zip(lines, counts, strict=False) if count
        ]

    def upload(self, order_no: str) -> int:
        answer = self.buyer.client.post(f"{API}/orders/{order_no}/aftersale-pictures", {"file": picture()})
        assert answer.status_code == 201, answer.content
        return int(answer.json()["id"])

    def shop_upload(self, case_no: str) -> int:
        address = f"{API}/shops/{self.shop.id}/aftersales/{case_no}/pictures"
        answer = self.merchant.client.post(address, {"file": picture()})
        assert answer.status_code == 201, answer.content
        return int(answer.json()["id"])

    def body(self, order_no: str, kind: str, reason: str, *units: int, **fields: Any) -> dict[str, Any]:
        return {"order_no": order_no, "kind": kind, "reason": reason, "lines": self.wanted(order_no, *units), **fields}

    def ask(self, order_no: str, kind: str, reason: str, *units: int, **fields: Any) -> Any:
        """Open a case. Returns it."""
        return self.buyer.post("/aftersales", self.body(order_no, kind, reason, *units, **fields), status=201)

    def case(self, case: Any) -> Any:
        return self.buyer.get(f"/aftersales/{case['case_no']}")

    def does(self, case: Any, step: str, *, status: int = 200, **fields: Any) -> Any:
        """The buyer takes a step at the version they saw."""
        body = {"version": case["version"], **fields}
        return self.buyer.post(f"/aftersales/{case['case_no']}/{step}", body, status=status)

    def shop_does(self, case: Any, step: str, *, status: int = 200, **fields: Any) -> Any:
        """The merchant takes a step at the version that the case has now."""
        body = {"version": self.case(case)["version"], **fields}
        return self.merchant.post(f"/shops/{self.shop.id}/aftersales/{case['case_no']}/{step}", body, status=status)

    def platform_does(self, judge: Caller, case: Any, step: str, *, status: int = 200, **fields: Any) -> Any:
        body = {"version": self.case(case)["version"], **fields}
        return judge.post(f"/operator/aftersales/{case['case_no']}/{step}", body, status=status)
