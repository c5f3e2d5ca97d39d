"""What carriers tell: each thing once, in whatever order it comes, and only of packages that are ours."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

import orjson
from django.db import transaction

from xingqu.events.fulfilment import PackageTurnedBack, ParcelTurnedBack
from xingqu.fulfilment.carriers import get_provider
from xingqu.fulfilment.carriers.protocol import Scan, TrackReport
from xingqu.fulfilment.carriers.simulated.client import read_report
from xingqu.fulfilment.carriers.simulated.messages import SIGNATURE_HEADER, TIME_HEADER, BadMessage, verify_with
from xingqu.fulfilment.domain.carriers import OWN
from xingqu.fulfilment.domain.errors import BadCarrierMessage
from xingqu.fulfilment.domain.states import ENDS, Kind, PackageState, ScanCode, state_after
from xingqu.fulfilment.models import CarrierHook, Package, TrackingEvent
from xingqu.fulfilment.services.tracking import CARRIERS_OWN, add_event, count_receipt_from_delivery, mark_delivered
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names, retried
from xingqu.trade.services import stop_receipt_clock

log = logging.getLogger(__name__)
# A clock may be off by this much; what is told of a time outside is not believed.
AHEAD, BEFORE = timedelta(hours=1), timedelta(days=3)
MAX_SCANS = 500
MAX_BODY_BYTES = 512 * 1024


def take_push(*, provider: str, headers: Mapping[str, str], body: bytes) -> int:
    """Take in a provider's message. Returns how much of it was new. Raises NotFound, BadCarrierMessage."""
    if len(body) > MAX_BODY_BYTES:
        raise BadCarrierMessage
    return take_reports(get_provider(provider).read_push(headers, body))


def take_hook(*, public_id: str, headers: Mapping[str, str], body: bytes) -> int:
    """Take in a message of a merchant's own carrier, about packages of that shop alone. Raises NotFound, BadCarrierMessage.

    The body is {carrier_code, tracking_no, scans: [{event_id, code, at, text, place}]}; the signature is the hexadecimal
    HMAC-SHA256, with the hook's secret, of the time in seconds, a point, and the body's bytes.
    """
    hook = CarrierHook.objects.filter(public_id=public_id).first()
    if hook is None:
        raise NotFound
    try:
        if len(body) > MAX_BODY_BYTES:
            raise BadMessage("too long")
        stamp, signature = headers.get(TIME_HEADER, ""), headers.get(SIGNATURE_HEADER, "")
        verify_with(hook.secret.encode(), body, stamp, signature)
        report = read_report({"carrier_code": OWN, **orjson.loads(body)})
    except (BadMessage, KeyError, TypeError, ValueError) as error:
        raise BadCarrierMessage from error
    CarrierHook.objects.filter(pk=hook.pk).update(used_at=clock.now())
    return take_reports([report], shop_id=hook.shop_id)


def take_reports(reports: Sequence[TrackReport], *, shop_id: int | None = None) -> int:
    """Add what is new in these reports to the packages with their numbers. Returns how many scans were new."""
    return sum(
        _take(pk, report.scans[:MAX_SCANS])
        for report in reports
        for pk in _package_ids(report, shop_id)
        if report.scans
    )


def _package_ids(report: TrackReport, shop_id: int | None) -> list[int]:
    rows = Package.objects.filter(carrier_code=report.carrier_code, tracking_no=report.tracking_no)
    rows = rows.exclude(state=PackageState.PACKED)
    if shop_id is not None:
        rows = rows.filter(shop_id=shop_id)
    return list(rows.order_by("id").values_list("pk", flat=True))


@retried
@transaction.atomic
def _take(package_id: int, scans: Sequence[Scan]) -> int:
    package = Package.objects.select_for_update().get(pk=package_id)
    now = clock.now()
    new = 0
    for scan in scans:
        if package.shipped_at is None or not package.shipped_at - BEFORE <= scan.at <= now + AHEAD:
            log.warning("package %s: a scan of %s is not believed", package_id, scan.at)
            continue
        data = {"text": scan.text, "place": scan.place}
        new += add_event(package, code=scan.code.value, at=scan.at, key=_key(scan), data=data)
    if new:
        _settle(package)
    return new


def _key(scan: Scan) -> str:
    told = scan.event_id or f"{scan.code}|{scan.at.timestamp():.0f}|{scan.text}"
    return CARRIERS_OWN + hashlib.sha256(told.encode()).hexdigest()[:40]


def _settle(package: Package) -> None:
    """State, times and facts of a package after news, from all its scans."""
    rows = TrackingEvent.objects.filter(package=package, key__startswith=CARRIERS_OWN)
    scans = list(rows.order_by("at", "id").values_list("code", "at"))
    state = state_after(scans) or PackageState(package.state)
    Package.objects.filter(pk=package.pk).update(state=state, news_at=scans[-1][1], flagged_at=None)
    ended = [(code, at) for code, at in scans if code in ENDS]
    if state is PackageState.DELIVERED:
        mark_delivered(package, at=min(at for code, at in ended if code == ScanCode.DELIVERED))
    if state is PackageState.TURNED_BACK and package.state != PackageState.TURNED_BACK:
        turned = min(at for code, at in ended if code == ScanCode.TURNED_BACK)
        Package.objects.filter(pk=package.pk).exclude(intercept="").update(intercept=Package.Intercept.SUCCEEDED)
        if package.kind != Kind.ORDER:
            publish(ParcelTurnedBack(package.reference, package.kind, package.order_no, package.shop_id, turned))
            return
        for order_no in sorted(set(package.lines.values_list("order_no", flat=True))):
            hold_names(f"delivered:{order_no}")
            if not count_receipt_from_delivery(order_no):
                stop_receipt_clock(order_no=order_no)
            lines = tuple(package.lines.filter(order_no=order_no).order_by("id").values_list("sku_id", "quantity"))
            publish(
                PackageTurnedBack(
                    order_no=order_no,
                    shop_id=package.shop_id,
                    package_id=package.pk,
                    asked_by=package.intercept_by,
                    lines=lines,
                    at=turned,
                )
            )
