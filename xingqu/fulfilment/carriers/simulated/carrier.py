"""What the carrier does: give out numbers, move parcels by the clock, tell of it, turn parcels back."""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import F

from xingqu.fulfilment.carriers.simulated.messages import CARRIER, sign
from xingqu.fulfilment.carriers.simulated.models import SimulatedParcel, SimulatedScan
from xingqu.kit import clock
from xingqu.kit.ids import new_number
from xingqu.kit.transactions import hold_names

log = logging.getLogger(__name__)
Manner = SimulatedParcel.Manner
TIMEOUT_S = 5.0
MAX_TRIES = 16
FORMS = {
    "sf": ("SF", 13),
    "zto": ("7", 12),
    "yto": ("YT", 13),
    "sto": ("77", 12),
    "yunda": ("43", 12),
    "jt": ("JT", 13),
    "jd": ("JD", 13),
    "ems": ("1", 12),
    "deppon": ("DPK", 12),
}
# (code, days after hand-over, text, where) of an ordinary way; {origin} and {target} are the two ends.
WAY: tuple[tuple[str, float, str, str], ...] = (
    ("collected", 0.1, "【{origin}】快件已揽收", "{origin}"),
    ("in_transit", 0.4, "【{origin}】快件已发往转运中心", "{origin}"),
    ("in_transit", 1.0, "【{target}】快件到达转运中心", "{target}"),
    ("out_for_delivery", 1.5, "【{target}】快件正在派送，请保持电话畅通", "{target}"),
    ("delivered", 1.7, "【{target}】快件已签收，感谢使用", "{target}"),
)
# What fetching a parcel costs within two like beginnings of an address (a province), and beyond; fen.
NEAR_MINOR, FAR_MINOR = 1_000, 1_400
Send = Callable[[str, bytes, dict[str, str]], int]


def _days(number: float) -> timedelta:
    return timedelta(seconds=number * settings.ENVIRONMENT.simulated_carrier_day_s)


def answer_waybill(content: dict[str, Any]) -> dict[str, Any]:
    """A number for a package, the same again for the same reference."""
    code, reference = str(content.get("carrier_code")), str(content.get("reference"))[:64]
    if code not in FORMS or not reference:
        return {"state": "refused", "reason": "unknown carrier"}
    with transaction.atomic():
        hold_names(f"simulated-carrier:{reference}")
        parcel = SimulatedParcel.objects.filter(reference=reference).first()
        if parcel is None:
            prefix, digits = FORMS[code]
            number = prefix + "".join(random.choices("0123456789", k=digits))
            parcel = SimulatedParcel.objects.create(
                carrier_code=code, tracking_no=number, reference=reference, made_at=clock.now()
            )
    target = str(content.get("target", ""))
    return {"state": "ok", "tracking_no": parcel.tracking_no, "routing_code": _routing_code(target)}


def _routing_code(target: str) -> str:
    """Sorting code of a region: stable, three groups."""
    number = random.Random(target).randrange(10**6)
    return f"{number // 10_000:02d}-{number // 100 % 100:02d}-{number % 100:02d}"


def answer_pickup_quote(content: dict[str, Any]) -> dict[str, Any]:
    """What fetching a parcel and bringing it costs."""
    if str(content.get("carrier_code")) not in FORMS:
        return {"state": "refused", "reason": "unknown carrier"}
    near = str(content.get("origin"))[:2] == str(content.get("target"))[:2]
    return {"state": "ok", "price_minor": NEAR_MINOR if near else FAR_MINOR}


def answer_pickup(content: dict[str, Any]) -> dict[str, Any]:
    """Fetch a parcel in a slot: its number, the same for the same reference. It moves from the slot on, by the carrier's clock."""
    now = clock.now()
    try:
        starts_at = datetime.fromisoformat(str(content.get("starts_at")))
        wait_days = (starts_at - now) / timedelta(days=1)
    except (TypeError, ValueError):
        return {"state": "refused", "reason": "no slot"}
    origin, target = str(content.get("origin"))[:120], str(content.get("target"))[:120]
    quoted, numbered = answer_pickup_quote(content), answer_waybill(content)
    for answer in (quoted, numbered):
        if answer["state"] != "ok":
            return answer
    mine = SimulatedParcel.objects.filter(reference=str(content.get("reference"))[:64], callback_url="")
    mine.update(origin=origin, target=target, begins_at=now + _days(max(wait_days, 0.0)))
    return {"state": "ok", "tracking_no": numbered["tracking_no"], "price_minor": quoted["price_minor"]}


def answer_watch(content: dict[str, Any]) -> dict[str, Any]:
    """Begin to move a package, and tell of it. A number that the carrier has not given out is one of its counters'."""
    code, number = str(content.get("carrier_code")), str(content.get("tracking_no"))[:40]
    if code not in FORMS or not number:
        return {"state": "refused", "reason": "unknown carrier"}
    now = clock.now()
    with transaction.atomic():
        hold_names(f"simulated-carrier:{code}:{number}")
        parcel, _ = SimulatedParcel.objects.get_or_create(
            carrier_code=code, tracking_no=number, defaults={"made_at": now}
        )
        if parcel.callback_url:
            return {"state": "ok"}
        parcel.callback_url = str(content.get("callback_url"))[:300]
        if parcel.begins_at is None:  # what it fetches, it knows the two ends of
            parcel.origin, parcel.target = str(content.get("origin", ""))[:120], str(content.get("target", ""))[:120]
        parcel.save(update_fields=["callback_url", "origin", "target"])
        plan_way(parcel, max(now, parcel.begins_at or now))
    return {"state": "ok"}


def plan_way(parcel: SimulatedParcel, now: datetime) -> None:
    """Write down where the parcel will be when."""
    ends = {"origin": parcel.origin or "始发地", "target": parcel.target or "目的地"}
    for code, days, text, place in WAY:
        _plan(parcel, code, now + _days(days), text.format(**ends), place.format(**ends))


def _plan(parcel: SimulatedParcel, code: str, at: datetime, text: str, place: str) -> None:
    SimulatedScan.objects.create(
        parcel=parcel,
        event_id=new_number("V", at),
        code=code,
        text=text[:200],
        place=place[:80],
        at=at,
        # Backwards: the whole way is told at its end, last things first.
        tell_at=at,
        left={Manner.LOST: 0, Manner.TWICE: 2}.get(Manner(parcel.manner), 1),
    )


def answer_query(content: dict[str, Any]) -> dict[str, Any]:
    """All that has happened to a package."""
    code, number = str(content.get("carrier_code")), str(content.get("tracking_no"))[:40]
    parcel = SimulatedParcel.objects.filter(carrier_code=code, tracking_no=number).first()
    if parcel is None:
        return {"state": "refused", "reason": "unknown number"}
    scans = parcel.scans.filter(at__lte=clock.now()).order_by("at", "id")
    return {"state": "ok", **_message(parcel, list(scans))}


def answer_turn_back(content: dict[str, Any]) -> dict[str, Any]:
    """Bring a package back, unless it is out for delivery already."""
    code, number = str(content.get("carrier_code")), str(content.get("tracking_no"))[:40]
    now = clock.now()
    with transaction.atomic():
        hold_names(f"simulated-carrier:{code}:{number}")
        parcel = SimulatedParcel.objects.filter(carrier_code=code, tracking_no=number).first()
        if parcel is None:
            return {"state": "refused", "reason": "unknown number"}
        codes = set(parcel.scans.filter(at__lte=now).values_list("code", flat=True))
        if codes & {"out_for_delivery", "delivered"}:
            return {"state": "refused", "reason": "out for delivery"}
        if parcel.scans.filter(code="turning_back").exists():
            return {"state": "ok"}
        parcel.scans.filter(at__gt=now).delete()
        place = parcel.origin or "始发地"
        _plan(parcel, "turning_back", now, "快件已拦截，正在退回", place)
        _plan(parcel, "turned_back", now + _days(0.5), f"【{place}】快件已退回寄件人", place)
    return {"state": "ok"}


def tell(*, limit: int = 100, send: Send | None = None) -> int:
    """Tell the platform of what has happened since. What is not acknowledged is told again, later and later.

    Returns how many messages arrived. For the worker.
    """
    now = clock.now()
    due = SimulatedScan.objects.select_related("parcel").filter(left__gt=0, tell_at__lte=now)
    arrived = 0
    for scan in due.order_by("tell_at", "id")[:limit]:
        if scan.parcel.manner == Manner.BACKWARDS:
            arrived += _tell_backwards(scan.parcel, now, send)
            continue
        wait = timedelta(seconds=max(15, min(2**scan.tries, 3600)))
        mine = SimulatedScan.objects.filter(pk=scan.pk, tries=scan.tries, left=scan.left)
        if mine.update(tries=F("tries") + 1, tell_at=now + wait) and _send(scan.parcel, [scan], send):
            SimulatedScan.objects.filter(pk=scan.pk).update(left=F("left") - 1)
            arrived += 1
        elif scan.tries + 1 >= MAX_TRIES:
            SimulatedScan.objects.filter(pk=scan.pk).update(left=0)
    return arrived


def _tell_backwards(parcel: SimulatedParcel, now: datetime, send: Send | None) -> int:
    """The whole way in one go once it is over, each stop in a message of its own, the last first."""
    if parcel.scans.filter(at__gt=now).exists():
        return 0
    told = [scan for scan in parcel.scans.filter(left__gt=0).order_by("-at", "-id") if _send(parcel, [scan], send)]
    SimulatedScan.objects.filter(pk__in=[scan.pk for scan in told]).update(left=0)
    return len(told)


def _message(parcel: SimulatedParcel, scans: list[SimulatedScan]) -> dict[str, Any]:
    return {
        "carrier_code": parcel.carrier_code,
        "tracking_no": parcel.tracking_no,
        "scans": [
            {"event_id": s.event_id, "code": s.code, "at": s.at.isoformat(), "text": s.text, "place": s.place}
            for s in scans
        ],
    }


def _send(parcel: SimulatedParcel, scans: list[SimulatedScan], send: Send | None) -> bool:
    body = orjson.dumps(_message(parcel, scans))
    headers = {**sign(CARRIER, body), "Content-Type": "application/json"}
    try:
        return 200 <= (send or _post)(parcel.callback_url, body, headers) < 300
    except httpx.HTTPError as error:
        log.warning("news of %s did not arrive: %r", parcel.tracking_no, error)
        return False


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    if urlsplit(url).scheme not in ("http", "https"):
        return 0
    return httpx.post(url, content=body, headers=headers, timeout=TIMEOUT_S, trust_env=False).status_code
