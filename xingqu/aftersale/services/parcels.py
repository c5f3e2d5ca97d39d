"""Parcels of a case, registered with fulfilment."""

from typing import Any

from xingqu.aftersale.domain.errors import WrongCaseState
from xingqu.aftersale.domain.states import Kind, Side, State, Step, steps_of
from xingqu.aftersale.models import Case, CaseEvent, CaseLine
from xingqu.fulfilment.services import register_parcel


def reference_of(case: Case, step: Step) -> str:
    """What the parcel of this step is known by; a second one has a reference of its own."""
    before = CaseEvent.objects.filter(case=case, step=step).count()
    return case.case_no if before == 0 else f"{case.case_no}-{before + 1}"


def send_parcel(case: Case, *, kind: str, carrier_code: str, tracking_no: str, step: Step) -> dict[str, Any]:
    """Register the parcel of a step that may be taken; returns what the timeline keeps of it.

    A second parcel of the same kind (a replacement that was not right either) has a reference of its own.
    Raises WrongCaseState, InvalidInput (carrier, number).
    """
    side = Side.BUYER if kind == "return" else Side.MERCHANT
    if step not in steps_of(side, State(case.state), Kind(case.kind)):
        raise WrongCaseState(expected=f"a case that can be {step.value}", data={"state": case.state})
    reference = reference_of(case, step)
    lines = CaseLine.objects.filter(case=case).order_by("id")
    register_parcel(
        reference=reference,
        kind=kind,
        shop_id=case.shop_id,
        order_no=case.order_no,
        carrier_code=carrier_code,
        tracking_no=tracking_no,
        lines=[(line.sku_id, line.quantity) for line in lines],
    )
    return {"carrier_code": carrier_code, "tracking_no": tracking_no.strip().upper(), "reference": reference}
