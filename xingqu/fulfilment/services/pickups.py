"""Return parcels that the carrier fetches at the buyer's."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from xingqu.fulfilment.carriers import tracking_provider
from xingqu.fulfilment.carriers.protocol import CarrierRefused, CarrierUnsure, PickupRequest
from xingqu.fulfilment.contracts import PickupOffer, PickupView
from xingqu.fulfilment.domain.errors import CarrierAway, CarrierSaysNo
from xingqu.fulfilment.domain.pickups import pickup_slots
from xingqu.fulfilment.models import Pickup
from xingqu.fulfilment.selectors.covers import insured_minor
from xingqu.fulfilment.services.covers import take_cover
from xingqu.fulfilment.services.parcels import register_parcel
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.kit.transactions import retried
from xingqu.trade.selectors import address_of_order

CARRIER = "sf"


def offer_pickup(*, order_no: str, product_ids: Sequence[int], target: str) -> PickupOffer | None:
    """When a carrier can fetch a return at the order's address, for how much, and what of that is insured.

    None when no carrier fetches parcels for this site. Asks the carrier: never inside a transaction.
    """
    origin = _region(address_of_order(order_no=order_no))
    try:
        price = _provider().quote_pickup(carrier_code=CARRIER, origin=origin, target=target)
    except (CarrierRefused, CarrierUnsure, CarrierSaysNo):
        return None
    covered = insured_minor(order_no=order_no, product_ids=product_ids, price_minor=price)
    return PickupOffer(CARRIER, price, covered, tuple(pickup_slots(clock.now())))


def order_pickup(*, reference: str, order_no: str, starts_at: datetime, target: str) -> PickupView:
    """Order a pickup from the carrier: the same `reference` gets the same number again. Nothing is kept here yet (`keep_pickup`);
    what is ordered and never kept is a number that nobody uses. Never inside a transaction.

    Raises InvalidInput for a slot that is not offered, CarrierAway, CarrierSaysNo.
    """
    slot = next((slot for slot in pickup_slots(clock.now()) if slot[0] == starts_at), None)
    if slot is None:
        raise InvalidInput(field="starts_at", expected="the beginning of one of the slots that are offered")
    request = PickupRequest(reference, CARRIER, _region(address_of_order(order_no=order_no)), target, slot[0])
    try:
        answer = _provider().book_pickup(request)
    except CarrierUnsure as error:
        raise CarrierAway(retry_after_s=5) from error
    except CarrierRefused as error:
        raise CarrierSaysNo(data={"reason": str(error)}) from error
    return PickupView(CARRIER, answer.tracking_no, slot[0], slot[1], answer.price_minor, 0)


@retried
@transaction.atomic
def keep_pickup(
    *,
    pickup: PickupView,
    reference: str,
    shop_id: int,
    order_no: str,
    lines: Sequence[tuple[int, int]],
    product_ids: Sequence[int],
) -> PickupView:
    """Keep an ordered pickup as the return parcel of a case, with the order's insurance if it is free; in the caller's transaction.

    Raises ParcelChanged when the case has another return parcel.
    """
    register_parcel(
        reference=reference,
        kind="return",
        shop_id=shop_id,
        order_no=order_no,
        carrier_code=pickup.carrier_code,
        tracking_no=pickup.tracking_no,
        lines=lines,
    )
    price = pickup.price_minor
    covered = take_cover(order_no=order_no, product_ids=product_ids, reference=reference, price_minor=price)
    Pickup.objects.create(
        reference=reference,
        order_no=order_no,
        carrier_code=pickup.carrier_code,
        tracking_no=pickup.tracking_no,
        starts_at=pickup.starts_at,
        ends_at=pickup.ends_at,
        price_minor=price,
        covered_minor=covered,
        booked_at=clock.now(),
    )
    return PickupView(pickup.carrier_code, pickup.tracking_no, pickup.starts_at, pickup.ends_at, price, covered)


def _provider() -> Any:
    provider = tracking_provider(CARRIER)
    if provider is None:
        raise CarrierSaysNo(data={"reason": "no carrier fetches parcels for this site"})
    return provider


def _region(address: dict[str, Any]) -> str:
    return f"{address['province']}{address['city']}{address['district']}"
