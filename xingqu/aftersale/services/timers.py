"""What happens by itself: time-outs of each side, parcels that arrive, refunds that are done."""

from datetime import datetime, timedelta

from django.db import transaction

from xingqu.aftersale.domain.rules import read_rules
from xingqu.aftersale.domain.states import DELIVERED, SENDS_OUT, WAITS, Kind, State, Step
from xingqu.aftersale.models import Case, CaseEvent
from xingqu.aftersale.selectors.addresses import return_address_of
from xingqu.aftersale.services.doing import Doing
from xingqu.aftersale.services.moving import note, own_case, take_step
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError
from xingqu.kit.transactions import retried
from xingqu.trade.services import RefundTooHigh, WrongState

_RUNNING = [state for state, wait in WAITS.items() if wait.timeout is not None]


def run_due(*, now: datetime | None = None, limit: int = 200) -> int:
    """Take the step of every case whose time has run out. Returns how many. Safe in several processes. For the worker."""
    at = now or clock.now()
    due = Case.objects.filter(state__in=_RUNNING, due_at__lte=at).order_by("due_at")
    numbers = list(due.values_list("case_no", flat=True)[:limit])
    taken = sum(time_out(case_no=case_no, at=at) for case_no in numbers)
    # Without a refund there is no news of one: nothing was left of the money, and nothing came back. Looked for after the
    # time-outs, which may have granted such a case just now.
    nothing = Case.objects.filter(state=State.REFUNDING, refund_no="").order_by("id")
    empty = list(nothing.values_list("case_no", flat=True)[:limit])
    return taken + sum(finish_refund(case_no=case_no, refund_no="", at=at) for case_no in empty)


@retried
@transaction.atomic
def time_out(*, case_no: str, at: datetime) -> bool:
    """Take the step that a case's state ends with by itself. False when somebody was faster, or its time is not over."""
    case = own_case(case_no=case_no, version=None)
    step = WAITS[State(case.state)].timeout
    if step is None or case.due_at is None or case.due_at > at:
        return False
    try:
        with transaction.atomic():
            take_step(case, step, Doing(None, at=at), **_nowhere_to_return(case, step))
    except (RefundTooHigh, WrongState) as error:
        fail(case_no=case_no, error=error, at=at)
    return True


def _nowhere_to_return(case: Case, step: Step) -> dict[str, bool]:
    """A merchant who neither answers nor has an address for returns gets no goods back: the buyer can't wait for that."""
    if step not in (Step.REVIEW_TIMEOUT, Step.OFFER_TIMEOUT) or not case.needs_return:
        return {}
    if return_address_of(shop_id=case.shop_id) is not None:
        return {}
    return {"needs_return": False, "refund_instead": Kind(case.kind) in SENDS_OUT}


def fail(*, case_no: str, error: BusinessError, at: datetime) -> None:
    """What was granted can't be paid: nothing of that money is left in the order. In the caller's transaction."""
    case = own_case(case_no=case_no, version=None)
    take_step(case, Step.REFUND_FAILED, Doing(None, data={"code": error.code, **error.data}, at=at))


@retried
@transaction.atomic
def finish_refund(*, case_no: str, refund_no: str, at: datetime) -> bool:
    """The money is back with the buyer. False for a refund that is no case's, or known already."""
    if not Case.objects.filter(case_no=case_no, state=State.REFUNDING, refund_no=refund_no).exists():
        return False
    case = own_case(case_no=case_no, version=None)
    if case.state != State.REFUNDING:
        return False
    take_step(case, Step.REFUND_DONE, Doing(None, at=at, data={"refund_no": refund_no}))
    return True


@retried
@transaction.atomic
def parcel_delivered(*, reference: str, kind: str, at: datetime) -> bool:
    """The carrier reports that a parcel of a case has come: who must confirm it has less time from now on. Once a parcel."""
    if not Case.objects.filter(case_no=reference.split("-")[0]).exists():
        return False
    case = own_case(case_no=reference.split("-")[0], version=None)
    rules = read_rules(case.rules)
    waits = {State.MERCHANT_CONFIRM: ("return", rules.confirm_delivered_s)}.get(
        State(case.state), (PARCEL_KINDS.get(Kind(case.kind), ""), rules.receive_delivered_s)
    )
    waiting = case.state in (State.MERCHANT_CONFIRM, State.BUYER_RECEIVE) and waits[0] == kind
    told = CaseEvent.objects.filter(case=case, step=DELIVERED, data__reference=reference, data__kind=kind)
    if not waiting or told.exists() or case.due_at is None:
        return False
    due_at = min(case.due_at, at + timedelta(seconds=waits[1]))
    note(case, DELIVERED, Doing(None, at=clock.now(), data={"reference": reference, "kind": kind}), due_at=due_at)
    return True


PARCEL_KINDS = {Kind.EXCHANGE: "exchange", Kind.RESEND: "resend", Kind.REPAIR: "repair"}
