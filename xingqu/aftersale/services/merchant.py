"""What a merchant does with a case of their shop. Every function asks for the version the merchant saw."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from xingqu.aftersale.domain.reasons import DISPUTES, REFUSALS
from xingqu.aftersale.domain.states import Kind, Step
from xingqu.aftersale.services.doing import Doing
from xingqu.aftersale.services.moving import own_case, take_step
from xingqu.aftersale.services.parcels import send_parcel
from xingqu.kit.errors import BusinessError, InvalidInput, error_body
from xingqu.kit.transactions import retried

PARCELS = {Kind.EXCHANGE: "exchange", Kind.RESEND: "resend", Kind.REPAIR: "repair"}


@retried
@transaction.atomic
def approve(*, shop_id: int, case_no: str, version: int, doing: Doing, waive_return: bool = False) -> None:
    """Grant what was asked; `waive_return`: the money goes back and the goods need not.

    Raises NotFound, StaleCase, WrongCaseState, NoReturnAddress when goods have nowhere to go back to.
    """
    case = own_case(case_no=case_no, version=version, shop_id=shop_id)
    take_step(case, Step.WAIVE_RETURN if waive_return else Step.APPROVE, doing)


def approve_batch(*, shop_id: int, rows: Sequence[tuple[str, int]], doing: Doing) -> list[dict[str, Any]]:
    """Approve many cases (number, version), each in its own transaction: {case_no, done, error} at its place."""
    results: list[dict[str, Any]] = []
    for case_no, version in rows:
        try:
            approve(shop_id=shop_id, case_no=case_no, version=version, doing=doing)
        except BusinessError as error:
            results.append({"case_no": case_no, "done": False, "error": error_body(error)["error"]})
        else:
            results.append({"case_no": case_no, "done": True, "error": None})
    return results


@retried
@transaction.atomic
def offer(*, shop_id: int, case_no: str, version: int, amount_minor: int, doing: Doing) -> None:
    """Offer less than was asked; the buyer says yes or no. Raises NotFound, StaleCase, WrongCaseState, InvalidInput."""
    case = own_case(case_no=case_no, version=version, shop_id=shop_id)
    if not 1 <= amount_minor < case.asked_minor:
        raise InvalidInput(field="amount_minor", expected=f"1 to {case.asked_minor - 1}")
    take_step(case, Step.OFFER, doing, offered_minor=amount_minor)


@retried
@transaction.atomic
def refuse(*, shop_id: int, case_no: str, version: int, reason: str, doing: Doing) -> None:
    """Refuse with a reason. Raises NotFound, StaleCase, WrongCaseState, InvalidInput."""
    _check_reason(reason, REFUSALS, doing)
    case = own_case(case_no=case_no, version=version, shop_id=shop_id)
    take_step(case, Step.REFUSE, doing, refusal=reason)


@retried
@transaction.atomic
def confirm_return(*, shop_id: int, case_no: str, version: int, doing: Doing) -> None:
    """The goods have come back as they should. Raises NotFound, StaleCase, WrongCaseState."""
    take_step(own_case(case_no=case_no, version=version, shop_id=shop_id), Step.CONFIRM_RETURN, doing)


@retried
@transaction.atomic
def dispute_return(*, shop_id: int, case_no: str, version: int, reason: str, doing: Doing) -> None:
    """What came back is not right, or nothing did: the platform decides. Raises NotFound, StaleCase, WrongCaseState, InvalidInput."""
    _check_reason(reason, DISPUTES, doing)
    case = own_case(case_no=case_no, version=version, shop_id=shop_id)
    take_step(case, Step.DISPUTE_RETURN, doing, refusal=reason, goods_back=reason != "not_received")


@retried
@transaction.atomic
def ship_replacement(
    *, shop_id: int, case_no: str, version: int, carrier_code: str, tracking_no: str, doing: Doing
) -> None:
    """The replacement, the missing part or the mended goods are on their way.

    Raises NotFound, StaleCase, WrongCaseState, InvalidInput (carrier, number).
    """
    case = own_case(case_no=case_no, version=version, shop_id=shop_id)
    data = send_parcel(
        case,
        kind=PARCELS.get(Kind(case.kind), "resend"),
        carrier_code=carrier_code,
        tracking_no=tracking_no,
        step=Step.SHIP_REPLACEMENT,
    )
    said = Doing(doing.side, doing.person_id, doing.text, doing.picture_ids, data, doing.at)
    take_step(case, Step.SHIP_REPLACEMENT, said)


@retried
@transaction.atomic
def refund_instead(*, shop_id: int, case_no: str, version: int, doing: Doing) -> None:
    """Nothing can be sent: the money goes back instead. Raises NotFound, StaleCase, WrongCaseState."""
    take_step(own_case(case_no=case_no, version=version, shop_id=shop_id), Step.REFUND_INSTEAD, doing)


@retried
@transaction.atomic
def submit_evidence(*, shop_id: int, case_no: str, version: int, doing: Doing) -> None:
    """What the platform asked the merchant to show. Raises NotFound, StaleCase, WrongCaseState, InvalidInput without any."""
    if not doing.text and not doing.picture_ids:
        raise InvalidInput(field="text", expected="words or pictures")
    take_step(own_case(case_no=case_no, version=version, shop_id=shop_id), Step.SUBMIT_EVIDENCE, doing)


def _check_reason(reason: str, known: Sequence[str], doing: Doing) -> None:
    if reason not in known:
        raise InvalidInput(field="reason", expected=", ".join(known))
    if reason == "other" and not doing.text:
        raise InvalidInput(field="text", expected="a word on why")
    doing.data["reason"] = reason
