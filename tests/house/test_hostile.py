"""Hostile quantities, prices, addresses and words at every address where somebody trades: refused, and nothing has changed.

The bodies are good ones, of a site with goods, orders and money; one part at a time becomes something bad. That the rest was good
is seen at the end, when each body is taken as it is."""

import copy
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import models

from xingqu.accounts.services import create_person
from xingqu.aftersale.models import Case
from xingqu.catalogue.models import Sku, StockLevel, StockMovement
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.models import Journal
from xingqu.programmes.models import Coupon, FlashSale
from xingqu.settlement.models import DepositChange, Withdrawal
from xingqu.settlement.tests.house import earn, settle
from xingqu.trade.models import Address, CartLine, ParentOrder, ShopOrder
from xingqu.trade.tests.house import ADDRESS, API, Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db
KEPT: tuple[type[models.Model], ...] = (Address, CartLine, Case, Coupon, DepositChange, FlashSale, Journal)
KEPT += (ParentOrder, ShopOrder, Sku, StockLevel, StockMovement, Withdrawal)
NESTED: Any = []
for _ in range(200):
    NESTED = [NESTED]
NUMBERS: tuple[Any, ...] = (-1, -(10**30), 10**30, 2**63, 1.5, "١٢x", [], {"a": 1}, NESTED)
WORDS: tuple[Any, ...] = ("\0x", "x\x1b[31m", "\ud800", "x" * 100_000, 7, [], {"a": 1}, NESTED)
RAW = (
    b"",
    b'"x"',
    b"7",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b'{"quantity": NaN, "amount_minor": Infinity}',
    b'{"quantity": 1e400, "amount_minor": ' + b"9" * 10_000 + b"}",
)
# Where less than nothing means something.
MAY_BE_NEGATIVE = {"delta"}


@dataclass
class Act:
    """A call that is good as it stands."""

    who: Caller
    method: str
    path: str
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)

    def send(self, body: Any) -> int:
        """Status of the answer to another body."""
        answer = self.send_raw(body if isinstance(body, bytes) else json.dumps(body).encode())
        assert answer < 500, f"{self.method} {self.path}: {str(body)[:200]}"
        return answer

    def send_raw(self, content: bytes) -> int:
        keys = {name: uuid.uuid4().hex for name in self.headers}
        sent = self.who.client.generic(
            self.method, API + self.path, content, content_type="application/json", headers=keys
        )
        return int(sent.status_code)


def spoilt(body: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Each part of a body replaced by each bad value: (where and by what, the whole body)."""
    found = _part(body, at)
    if isinstance(found, dict | list):
        places = found.keys() if isinstance(found, dict) else range(len(found))
        for place in list(places):
            yield from spoilt(body, (*at, place))
        return
    if isinstance(found, bool) or found is None:
        return
    for bad in NUMBERS if isinstance(found, int) else WORDS:
        if bad == -1 and at[-1] in MAY_BE_NEGATIVE:
            continue
        whole = copy.deepcopy(body)
        _part(whole, at[:-1])[at[-1]] = bad
        yield f"{'.'.join(map(str, at))} = {str(bad)[:40]!r}", whole


def _part(body: Any, at: tuple[str | int, ...]) -> Any:
    for place in at:
        body = body[place]
    return body


def rows() -> list[Any]:
    """Everything that trading could have changed."""
    return [list(model._default_manager.order_by("pk").values()) for model in KEPT]


@pytest.fixture
def acts(db: None) -> dict[str, Act]:
    """A call of each kind, in the order in which they can follow each other."""
    shop, buyer = make_shop(), Caller.new_person()
    owner, sku = shop.member(), make_sku(shop, stock=50)
    received, paid = earn(buyer, shop, sku), buyer.buy((sku, 2))
    settle()
    shipped = buyer.buy((sku, 1))
    owner.post(f"/shops/{shop.id}/orders/{shipped}/ship", {"carrier_code": "sf", "tracking_no": "SF1234567890123"})
    deliver_due()
    owner.call("PUT", f"/shops/{shop.id}/funds/payout-account", ACCOUNT)
    buyer.post("/cart/lines", {"sku_id": sku, "quantity": 1}, status=201)
    return {**buyers_acts(buyer, sku, received, paid), **shops_acts(shop, owner, sku, buyer.buy((sku, 2)))}


ACCOUNT = {"holder": "素屋家居有限公司", "bank_name": "示例银行", "number": "6222020200112233"}


def buyers_acts(buyer: Caller, sku: int, received: str, paid: str) -> dict[str, Act]:
    address_id = buyer.address_id()
    token = buyer.quote((sku, 1))["quote_token"]
    line_id = buyer.get(f"/orders/{received}/aftersale")["lines"][0]["line_id"]
    case = {"order_no": received, "kind": "refund_only", "reason": "agreed", "amount_minor": 100, "text": "说好了"}
    order = {"quote_token": token, "address_id": address_id, "notes": {"1": "轻放"}}
    unpaid = buyer.order((sku, 1))["shop_orders"][0]["order_no"]
    return {
        "address": Act(buyer, "POST", "/addresses", {**ADDRESS, "label": "家"}),
        "address changed": Act(
            buyer, "PATCH", f"/addresses/{address_id}", {"recipient": "李雨", "detail": "别处 9 号"}
        ),
        "cart": Act(buyer, "POST", "/cart/lines", {"sku_id": sku, "quantity": 2}),
        "cart changed": Act(buyer, "PATCH", f"/cart/lines/{sku}", {"quantity": 3}),
        "quote": Act(
            buyer,
            "POST",
            "/checkout/quote",
            {"lines": [{"sku_id": sku, "quantity": 1}], "address_id": address_id, "coupon_ids": []},
        ),
        "checkout": Act(buyer, "POST", "/checkout", order, {"Idempotency-Key": ""}),
        "pay": Act(buyer, "POST", f"/orders/{unpaid}/pay", {"provider": "sandbox", "return_url": "/orders"}),
        "cancel": Act(buyer, "POST", f"/orders/{unpaid}/cancel", {"reason": "不想要了"}),
        "case": Act(buyer, "POST", "/aftersales", {**case, "lines": [{"line_id": line_id, "quantity": 1}]}),
        "all back": Act(buyer, "POST", f"/orders/{paid}/refund", {"reason": "拍错了"}),
    }


def shops_acts(shop: Shop, owner: Caller, sku: int, paid: str) -> dict[str, Act]:
    product_id = Sku.objects.get(pk=sku).product_id
    now = clock.now()
    soon, end = ((now + timedelta(hours=hours)).isoformat() for hours in (1, 9))
    here = f"/shops/{shop.id}"
    coupon = {"name": "满200减30", "kind": "fixed", "threshold_minor": 20_000, "discount_minor": 3_000, "stock": 5}
    item = {"sku_id": sku, "price_minor": 9_900, "allotment": 2, "limit_per_person": 1}
    step = {"threshold_minor": 20_000, "reduction_minor": 2_000}
    span = {"starts_at": soon, "ends_at": end}
    parcel = {"carrier_code": "sf", "tracking_no": "SF0000000000009", "lines": [{"sku_id": sku, "quantity": 1}]}
    operator = Caller.signed_in(create_person(email="op@platform.example", password=None, is_operator=True))
    rule = {"effective_from": end, "tiers": [{"min_score": 90, "days": 1}], "unrated_days": 14}
    return {
        "stock": Act(
            owner, "POST", f"{here}/products/{product_id}/stock", {"sku_id": sku, "delta": 5, "reason": "盘点"}
        ),
        "ship": Act(owner, "POST", f"{here}/orders/{paid}/ship", parcel),
        "mark": Act(owner, "PUT", f"{here}/orders/{paid}/mark", {"note": "老客户"}),
        "coupon": Act(
            owner, "POST", f"{here}/coupons", {**coupon, "claim_from": soon, "claim_until": end, "valid_days": 7}
        ),
        "flash sale": Act(owner, "POST", f"{here}/flash-sales", {"name": "秒杀", **span, "items": [item]}),
        "reduction": Act(owner, "POST", f"{here}/full-reductions", {"name": "满减", **span, "steps": [step]}),
        "freight": Act(owner, "PUT", f"{here}/freight", {"base_minor": 800, "remote_extra_minor": 1500}),
        "withdrawal": Act(owner, "POST", f"{here}/funds/withdrawals", {"amount_minor": 500}, {"Idempotency-Key": ""}),
        "deposit": Act(owner, "POST", f"{here}/funds/deposit", {"amount_minor": 500}),
        "account": Act(owner, "PUT", f"{here}/funds/payout-account", ACCOUNT),
        "rule": Act(operator, "POST", "/platform/settlement/rules", {**rule, "min_withdrawal_minor": 5_000}),
    }


def test_what_is_hostile_is_refused_and_changes_nothing(acts: dict[str, Act]) -> None:
    before, taken = rows(), []
    for name, act in acts.items():
        for what, body in spoilt(act.body):
            if not 400 <= act.send(body) < 500:
                taken.append(f"{name}: {what}")
        taken += [f"{name}: {raw[:40]!r}" for raw in RAW if not 400 <= act.send(raw) < 500]
    assert not taken, "\n".join(taken)
    assert rows() == before
    refused = [f"{name}: {status}" for name, act in acts.items() if (status := act.send(act.body)) not in (200, 201)]
    assert not refused, "\n".join(refused)


def test_odd_but_honest_words_stay_as_they_are(acts: dict[str, Act]) -> None:
    detail = "\u202e花园路🧨\u200b 1 号 <script>alert(1)</script> ' OR 1=1 --"
    act = acts["address"]
    assert act.send({**act.body, "detail": detail}) == 201
    assert detail in [row["detail"] for row in act.who.get("/addresses")]
