"""What the worker does about packages: asks carriers for news and to turn back, flags what is silent, reminds of what is late."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from xingqu.accounts.services import notify
from xingqu.events.fulfilment import PackageSilent, ShipmentDue
from xingqu.fulfilment.carriers import provider_name, tracking_provider
from xingqu.fulfilment.carriers.protocol import CarrierRefused, CarrierUnsure, WatchRequest
from xingqu.fulfilment.domain.states import Kind, PackageState
from xingqu.fulfilment.models import Package, ShipReminder
from xingqu.fulfilment.selectors.addresses import sender_region
from xingqu.fulfilment.services.reports import take_reports
from xingqu.fulfilment.services.tracking import add_event
from xingqu.kit import clock
from xingqu.kit.outbox import publish
from xingqu.trade.selectors import TimeName, address_of_order, orders_to_ship_between, time_for

log = logging.getLogger(__name__)
LAST_RETRY_S = 3_600
# What should have been shipped longer ago was told of, unless no worker ran for so long.
REMEMBERED = timedelta(days=3)
SILENT = (PackageState.HANDED_OVER, PackageState.IN_TRANSIT, PackageState.OUT_FOR_DELIVERY)


def watch_packages(*, limit: int = 50) -> int:
    """Subscribe packages that went off to news of them. Returns how many. For the worker."""
    now = clock.now()
    watched = 0
    for package in Package.objects.filter(watch="due", watch_due_at__lte=now).order_by("watch_due_at")[:limit]:
        provider = tracking_provider(package.carrier_code)
        mine = Package.objects.filter(pk=package.pk, watch="due", watch_tries=package.watch_tries)
        wait = timedelta(seconds=min(5 * 2 ** min(package.watch_tries, 12), LAST_RETRY_S))
        if not mine.update(watch_tries=package.watch_tries + 1, watch_due_at=now + wait):
            continue
        if provider is None:
            Package.objects.filter(pk=package.pk).update(watch=Package.Watch.OFF)
            continue
        region, phone = _target(package)
        ends = [sender_region(shop_id=package.shop_id), region]
        if package.kind == Kind.RETURN:
            ends.reverse()
        try:
            provider.watch(
                WatchRequest(
                    carrier_code=package.carrier_code,
                    tracking_no=package.tracking_no,
                    callback_url=f"{settings.ENVIRONMENT.origin}/api/v1/carriers/push/{provider_name()}",
                    phone=phone,
                    origin=ends[0],
                    target=ends[1],
                )
            )
        except CarrierUnsure as error:
            log.warning("package %s is not watched yet: %s", package.pk, error)
            continue
        except CarrierRefused as error:
            log.error("package %s can't be watched: %s", package.pk, error)
            Package.objects.filter(pk=package.pk).update(watch=Package.Watch.REFUSED)
            continue
        same = {"carrier_code": package.carrier_code, "tracking_no": package.tracking_no}
        watched += Package.objects.filter(pk=package.pk, watch="due", **same).update(watch=Package.Watch.ON)
    return watched


def _target(package: Package) -> tuple[str, str]:
    """Province and city that a package goes to, and the last places of the phone number there."""
    if package.target_region:
        return package.target_region, package.target_phone
    address = address_of_order(order_no=package.order_no)
    return f"{address['province']}{address['city']}", str(address["phone"])[-4:]


def send_intercepts(*, limit: int = 50) -> int:
    """Ask carriers to turn packages back. Returns how many agreed to try. For the worker."""
    now = clock.now()
    accepted = 0
    due = Package.objects.filter(intercept="asked", intercept_due_at__lte=now).order_by("intercept_due_at")
    for package in due[:limit]:
        mine = Package.objects.filter(pk=package.pk, intercept="asked", intercept_tries=package.intercept_tries)
        wait = timedelta(seconds=min(5 * 2 ** min(package.intercept_tries, 12), LAST_RETRY_S))
        if not mine.update(intercept_tries=package.intercept_tries + 1, intercept_due_at=now + wait):
            continue
        provider = tracking_provider(package.carrier_code)
        try:
            if provider is None:
                raise CarrierRefused("this carrier takes no interceptions by wire")
            provider.turn_back(carrier_code=package.carrier_code, tracking_no=package.tracking_no)
        except CarrierUnsure as error:
            log.warning("package %s: interception unknown: %s", package.pk, error)
            continue
        except CarrierRefused as error:
            _end_intercept(package, Package.Intercept.FAILED, str(error))
            continue
        accepted += _end_intercept(package, Package.Intercept.ACCEPTED, "")
    return accepted


@transaction.atomic
def _end_intercept(package: Package, outcome: Package.Intercept, reason: str) -> bool:
    if not Package.objects.filter(pk=package.pk, intercept="asked").update(intercept=outcome):
        return False
    key = f"intercept_{outcome.value}:{package.intercept_tries}"
    add_event(package, code=f"intercept_{outcome.value}", key=key, at=clock.now(), data={"reason": reason[:200]})
    return True


def flag_silent(*, limit: int = 50) -> int:
    """Packages on their way without news for too long: the carrier is asked once more, then both sides are told.

    Returns how many were flagged. For the worker.
    """
    now = clock.now()
    shortest = now - time_for(TimeName.NO_NEWS, at=now)
    rows = Package.objects.filter(state__in=SILENT, flagged_at=None, news_at__lte=shortest)
    flagged = 0
    for package in rows.order_by("news_at")[:limit]:
        if package.news_at is None or now - package.news_at < time_for(
            TimeName.NO_NEWS, shop_id=package.shop_id, at=now
        ):
            continue
        if _asked_again(package):
            continue
        with transaction.atomic():
            still = Package.objects.filter(pk=package.pk, flagged_at=None, news_at=package.news_at, state__in=SILENT)
            if still.update(flagged_at=now):
                publish(
                    PackageSilent(
                        order_no=package.order_no,
                        shop_id=package.shop_id,
                        package_id=package.pk,
                        tracking_no=package.tracking_no,
                        since=package.news_at,
                        at=now,
                    )
                )
                flagged += 1
    return flagged


def _asked_again(package: Package) -> bool:
    """Whether the carrier knows something new when it is asked."""
    provider = tracking_provider(package.carrier_code)
    if provider is None:
        return False
    phone = str(address_of_order(order_no=package.order_no)["phone"])[-4:]
    try:
        report = provider.query(carrier_code=package.carrier_code, tracking_no=package.tracking_no, phone=phone)
    except (CarrierUnsure, CarrierRefused) as error:
        log.warning("no news of package %s: %s", package.pk, error)
        return False
    return take_reports([report]) > 0


def remind_shops(*, limit: int = 2_000) -> int:
    """Remind shops of what must be shipped soon, and tell of what is late: once each. Returns how many. For the worker."""
    now = clock.now()
    soon = now + time_for(TimeName.SHIP_REMINDER, at=now)
    reminded = 0
    due = orders_to_ship_between(since=now - REMEMBERED, until=soon, limit=limit)
    told = ShipReminder.objects.filter(order_no__in=[order_no for order_no, *_ in due])
    known = set(told.values_list("order_no", "kind"))
    for order_no, shop_id, ship_by in due:
        kind = "late" if ship_by < now else "soon"
        if (order_no, kind) in known:
            continue
        try:
            with transaction.atomic():
                ShipReminder.objects.create(order_no=order_no, kind=kind, at=now)
                publish(ShipmentDue(order_no=order_no, shop_id=shop_id, ship_by=ship_by, late=kind == "late", at=now))
                notify(
                    organisation_id=shop_id,
                    kind=f"ship_{kind}",
                    data={"order_no": order_no, "shop_id": shop_id, "ship_by": ship_by.isoformat()},
                )
        except IntegrityError:  # another worker has just done so, or it was long ago
            continue
        reminded += 1
    return reminded
