"""What the platform's operators do: they look into a dispute, ask for evidence, and decide it once, by a rule that stands beside."""

from dataclasses import dataclass, replace
from typing import Literal

from django.db import transaction

from xingqu.aftersale.domain.clauses import BY_CODE
from xingqu.aftersale.domain.errors import AmountTooHigh, WrongCaseState
from xingqu.aftersale.domain.states import ARBITRATION, PAYS_BACK, SENDS_OUT, Fault, Kind, State, Step
from xingqu.aftersale.models import Arbitration, Case, CaseLine
from xingqu.aftersale.services.doing import Doing
from xingqu.aftersale.services.moving import note, own_case, take_step
from xingqu.kit.errors import InvalidInput
from xingqu.kit.transactions import retried

Outcome = Literal["buyer_wins", "seller_wins", "closed"]
STEPS: dict[Outcome, Step] = {
    "buyer_wins": Step.DECIDE_BUYER,
    "seller_wins": Step.DECIDE_SELLER,
    "closed": Step.CLOSE,
}
TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`amount_minor` None is what was asked. `needs_return`: the goods go back first. `refund_instead`: money in place of goods."""

    outcome: Outcome
    clause: str
    opinion: str
    fault: Fault | None
    amount_minor: int | None = None
    needs_return: bool = False
    refund_instead: bool = False


@retried
@transaction.atomic
def take(*, case_no: str, version: int, doing: Doing) -> None:
    """An operator takes a dispute on. Raises NotFound, StaleCase, WrongCaseState."""
    case = _disputed(case_no, version)
    note(case, TAKEN, doing)
    Arbitration.objects.filter(case=case, decided_at=None).update(handler_id=doing.person_id)


@retried
@transaction.atomic
def ask_evidence(*, case_no: str, version: int, doing: Doing) -> None:
    """The merchant is to show something by a date. Raises NotFound, StaleCase, WrongCaseState."""
    take_step(_disputed(case_no, version), Step.ASK_EVIDENCE, doing)


@retried
@transaction.atomic
def negotiate(*, case_no: str, version: int, doing: Doing) -> None:
    """A proposal to both sides. Raises NotFound, StaleCase, WrongCaseState."""
    take_step(_disputed(case_no, version), Step.NEGOTIATE, doing)


@retried
@transaction.atomic
def decide(*, case_no: str, version: int, verdict: Verdict, doing: Doing) -> None:
    """Decide a dispute. Raises NotFound, StaleCase, WrongCaseState, InvalidInput, AmountTooHigh, NoReturnAddress."""
    clause = BY_CODE.get(verdict.clause)
    if clause is None:
        raise InvalidInput(field="clause", expected=", ".join(BY_CODE))
    if not verdict.opinion:
        raise InvalidInput(field="opinion", expected="why the platform decides so")
    case = _disputed(case_no, version)
    won = verdict.outcome == "buyer_wins"
    amount = _granted_minor(case, verdict) if won else None
    Arbitration.objects.filter(case=case, decided_at=None).update(
        handler_id=doing.person_id,
        clause=clause.code,
        clause_text=f"{clause.source}: {clause.text}",
        opinion=verdict.opinion,
        fault=verdict.fault,
        amount_minor=amount,
    )
    said = replace(
        doing, text=verdict.opinion, data={"clause": clause.code, "fault": verdict.fault, "amount_minor": amount}
    )
    changes = {}
    if won:
        instead = Kind(case.kind) in SENDS_OUT and verdict.refund_instead
        changes = {"agreed_minor": amount, "needs_return": verdict.needs_return, "refund_instead": instead}
    take_step(case, STEPS[verdict.outcome], said, fault=verdict.fault, **changes)


def _granted_minor(case: Case, verdict: Verdict) -> int | None:
    """What goes back to a buyer who wins; None where goods are sent. Raises AmountTooHigh, InvalidInput."""
    if Kind(case.kind) not in PAYS_BACK and not verdict.refund_instead:
        return None
    caps = CaseLine.objects.filter(case=case).values_list("cap_minor", flat=True)
    most = sum(caps) + case.freight_cap_minor
    asked = case.asked_minor if Kind(case.kind) in PAYS_BACK else most
    amount = asked if verdict.amount_minor is None else verdict.amount_minor
    if amount > most:
        raise AmountTooHigh(field="amount_minor", expected=f"at most {most}", data={"max_minor": most})
    if amount < 1:
        raise InvalidInput(field="amount_minor", expected=f"1 to {most}")
    return amount


def _disputed(case_no: str, version: int) -> Case:
    case = own_case(case_no=case_no, version=version)
    if State(case.state) not in ARBITRATION:
        raise WrongCaseState(expected="a case in arbitration", data={"state": case.state})
    return case
