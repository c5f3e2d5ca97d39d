"""A return that the carrier fetches: the buyer chooses when, the carrier gives the number."""

from datetime import datetime

from django.db import transaction

from xingqu.aftersale.domain.errors import NoReturnAddress, WrongCaseState
from xingqu.aftersale.domain.states import Kind, Side, State, Step, steps_of
from xingqu.aftersale.models import Case, CaseLine
from xingqu.aftersale.services.doing import Doing
from xingqu.aftersale.services.moving import own_case, stale, take_step
from xingqu.aftersale.services.parcels import reference_of
from xingqu.fulfilment.contracts import PickupOffer, PickupView
from xingqu.fulfilment.services import keep_pickup, offer_pickup, order_pickup
from xingqu.kit.errors import NotFound
from xingqu.kit.transactions import retried


def pickup_offer(*, buyer_key: str, case_no: str) -> PickupOffer | None:
    """When the goods of one's own case can be fetched and what that costs; None when nobody fetches them.

    Raises NotFound, WrongCaseState.
    """
    case = _returning(buyer_key, case_no)
    return offer_pickup(order_no=case.order_no, product_ids=_products(case), target=_target(case))


def book_pickup(*, buyer_key: str, case_no: str, version: int, starts_at: datetime, doing: Doing) -> None:
    """Have the goods of a case fetched in a slot that is offered: they count as on their way back.

    The money of an instant case waits until the shop has them: nobody has handed anything over yet.
    Raises NotFound, StaleCase, WrongCaseState, InvalidInput (slot), CarrierAway, CarrierSaysNo.
    """
    case = _returning(buyer_key, case_no)
    if case.version != version:
        raise stale(case)
    reference = reference_of(case, Step.SHIP_RETURN)
    ordered = order_pickup(reference=reference, order_no=case.order_no, starts_at=starts_at, target=_target(case))
    _keep(buyer_key, case_no, version, reference, ordered, doing)


@retried
@transaction.atomic
def _keep(buyer_key: str, case_no: str, version: int, reference: str, ordered: PickupView, doing: Doing) -> None:
    case = own_case(case_no=case_no, version=version, buyer_key=buyer_key)
    kept = keep_pickup(
        pickup=ordered,
        reference=reference,
        shop_id=case.shop_id,
        order_no=case.order_no,
        lines=list(CaseLine.objects.filter(case=case).order_by("id").values_list("sku_id", "quantity")),
        product_ids=_products(case),
    )
    data = {
        "carrier_code": kept.carrier_code,
        "tracking_no": kept.tracking_no,
        "reference": reference,
        "starts_at": kept.starts_at.isoformat(),
        "ends_at": kept.ends_at.isoformat(),
        "price_minor": kept.price_minor,
        "covered_minor": kept.covered_minor,
    }
    said = Doing(doing.side, doing.person_id, doing.text, doing.picture_ids, data, doing.at)
    take_step(case, Step.SHIP_RETURN, said, instant=False)


def _returning(buyer_key: str, case_no: str) -> Case:
    case = Case.objects.filter(case_no=case_no, buyer_key=buyer_key).first()
    if case is None:
        raise NotFound(field="case_no", expected="the number of one of your cases")
    if Step.SHIP_RETURN not in steps_of(Side.BUYER, State(case.state), Kind(case.kind)):
        raise WrongCaseState(expected="a case whose goods are to be sent back", data={"state": case.state})
    return case


def _products(case: Case) -> list[int]:
    return sorted(set(CaseLine.objects.filter(case=case).values_list("product_id", flat=True)))


def _target(case: Case) -> str:
    if case.return_address is None:
        raise NoReturnAddress
    return str(case.return_address["region"])
