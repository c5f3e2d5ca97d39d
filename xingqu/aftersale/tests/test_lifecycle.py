"""After-sale against a plain model: whatever both sides, the platform, the clock and replays do, in any order.

The model knows units and money of one order. It holds: no more goes back than was paid; units are in one open case; each case
ends once and stays ended; a stale or repeated step changes nothing; the settlement is held exactly while cases are open.
"""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from xingqu.aftersale.domain.states import FINAL, Kind, Side, State, Step, steps_of
from xingqu.aftersale.models import Case, CaseEvent, CaseLine
from xingqu.aftersale.selectors.assessing import Wanted
from xingqu.aftersale.services import arbitration as platform
from xingqu.aftersale.services import buyer as buying
from xingqu.aftersale.services import merchant as selling
from xingqu.aftersale.services import run_due
from xingqu.aftersale.services.doing import Doing
from xingqu.aftersale.services.opening import Application, open_case
from xingqu.aftersale.tests.house import House, tracking, work
from xingqu.kit.errors import BusinessError
from xingqu.ledger.selectors import check
from xingqu.trade.models import OrderLine, ShopOrder
from xingqu.trade.tests.house import Wire

UNITS, PRICE = 4, 10001
KINDS = ("refund_only", "return_and_refund", "no_reason_return_7d", "exchange", "resend")
REASONS = {"no_reason_return_7d": "size", "exchange": "size", "resend": "missing_parts"}
STEPS = [
    step
    for step in Step
    if "timeout" not in step and step not in (Step.AUTO_APPROVE, Step.TURNED_BACK, Step.REFUND_DONE, Step.REFUND_FAILED)
]


class AfterSale(RuleBasedStateMachine):
    """Rules are what both sides, the platform, the worker and the clock may do at any time."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.house = House()
        self.order_no = self.house.received((self.house.sku(price_minor=PRICE), UNITS))
        self.line = OrderLine.objects.get().pk
        self.key, self.person = self.house.buyer.key, self.house.buyer.person_id or 0
        self.ended: dict[str, tuple[str, int]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def say(self, side: Side, text: str = "x") -> Doing:
        return Doing(side, self.person, text)

    @rule(kind=st.sampled_from(KINDS), units=st.integers(1, UNITS), share=st.integers(1, 100))
    def ask(self, kind: str, units: int, share: int) -> None:
        order = ShopOrder.objects.get()
        open_units = sum(
            line.quantity for line in CaseLine.objects.exclude(case__state__in=FINAL).exclude(case__state="refunding")
        )
        pictures = (self.house.upload(self.order_no),) if kind == "resend" else ()
        application = Application(
            kind=Kind(kind),
            lines=(Wanted(self.line, units),),
            reason=REASONS.get(kind, "agreed"),
            amount_minor=None if kind in ("exchange", "resend") else max(PRICE * units * share // 100, 1),
            picture_ids=pictures,
        )
        before = Case.objects.count()
        try:
            open_case(buyer_key=self.key, person_id=self.person, order_no=self.order_no, application=application)
        except BusinessError:
            assert Case.objects.count() == before
        else:
            assert units + open_units <= UNITS
            assert order.state == "done"

    @precondition(lambda self: Case.objects.exists())
    @rule(number=st.integers(0, 20), step=st.sampled_from(STEPS), stale=st.booleans(), share=st.integers(1, 120))
    def act(self, number: int, step: Step, stale: bool, share: int) -> None:
        rows = list(Case.objects.order_by("id"))
        case = rows[number % len(rows)]
        side = next(side for side in Side if self._is_of(step, side))
        allowed = step in steps_of(side, State(case.state), Kind(case.kind))
        version = case.version - 1 if stale else case.version
        before = self._rows()
        try:
            self._take(case, step, version, share)
        except BusinessError:
            assert self._rows() == before
        else:
            assert allowed
            assert not stale

    @rule()
    def let_the_worker_work(self) -> None:
        work()

    @rule()
    def let_time_pass(self) -> None:
        due = Case.objects.exclude(due_at=None).order_by("-due_at").values_list("due_at", flat=True).first()
        if due is not None:
            waiting = Case.objects.filter(state__in=["handling", "negotiation"]).count()
            run_due(now=due)
            assert run_due(now=due) == 0
            assert Case.objects.filter(state__in=["handling", "negotiation"]).count() >= waiting

    def _is_of(self, step: Step, side: Side) -> bool:
        return any(step in steps_of(side, state, kind) for state in State for kind in Kind)

    def _rows(self) -> list[Any]:
        return list(Case.objects.order_by("id").values_list("state", "version", "agreed_minor", "refund_no"))

    def _take(self, case: Case, step: Step, version: int, share: int) -> None:
        mine: dict[str, Any] = {"buyer_key": self.key, "case_no": case.case_no, "version": version}
        shop: dict[str, Any] = {"shop_id": self.house.shop.id, "case_no": case.case_no, "version": version}
        site: dict[str, Any] = {"case_no": case.case_no, "version": version}
        buyer, seller, judge = self.say(Side.BUYER), self.say(Side.MERCHANT), self.say(Side.PLATFORM)
        amount = max(case.asked_minor * share // 100, 1)
        verdict = platform.Verdict("buyer_wins", "quality", "x", None, amount_minor=None)
        calls = {
            Step.CHANGE: lambda: buying.change_case(**mine, reason=case.reason, amount_minor=amount, doing=buyer),
            Step.WITHDRAW: lambda: buying.withdraw(**mine, doing=buyer),
            Step.ACCEPT_OFFER: lambda: buying.answer_offer(**mine, accept=True, doing=buyer),
            Step.DECLINE_OFFER: lambda: buying.answer_offer(**mine, accept=False, doing=buyer),
            Step.SHIP_RETURN: lambda: buying.ship_return(**mine, **tracking(), doing=buyer),
            Step.CONFIRM_REPLACEMENT: lambda: buying.confirm_replacement(**mine, doing=buyer),
            Step.ESCALATE: lambda: buying.escalate(**mine, doing=buyer),
            Step.APPROVE: lambda: selling.approve(**shop, doing=seller),
            Step.WAIVE_RETURN: lambda: selling.approve(**shop, doing=seller, waive_return=True),
            Step.OFFER: lambda: selling.offer(**shop, amount_minor=amount, doing=seller),
            Step.REFUSE: lambda: selling.refuse(**shop, reason="used", doing=seller),
            Step.CONFIRM_RETURN: lambda: selling.confirm_return(**shop, doing=seller),
            Step.DISPUTE_RETURN: lambda: selling.dispute_return(**shop, reason="incomplete", doing=seller),
            Step.SHIP_REPLACEMENT: lambda: selling.ship_replacement(**shop, **tracking(), doing=seller),
            Step.REFUND_INSTEAD: lambda: selling.refund_instead(**shop, doing=seller),
            Step.SUBMIT_EVIDENCE: lambda: selling.submit_evidence(**shop, doing=seller),
            Step.ASK_EVIDENCE: lambda: platform.ask_evidence(**site, doing=judge),
            Step.NEGOTIATE: lambda: platform.negotiate(**site, doing=judge),
            Step.DECIDE_BUYER: lambda: platform.decide(**site, verdict=verdict, doing=judge),
            Step.DECIDE_SELLER: lambda: platform.decide(
                **site, verdict=platform.Verdict("seller_wins", "quality", "x", None), doing=judge
            ),
            Step.CLOSE: lambda: platform.decide(
                **site, verdict=platform.Verdict("closed", "quality", "x", None), doing=judge
            ),
        }
        calls[step]()

    @invariant()
    def money_and_units_add_up(self) -> None:
        order, line = ShopOrder.objects.get(), OrderLine.objects.get()
        assert 0 <= line.refunded_minor + line.pending_minor <= PRICE * UNITS
        agreed = sum(case.agreed_minor or 0 for case in Case.objects.exclude(refund_no=""))
        assert agreed == line.refunded_minor + line.pending_minor
        assert order.open_cases == Case.objects.exclude(state__in=FINAL).count()
        held = CaseLine.objects.exclude(case__state__in=FINAL).exclude(case__state="refunding")
        assert sum(row.quantity for row in held) <= UNITS
        assert check().problems == ()

    @invariant()
    def what_has_ended_stays_ended(self) -> None:
        for case in Case.objects.filter(state__in=FINAL):
            known = self.ended.setdefault(case.case_no, (case.state, case.version))
            assert known == (case.state, case.version)
            ends = CaseEvent.objects.filter(case=case, state__in=FINAL)
            assert ends.count() == 1


@pytest.mark.django_db
@pytest.mark.hypothesis
def test_cases_money_and_units_agree_with_the_model(wire: Wire) -> None:
    run_state_machine_as_test(
        AfterSale,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Case.objects.count() == 0  # each run was undone
