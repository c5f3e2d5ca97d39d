"""The one place that changes a case's state: an UPDATE guarded by state and version, with its timeline entry and its fact."""

from datetime import timedelta
from typing import Any

from django.db.models import F

from xingqu.aftersale.domain.errors import NoReturnAddress, StaleCase, WrongCaseState
from xingqu.aftersale.domain.rules import read_rules
from xingqu.aftersale.domain.states import (
    ARBITRATION,
    FINAL,
    WAITS,
    Course,
    Kind,
    Side,
    State,
    Step,
    may,
    steps_of,
    target_of,
)
from xingqu.aftersale.models import Case, CaseEvent
from xingqu.aftersale.selectors.addresses import return_address_of
from xingqu.aftersale.services import endings
from xingqu.aftersale.services.consequences import consequences_of
from xingqu.aftersale.services.doing import Doing
from xingqu.aftersale.services.evidence import take_pictures
from xingqu.events.aftersale import CaseChanged
from xingqu.kit.errors import NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names


def own_case(*, case_no: str, version: int | None, **scope: Any) -> Case:
    """The case within `scope` (whose it must be), with its order held until the transaction ends.

    Raises NotFound, StaleCase when it is not at the version that the caller saw.
    """
    case = Case.objects.filter(case_no=case_no, **scope).first()
    if case is None:
        raise NotFound(field="case_no", expected="the number of one of your cases")
    hold_order(case.order_no)
    case.refresh_from_db()
    if version is not None and case.version != version:
        raise stale(case)
    return case


def hold_order(order_no: str) -> None:
    """Cases of one order change one after the other: units and money are shared among them."""
    hold_names(f"aftersale:{order_no}")


def stale(case: Case) -> StaleCase:
    """The refusal that tells where the case is now."""
    now = Case.objects.get(pk=case.pk)
    return StaleCase(field="version", expected=str(now.version), data={"state": now.state, "version": now.version})


def take_step(case: Case, step: Step, doing: Doing, **changes: Any) -> Case:
    """Take one step of the table, in the caller's transaction; `changes` are further columns. Returns the case as it is now.

    Raises WrongCaseState, StaleCase, NoReturnAddress, and what the refund refuses.
    """
    source = State(case.state)
    _require(case, step, source, doing.side)
    changes = consequences_of(case, step) | changes
    course = _course(case, changes)
    target = target_of(step, course)
    if target is State.BUYER_RETURN:
        changes["return_address"] = return_address_of(shop_id=case.shop_id)
        if changes["return_address"] is None:
            raise NoReturnAddress(expected="an address for returns in the shop's after-sale settings")
    wait = WAITS[target]
    rules = read_rules(case.rules)
    period_s = getattr(rules, wait.period) if wait.period else None
    changes |= {
        "state": target,
        "waiting_for": wait.who,
        "due_at": doing.at + timedelta(seconds=period_s) if period_s is not None else None,
        "changed_at": doing.at,
        "closed_at": doing.at if target in FINAL else None,
    }
    moved = Case.objects.filter(pk=case.pk, version=case.version, state=source)
    if not moved.update(version=F("version") + 1, **changes):
        raise stale(case)
    case.refresh_from_db()
    write_event(case, step.value, doing)
    if source in ARBITRATION or target in ARBITRATION:
        endings.keep_rounds(case, step, source, doing)
    if target is State.REFUNDING:
        endings.send_refund(case)
    if case.kind == Kind.PRE_SHIP:
        endings.keep_shipping_stopped(case)
    if target in FINAL:
        endings.end_case(case)
    else:
        publish_change(case, step.value)
    return case


def write_event(case: Case, code: str, doing: Doing) -> CaseEvent:
    """An entry of the timeline at the case's version, with its pictures."""
    event = CaseEvent.objects.create(
        case=case,
        version=case.version,
        step=code,
        side=doing.side,
        person_id=doing.person_id,
        state=case.state,
        text=doing.text,
        data=doing.data,
        at=doing.at,
    )
    take_pictures(event=event, case=case, side=doing.side, picture_ids=doing.picture_ids)
    return event


def note(case: Case, code: str, doing: Doing, **changes: Any) -> Case:
    """An entry that leaves the state as it is, in the caller's transaction. Raises StaleCase, WrongCaseState for a closed case."""
    if State(case.state) in FINAL:
        raise WrongCaseState(expected="an open case", data={"state": case.state})
    moved = Case.objects.filter(pk=case.pk, version=case.version, state=case.state)
    if not moved.update(version=F("version") + 1, changed_at=doing.at, **changes):
        raise stale(case)
    case.refresh_from_db()
    write_event(case, code, doing)
    publish_change(case, code)
    return case


def publish_change(case: Case, step: str) -> None:
    publish(
        CaseChanged(
            case_no=case.case_no,
            order_no=case.order_no,
            shop_id=case.shop_id,
            buyer_key=case.buyer_key,
            person_id=case.person_id,
            kind=case.kind,
            state=case.state,
            fault=case.fault,
            step=step,
            waiting_for=case.waiting_for,
            due_at=case.due_at,
            opened_at=case.opened_at,
            changed_at=case.changed_at,
        )
    )


def _require(case: Case, step: Step, source: State, side: Side | None) -> None:
    allowed = may(step, source, side) if side is None else step in steps_of(side, source, Kind(case.kind))
    if not allowed:
        raise WrongCaseState(expected=f"a case that can be {step.value}", data={"state": case.state})


def _course(case: Case, changes: dict[str, Any]) -> Course:
    def value(name: str) -> bool:
        return bool(changes.get(name, getattr(case, name)))

    return Course(
        kind=Kind(case.kind),
        needs_return=value("needs_return"),
        goods_back=value("goods_back"),
        instant=value("instant"),
        refund_instead=value("refund_instead"),
    )
