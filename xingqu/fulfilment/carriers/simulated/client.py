"""The platform's side of the simulated carrier: asks over HTTP, checks what it is told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

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
from xingqu.fulfilment.carriers.simulated.messages import (
    CARRIER,
    PLATFORM,
    SIGNATURE_HEADER,
    TIME_HEADER,
    BadMessage,
    sign,
    verify,
)
from xingqu.fulfilment.domain.errors import BadCarrierMessage
from xingqu.fulfilment.domain.states import ScanCode

TIMEOUT_S = 5.0


@cache
def _http() -> httpx.Client:
    return httpx.Client(timeout=TIMEOUT_S, trust_env=False)


class SimulatedCarrier:
    """Implements TrackingProvider."""

    def watch(self, request: WatchRequest) -> None:
        self._ask(
            "watch",
            {
                "carrier_code": request.carrier_code,
                "tracking_no": request.tracking_no,
                "callback_url": request.callback_url,
                "origin": request.origin,
                "target": request.target,
            },
        )

    def query(self, *, carrier_code: str, tracking_no: str, phone: str) -> TrackReport:
        answer = self._ask("query", {"carrier_code": carrier_code, "tracking_no": tracking_no})
        try:
            return read_report(answer)
        except (KeyError, TypeError, ValueError) as error:
            raise CarrierUnsure(f"unreadable answer: {error!r}") from error

    def read_push(self, headers: Mapping[str, str], body: bytes) -> Sequence[TrackReport]:
        try:
            verify(CARRIER, body, headers.get(TIME_HEADER, ""), headers.get(SIGNATURE_HEADER, ""))
            return [read_report(orjson.loads(body))]
        except (BadMessage, KeyError, TypeError, ValueError) as error:
            raise BadCarrierMessage from error

    def make_waybill(self, request: WaybillRequest) -> Waybill:
        answer = self._ask(
            "waybill",
            {
                "carrier_code": request.carrier_code,
                "reference": request.reference,
                "target": request.recipient.region,
            },
        )
        return Waybill(str(answer.get("tracking_no")), str(answer.get("routing_code")))

    def turn_back(self, *, carrier_code: str, tracking_no: str) -> None:
        self._ask("turn-back", {"carrier_code": carrier_code, "tracking_no": tracking_no})

    def quote_pickup(self, *, carrier_code: str, origin: str, target: str) -> int:
        answer = self._ask("pickup-quote", {"carrier_code": carrier_code, "origin": origin, "target": target})
        return _price(answer)

    def book_pickup(self, request: PickupRequest) -> BookedPickup:
        answer = self._ask(
            "pickup",
            {
                "carrier_code": request.carrier_code,
                "reference": request.reference,
                "origin": request.origin,
                "target": request.target,
                "starts_at": request.starts_at.isoformat(),
            },
        )
        return BookedPickup(str(answer.get("tracking_no")), _price(answer))

    def _ask(self, action: str, content: dict[str, Any]) -> dict[str, Any]:
        body = orjson.dumps(content)
        url = f"{settings.ENVIRONMENT.origin}/sandbox-carrier/api/{action}"
        try:
            answer = _http().post(
                url, content=body, headers={**sign(PLATFORM, body), "Content-Type": "application/json"}
            )
            answer.raise_for_status()
            stamp, signature = answer.headers.get(TIME_HEADER, ""), answer.headers.get(SIGNATURE_HEADER, "")
            verify(CARRIER, answer.content, stamp, signature)
            found: dict[str, Any] = orjson.loads(answer.content)
        except (httpx.HTTPError, BadMessage, ValueError) as error:
            raise CarrierUnsure(repr(error)) from error
        if found.get("state") != "ok":
            raise CarrierRefused(str(found.get("reason"))[:200])
        return found


def _price(answer: dict[str, Any]) -> int:
    price = answer.get("price_minor")
    if not isinstance(price, int) or price < 0:
        raise CarrierUnsure("an answer without a price")
    return price


def read_report(content: dict[str, Any]) -> TrackReport:
    """A report as this carrier, and a merchant's own by webhook, write it. Raises KeyError, TypeError, ValueError."""
    scans = []
    for row in content["scans"]:
        at = datetime.fromisoformat(row["at"])
        if at.tzinfo is None:
            raise ValueError("a time without its zone")
        scans.append(
            Scan(
                ScanCode(row["code"]),
                at,
                str(row.get("text", ""))[:300],
                str(row.get("place", ""))[:80],
                str(row.get("event_id", ""))[:50],
            )
        )
    return TrackReport(str(content["carrier_code"]), str(content["tracking_no"]).upper(), tuple(scans))
