"""kuaidi100 against a server that checks real signatures and speaks its words."""

import hashlib
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
import pytest
from django.conf import settings

from xingqu.fulfilment.carriers import kuaidi100
from xingqu.fulfilment.carriers.protocol import CarrierRefused, CarrierUnsure, Place, WatchRequest, WaybillRequest
from xingqu.fulfilment.models import Package
from xingqu.fulfilment.services.watching import watch_packages
from xingqu.fulfilment.tests.test_carriers import NUMBER, codes, push, shipped
from xingqu.kit import clock
from xingqu.trade.tests.house import Caller, Shop

pytestmark = pytest.mark.django_db


class Kuaidi:
    """kuaidi100 as its documents describe it: checks real signatures, answers in its words."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answer: dict[str, Any] = {}

    def post(self, url: str, *, data: dict[str, str]) -> httpx.Response:
        param = orjson.loads(data["param"])
        self.asked.append(param)
        ok = True
        if url.endswith("query.do"):
            ok = data["sign"] == hashlib.md5(f"{data['param']}KEYCUST".encode()).hexdigest().upper()
        if url.endswith("label/order"):
            signed = f"{data['param']}{data['t']}KEYSECRET"
            ok = data["sign"] == hashlib.md5(signed.encode()).hexdigest().upper()
        content = self.answer if ok else {"returnCode": "503", "code": "503", "message": "验证签名失败"}
        return httpx.Response(200, content=orjson.dumps(content), request=httpx.Request("POST", url))


@pytest.fixture
def kuaidi(monkeypatch: pytest.MonkeyPatch) -> Kuaidi:
    keys = {"kuaidi100_key": "KEY", "kuaidi100_secret": "SECRET"}
    wrapped = {name: type(settings.ENVIRONMENT.kuaidi100_key)(value) for name, value in keys.items()}
    changed: Any = settings.ENVIRONMENT.model_copy(
        update={"tracking_provider": "kuaidi100", "kuaidi100_customer": "CUST", **wrapped}
    )
    monkeypatch.setattr(settings, "ENVIRONMENT", changed)
    server = Kuaidi()
    monkeypatch.setattr(kuaidi100, "_http", lambda: server)
    return server


def result(*rows: tuple[str, str]) -> dict[str, Any]:
    stamp = clock.now().astimezone(kuaidi100.CHINA).strftime("%Y-%m-%d %H:%M:%S")
    data = [{"context": text, "time": stamp, "ftime": stamp, "status": status} for status, text in rows]
    return {"message": "ok", "nu": NUMBER, "com": "shunfeng", "status": "200", "state": "3", "data": data}


def test_kuaidi100_from_subscription_to_delivery(kuaidi: Kuaidi, buyer: Caller, sku: int, shop: Shop) -> None:
    order_no, _ = shipped(buyer, sku, shop)
    kuaidi.answer = {"result": True, "returnCode": "200", "message": "提交成功"}
    assert watch_packages() == 1
    asked = kuaidi.asked[0]
    assert (asked["company"], asked["number"], asked["key"]) == ("shunfeng", NUMBER, "KEY")
    salt = asked["parameters"]["salt"]
    assert asked["parameters"]["callbackurl"].endswith("/api/v1/carriers/push/kuaidi100")
    param = orjson.dumps({"status": "polling", "lastResult": result(("签收", "已签收"), ("揽收", "已揽收"))}).decode()

    def told(sign: str) -> tuple[int, Any]:
        form = urlencode({"sign": sign, "param": param}).encode()
        return push(form, {}, "kuaidi100")

    assert told(hashlib.md5(f"{param}wrong".encode()).hexdigest().upper())[0] == 401
    assert codes(buyer, order_no) == ["handed_over"]
    good = hashlib.md5(f"{param}{salt}".encode()).hexdigest().upper()
    assert told(good)[1] == {"result": True, "returnCode": "200", "message": "成功", "new": 2}
    assert told(good)[1]["new"] == 0
    assert Package.objects.get().state == "delivered"
    assert set(codes(buyer, order_no)) == {"delivered", "collected", "handed_over"}


def test_kuaidi100_queries_numbers_and_refusals(kuaidi: Kuaidi) -> None:
    provider = kuaidi100.Kuaidi100()
    kuaidi.answer = result(("派件", "派送中"))
    report = provider.query(carrier_code="sf", tracking_no=NUMBER, phone="8000")
    assert [(scan.code, scan.text) for scan in report.scans] == [("out_for_delivery", "派送中")]
    home = Place("李小雨", "13800138000", "北京市", "市辖区", "东城区", "花园路 1 号")
    request = WaybillRequest("package-1", "sf", home, home, "商品")
    kuaidi.answer = {"code": "200", "data": {"kuaidinum": "SF1234567890123", "bulkpen": "010-22"}}
    waybill = provider.make_waybill(request)
    assert (waybill.tracking_no, waybill.routing_code) == ("SF1234567890123", "010-22")
    watch = WatchRequest("sf", NUMBER, "https://shop.example/x", "8000", "", "")
    kuaidi.answer = {"returnCode": "501", "message": "重复订阅"}
    provider.watch(watch)
    for code, error in (("700", CarrierRefused), ("500", CarrierUnsure)):
        kuaidi.answer = {"returnCode": code, "message": "x", "code": code}
        with pytest.raises(error):
            provider.watch(watch)
        with pytest.raises(error):
            provider.make_waybill(request)
    with pytest.raises(CarrierRefused):
        provider.turn_back(carrier_code="sf", tracking_no=NUMBER)
    with pytest.raises(CarrierRefused):
        provider.query(carrier_code="own", tracking_no=NUMBER, phone="")
