"""Numbers from the carrier for packed packages, and their labels."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from xingqu.fulfilment.carriers import tracking_provider
from xingqu.fulfilment.carriers.protocol import CarrierRefused, CarrierUnsure, Place, Waybill, WaybillRequest
from xingqu.fulfilment.domain.carriers import BY_CODE, check_tracking
from xingqu.fulfilment.domain.errors import CarrierAway, CarrierSaysNo, PackageWrongState
from xingqu.fulfilment.domain.states import PackageState
from xingqu.fulfilment.models import Package
from xingqu.fulfilment.selectors.addresses import sender_of
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, InvalidInput, NotFound, error_body
from xingqu.kit.transactions import retried
from xingqu.trade.selectors import address_of_order


def make_waybill(*, shop_id: int, package_id: int, carrier_code: str) -> None:
    """Give a packed package a number of the carrier's; asking again changes nothing.

    Raises NotFound, PackageWrongState, InvalidInput (carrier; no sender's address), CarrierAway, CarrierSaysNo.
    """
    package = Package.objects.filter(pk=package_id, shop_id=shop_id).first()
    if package is None:
        raise NotFound(field="package_id", expected="the id of a package of this shop")
    if package.state != PackageState.PACKED:
        raise PackageWrongState(expected="a packed package", data={"state": package.state})
    if package.has_waybill:
        return
    if carrier_code not in BY_CODE:
        raise InvalidInput("There is no such carrier.", field="carrier_code", expected=", ".join(BY_CODE))
    provider = tracking_provider(carrier_code)
    if provider is None:
        raise CarrierSaysNo(data={"reason": "no carrier gives out numbers to this site"})
    sender = sender_of(shop_id=shop_id)
    if sender is None:
        raise InvalidInput("The shop has no sender's address.", field="sender", expected="an address to send from")
    recipient = address_of_order(order_no=package.order_no)
    try:
        waybill = provider.make_waybill(
            WaybillRequest(
                reference=f"package-{package.pk}-{carrier_code}",
                carrier_code=carrier_code,
                sender=Place.of(sender),
                recipient=Place.of(recipient),
                goods="商品",
            )
        )
    except CarrierUnsure as error:
        raise CarrierAway(retry_after_s=5) from error
    except CarrierRefused as error:
        raise CarrierSaysNo(data={"reason": str(error)}) from error
    _keep(package, carrier_code, waybill)


def make_waybills(*, shop_id: int, package_ids: Sequence[int], carrier_code: str) -> list[dict[str, Any]]:
    """Numbers for many packages; the result of each stands at its place: {package_id, tracking_no, error}."""
    results: list[dict[str, Any]] = []
    for pk in package_ids:
        try:
            make_waybill(shop_id=shop_id, package_id=pk, carrier_code=carrier_code)
        except BusinessError as error:
            results.append({"package_id": pk, "tracking_no": "", "error": error_body(error)["error"]})
        else:
            number = Package.objects.get(pk=pk).tracking_no
            results.append({"package_id": pk, "tracking_no": number, "error": None})
    return results


@retried
@transaction.atomic
def _keep(package: Package, carrier_code: str, waybill: Waybill) -> None:
    mine = Package.objects.filter(pk=package.pk, state=PackageState.PACKED, has_waybill=False)
    mine.update(
        has_waybill=True,
        carrier_code=carrier_code,
        tracking_no=check_tracking(carrier_code, waybill.tracking_no),
        routing_code=waybill.routing_code[:40],
    )


def mark_printed(*, package_ids: list[int]) -> None:
    """Their labels were made."""
    Package.objects.filter(pk__in=package_ids).update(printed_at=clock.now())
