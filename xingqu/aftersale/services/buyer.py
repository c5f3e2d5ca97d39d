"""What a buyer does with a case of theirs. Every function asks for the version the buyer saw."""

from django.db import transaction

from xingqu.aftersale.domain.errors import WrongCaseState
from xingqu.aftersale.domain.rules import read_rules
from xingqu.aftersale.domain.states import STATEMENT, Kind, Side, State, Step, may
from xingqu.aftersale.models import Case, CaseLine
from xingqu.aftersale.selectors.assessing import Wanted, assess
from xingqu.aftersale.services.doing import Doing
from xingqu.aftersale.services.moving import note, own_case, take_step
from xingqu.aftersale.services.opening import asked_minor, check_words
from xingqu.aftersale.services.parcels import send_parcel
from xingqu.kit.transactions import retried


@retried
@transaction.atomic
def withdraw(*, buyer_key: str, case_no: str, version: int, doing: Doing) -> None:
    """The buyer takes it back. Raises NotFound, StaleCase, WrongCaseState."""
    take_step(own_case(case_no=case_no, version=version, buyer_key=buyer_key), Step.WITHDRAW, doing)


@retried
@transaction.atomic
def change_case(
    *, buyer_key: str, case_no: str, version: int, reason: str, amount_minor: int | None, doing: Doing
) -> None:
    """Ask again with another amount, reason or evidence; the merchant's time to review begins anew.

    Raises NotFound, StaleCase, WrongCaseState, and what `open_case` refuses.
    """
    case = own_case(case_no=case_no, version=version, buyer_key=buyer_key)
    kind = Kind(case.kind)
    if not may(Step.CHANGE, State(case.state), Side.BUYER):
        raise WrongCaseState(expected="a case that waits for review or was refused", data={"state": case.state})
    lines = [
        Wanted(*row) for row in CaseLine.objects.filter(case=case).order_by("id").values_list("line_id", "quantity")
    ]
    assessment = assess(
        buyer_key=buyer_key,
        order_no=case.order_no,
        kind=kind,
        wanted=lines,
        rules=read_rules(case.rules),
        except_case=case.pk,
    )
    shown = list(doing.picture_ids) or list(
        case.events.filter(side=Side.BUYER, pictures__isnull=False).values_list("pictures__id", flat=True)
    )
    check_words(kind, reason, shown)
    for part in assessment.lines:
        CaseLine.objects.filter(case=case, line_id=part.line.line_id).update(cap_minor=part.cap_minor)
    take_step(
        case,
        Step.CHANGE,
        doing,
        reason=reason,
        asked_minor=asked_minor(assessment, amount_minor),
        freight_cap_minor=assessment.freight_minor,
        text=doing.text or case.text,
    )


@retried
@transaction.atomic
def answer_offer(*, buyer_key: str, case_no: str, version: int, accept: bool, doing: Doing) -> None:
    """Take what the merchant offers, or not. Raises NotFound, StaleCase, WrongCaseState."""
    case = own_case(case_no=case_no, version=version, buyer_key=buyer_key)
    take_step(case, Step.ACCEPT_OFFER if accept else Step.DECLINE_OFFER, doing)


@retried
@transaction.atomic
def ship_return(
    *, buyer_key: str, case_no: str, version: int, carrier_code: str, tracking_no: str, doing: Doing
) -> None:
    """The goods are on their way back. Raises NotFound, StaleCase, WrongCaseState, InvalidInput (carrier, number)."""
    case = own_case(case_no=case_no, version=version, buyer_key=buyer_key)
    data = send_parcel(case, kind="return", carrier_code=carrier_code, tracking_no=tracking_no, step=Step.SHIP_RETURN)
    take_step(case, Step.SHIP_RETURN, Doing(doing.side, doing.person_id, doing.text, doing.picture_ids, data, doing.at))


@retried
@transaction.atomic
def confirm_replacement(*, buyer_key: str, case_no: str, version: int, doing: Doing) -> None:
    """What the merchant sent has come and is right. Raises NotFound, StaleCase, WrongCaseState."""
    take_step(own_case(case_no=case_no, version=version, buyer_key=buyer_key), Step.CONFIRM_REPLACEMENT, doing)


@retried
@transaction.atomic
def escalate(*, buyer_key: str, case_no: str, version: int, doing: Doing) -> None:
    """Ask the platform to decide (平台介入). Raises NotFound, StaleCase, WrongCaseState."""
    take_step(own_case(case_no=case_no, version=version, buyer_key=buyer_key), Step.ESCALATE, doing)


@retried
@transaction.atomic
def add_statement(*, case_no: str, version: int, doing: Doing, **scope: object) -> Case:
    """Words and pictures of either side, any time while the case is open. `scope`: whose case it must be.

    Raises NotFound, StaleCase, WrongCaseState.
    """
    return note(own_case(case_no=case_no, version=version, **scope), STATEMENT, doing)
