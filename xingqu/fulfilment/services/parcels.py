"""Parcels of after-sale cases, goods on their way back or sent again, and of samples."""

from collections.abc import Sequence

from django.db import transaction

from xingqu.fulfilment.domain.carriers import check_tracking
from xingqu.fulfilment.domain.errors import ParcelChanged
from xingqu.fulfilment.domain.states import Kind
from xingqu.fulfilment.models import Package
from xingqu.fulfilment.services.shipping import add_lines, watch_due
from xingqu.fulfilment.services.tracking import add_event
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.kit.transactions import hold_names, retried


@retried
@transaction.atomic
def register_parcel(
    *,
    reference: str,
    kind: str,
    shop_id: int,
    order_no: str,
    carrier_code: str,
    tracking_no: str,
    lines: Sequence[tuple[int, int]],
    target: tuple[str, str] | None = None,
) -> int:
    """Id of the parcel of an after-sale case or a sample, made now or earlier: one of each kind a reference.

    `lines` are (SKU id, quantity); `kind`: return (buyer -> shop), exchange, resend, repair, sample (shop -> them). `target`
    is (province and city in words, phone number) of a parcel that no order says the address of.
    Raises InvalidInput (kind, carrier, number), ParcelChanged when the reference has a parcel of this kind with another number.
    """
    if kind not in set(Kind) - {Kind.ORDER} or not reference:
        raise InvalidInput(field="kind", expected="return, exchange, resend, repair or sample, with a reference")
    region, phone = target if target is not None else ("", "")
    number = check_tracking(carrier_code, tracking_no)
    hold_names(f"parcel:{reference}:{kind}")
    known = Package.objects.filter(reference=reference, kind=kind).first()
    if known is not None:
        if (known.carrier_code, known.tracking_no) != (carrier_code, number):
            raise ParcelChanged(field="tracking_no", expected=f"{known.carrier_code} {known.tracking_no}")
        return known.pk
    now = clock.now()
    package = Package.objects.create(
        kind=kind,
        reference=reference,
        order_no=order_no,
        shop_id=shop_id,
        carrier_code=carrier_code,
        tracking_no=number,
        target_region=region[:80],
        target_phone=phone[-4:],
        shipped_at=now,
        news_at=now,
        **watch_due(carrier_code, now),
    )
    add_lines(package, order_no, lines)
    add_event(package, code="handed_over", at=now)
    return package.pk
