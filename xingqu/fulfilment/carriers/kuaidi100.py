"""kuaidi100 (快递100), which knows the packages of all carriers: subscription with push, query, e-waybills.

Source: its documents of 订阅推送 (/poll), 实时查询 (/poll/query.do) and 电子面单 V2 (/label/order). Signatures are MD5 in upper
case: of ``param + salt`` on a push, with a salt of each subscription's own; of ``param + key + customer`` on a query; of
``param + t + key + secret`` on a waybill.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import httpx
import orjson
from django.conf import settings

from xingqu.fulfilment.carriers.protocol import (
    BookedPickup,
    CarrierRefused,
    CarrierUnsure,
    PickupRequest,
    Scan,
    TrackReport,
    WatchRequest,
    Waybill,
    WaybillRequest,
)
from xingqu.fulfilment.domain.errors import BadCarrierMessage
from xingqu.fulfilment.domain.states import ScanCode
from xingqu.kit import clock

TIMEOUT_S = 8.0
CHINA = ZoneInfo("Asia/Shanghai")
COMPANIES = {
    "sf": "shunfeng",
    "zto": "zhongtong",
    "yto": "yuantong",
    "sto": "shentong",
    "yunda": "yunda",
    "jt": "jtexpress",
    "jd": "jd",
    "ems": "ems",
    "deppon": "debangkuaidi",
}
CARRIERS = {company: code for code, company in COMPANIES.items()}
# `status` of a line of its answers (of result version 2 and later), by the first word of it.
SCANS = {
    "揽收": ScanCode.COLLECTED,
    "在途": ScanCode.IN_TRANSIT,
    "干线": ScanCode.IN_TRANSIT,
    "转投": ScanCode.IN_TRANSIT,
    "清关": ScanCode.IN_TRANSIT,
    "派件": ScanCode.OUT_FOR_DELIVERY,
    "投柜或驿站": ScanCode.OUT_FOR_DELIVERY,
    "签收": ScanCode.DELIVERED,
    "疑难": ScanCode.PROBLEM,
    "拒签": ScanCode.PROBLEM,
    "退回": ScanCode.TURNING_BACK,
    "退签": ScanCode.TURNED_BACK,
}
OK, KNOWN_ALREADY = "200", "501"
PASSING = frozenset({"500", "502", "503", "601"})


@cache
def _http() -> httpx.Client:
    return httpx.Client(timeout=TIMEOUT_S)


def _md5(*parts: str) -> str:
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest().upper()


def salt_of(company: str, number: str) -> str:
    """The salt of one subscription: known to us and to kuaidi100, and of no use for another package."""
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, f"kuaidi100:{company}:{number}".encode(), hashlib.sha256).hexdigest()[:32]


class Kuaidi100:
    """Implements TrackingProvider."""

    def watch(self, request: WatchRequest) -> None:
        company = self._company(request.carrier_code)
        param = {
            "company": company,
            "number": request.tracking_no,
            "from": request.origin,
            "to": request.target,
            "key": settings.ENVIRONMENT.kuaidi100_key.get_secret_value(),
            "parameters": {
                "callbackurl": request.callback_url,
                "salt": salt_of(company, request.tracking_no),
                "resultv2": "4",
                "phone": request.phone,
            },
        }
        answer = self._post("/poll", {"schema": "json", "param": orjson.dumps(param).decode()})
        code = str(answer.get("returnCode"))
        if code in (OK, KNOWN_ALREADY):
            return
        self._refuse(code, answer)

    def query(self, *, carrier_code: str, tracking_no: str, phone: str) -> TrackReport:
        company = self._company(carrier_code)
        param = orjson.dumps({"com": company, "num": tracking_no, "phone": phone, "resultv2": "4"}).decode()
        key = settings.ENVIRONMENT.kuaidi100_key.get_secret_value()
        customer = settings.ENVIRONMENT.kuaidi100_customer
        fields = {"customer": customer, "sign": _md5(param, key, customer), "param": param}
        answer = self._post("/poll/query.do", fields)
        if str(answer.get("status")) != OK:
            self._refuse(str(answer.get("returnCode")), answer)
        try:
            return _report(answer)
        except (KeyError, TypeError, ValueError) as error:
            raise CarrierUnsure(f"unreadable answer: {error!r}") from error

    def read_push(self, headers: Mapping[str, str], body: bytes) -> Sequence[TrackReport]:
        try:
            form = parse_qs(body.decode(), strict_parsing=True, max_num_fields=8)
            param, sign = form["param"][0], form["sign"][0]
            content = orjson.loads(param)
            result = content["lastResult"]
            salt = salt_of(str(result["com"]), str(result["nu"]))
            if not hmac.compare_digest(_md5(param, salt).encode(), sign.upper().encode()):
                raise BadCarrierMessage
            return [_report(result)]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise BadCarrierMessage from error

    def make_waybill(self, request: WaybillRequest) -> Waybill:
        environment = settings.ENVIRONMENT
        key, secret = environment.kuaidi100_key.get_secret_value(), environment.kuaidi100_secret.get_secret_value()
        param = orjson.dumps(
            {
                "printType": "NON",
                "kuaidicom": self._company(request.carrier_code),
                "partnerId": environment.kuaidi100_partner_id,
                "partnerKey": environment.kuaidi100_partner_key.get_secret_value(),
                "orderId": request.reference,
                "cargo": request.goods,
                "count": 1,
                "recMan": _person(request.recipient),
                "sendMan": _person(request.sender),
            }
        ).decode()
        stamp = str(clock.now_ms())
        fields = {"method": "order", "key": key, "t": stamp, "sign": _md5(param, stamp, key, secret), "param": param}
        answer = self._post("/label/order", fields)
        code = str(answer.get("code"))
        if code != OK:
            self._refuse(code, answer)
        data = answer.get("data")
        if not isinstance(data, dict) or not data.get("kuaidinum"):
            raise CarrierUnsure("an answer without a number")
        return Waybill(str(data["kuaidinum"]), str(data.get("bulkpen") or ""))

    def turn_back(self, *, carrier_code: str, tracking_no: str) -> None:
        raise CarrierRefused("kuaidi100 takes no interceptions: ask the carrier itself")

    def quote_pickup(self, *, carrier_code: str, origin: str, target: str) -> int:
        raise CarrierRefused("kuaidi100 fetches no parcels")

    def book_pickup(self, request: PickupRequest) -> BookedPickup:
        raise CarrierRefused("kuaidi100 fetches no parcels")

    def _company(self, carrier_code: str) -> str:
        company = COMPANIES.get(carrier_code)
        if company is None:
            raise CarrierRefused(f"kuaidi100 does not know {carrier_code}")
        return company

    def _post(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        try:
            answer = _http().post(settings.ENVIRONMENT.kuaidi100_url + path, data=fields)
            answer.raise_for_status()
            found = orjson.loads(answer.content)
        except (httpx.HTTPError, ValueError) as error:
            raise CarrierUnsure(repr(error)) from error
        if not isinstance(found, dict):
            raise CarrierUnsure("the answer is no object")
        return found

    def _refuse(self, code: str, answer: dict[str, Any]) -> None:
        text = f"{code} {str(answer.get('message'))[:200]}"
        if code in PASSING:
            raise CarrierUnsure(text)
        raise CarrierRefused(text)


def _person(place: Any) -> dict[str, str]:
    return {"name": place.recipient, "mobile": place.phone, "printAddr": f"{place.region}{place.detail}"}


def _report(result: dict[str, Any]) -> TrackReport:
    """Raises KeyError, TypeError, ValueError."""
    scans = []
    for row in result["data"]:
        code = SCANS.get(str(row.get("status") or "在途"), ScanCode.IN_TRANSIT)
        at = datetime.strptime(str(row.get("ftime") or row["time"]), "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
        scans.append(Scan(code, at, str(row.get("context", ""))[:300], str(row.get("areaName") or "")[:80]))
    return TrackReport(CARRIERS[str(result["com"])], str(result["nu"]).upper(), tuple(scans))
