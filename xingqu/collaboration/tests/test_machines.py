"""State machines: samples against a plain count of units, a slot fee against a plain count of cents.

Both sides, the platform and the clock act in any order, and what happened may happen once more. After every step what was
received of a stock is sold, held or free as the model says; what was paid into custody is released, returned or held.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from xingqu.collaboration.domain.samples import Side
from xingqu.collaboration.models import Collaboration, Sample
from xingqu.collaboration.services import ending, running
from xingqu.collaboration.services import sample_desk as desk
from xingqu.collaboration.services import samples as asking
from xingqu.collaboration.services.sample_timers import note_turned_back, run_due_samples
from xingqu.collaboration.tests.house import Creator, Desk, enrich, stock, terms
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError
from xingqu.ledger.contracts import balance_account, commission_account, custody_account
from xingqu.ledger.selectors import balance_minor, check
from xingqu.settlement.models import AuditDifference
from xingqu.settlement.services.auditing import audit
from xingqu.trade.tests.house import make_shop, make_sku

START = datetime(2026, 11, 22, 8, tzinfo=UTC)
UNITS, DEPOSIT, FUNDS = 3, 5_000, 50_000
SHORT = settings(
    max_examples=6,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class Timed(RuleBasedStateMachine):
    """A world with a clock of its own, undone at the end."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now, self.ticking = START, None
        self._set_clock()
        self.shop = make_shop()
        self.desk = Desk(self.shop)

    def teardown(self) -> None:
        if self.ticking is not None:
            self.ticking.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def _set_clock(self) -> None:
        if self.ticking is not None:
            self.ticking.__exit__(None, None, None)
        self.ticking: Any = clock.frozen(self.now)
        self.ticking.__enter__()

    def _try(self, call: Any, **values: Any) -> bool:
        """Whether it was taken; a refusal changes nothing."""
        try:
            with transaction.atomic():
                call(**values)
        except BusinessError:
            return False
        return True


class Samples(Timed):
    def __init__(self) -> None:
        super().__init__()
        self.sku = make_sku(self.shop, stock=10)
        self.offer = self.desk.offer(self.sku, units=UNITS, kind="deposit", pay_minor=DEPOSIT)
        self.creators = [Creator() for _ in range(UNITS + 1)]
        self.addresses = [creator.address() for creator in self.creators]
        for creator in self.creators:
            creator.earn(FUNDS)
        self.closed = False

    def _rows(self) -> list[Sample]:
        return list(Sample.objects.filter(offer_id=self.offer["id"]).order_by("id"))

    @rule(who=st.integers(0, UNITS))
    def ask(self, who: int) -> None:
        creator = self.creators[who]
        self._try(
            asking.apply_for_sample,
            offer_id=self.offer["id"],
            creator_id=creator.id,
            person_id=creator.caller.person_id,
            address_id=self.addresses[who],
            pitch="",
        )

    @rule(which=st.integers(0, 9), step=st.sampled_from(["approve", "reject", "cancel", "ship", "release", "confirm"]))
    def shop_acts(self, which: int, step: str) -> None:
        rows = self._rows()
        if not rows:
            return
        row = rows[which % len(rows)]
        pick = desk.Pick(row.sample_no, row.version)
        given: dict[str, Any] = {"shop_id": self.shop.id, "pick": pick, "person_id": 1}
        sending = desk.Sending("sf", f"SF{row.pk:012}")
        call, more = {
            "approve": (desk.approve_sample, {}),
            "reject": (desk.reject_sample, {"text": ""}),
            "cancel": (desk.cancel_sample, {"text": ""}),
            "ship": (desk.ship_sample, {"sending": sending}),
            "release": (desk.release_sample, {"text": ""}),
            "confirm": (desk.confirm_work, {}),
        }[step]
        self._try(call, **given, **more)

    @rule(which=st.integers(0, 9), step=st.sampled_from(["withdraw", "pay", "declare"]))
    def creator_acts(self, which: int, step: str) -> None:
        rows = self._rows()
        if not rows:
            return
        row = rows[which % len(rows)]
        given = {"creator_id": row.creator_id, "sample_no": row.sample_no, "version": row.version, "person_id": 1}
        if step == "withdraw":
            self._try(asking.withdraw_sample, **given)
        elif step == "pay":
            self._try(asking.pay_sample, **given)
        else:
            self._try(asking.declare_work, **given, link="https://x.example/1", text="")

    @rule(which=st.integers(0, 9))
    def comes_back(self, which: int) -> None:
        rows = self._rows()
        if rows:
            note_turned_back(sample_no=rows[which % len(rows)].sample_no, at=self.now)

    @precondition(
        lambda self: self.now - clock.now().__class__.now(self.now.tzinfo) < timedelta(days=25)
    )  # people stay signed in for sixty days
    @rule(hours=st.sampled_from([1, 25, 80, 400, 700]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self._set_clock()
        run_due_samples()
        assert run_due_samples() == 0

    @rule()
    def close_offer(self) -> None:
        path = f"{self.desk.path}/sample-offers/{self.offer['id']}/state"
        if not self.closed:
            self.desk.caller.call("PUT", path, {"state": "closed"})
        self.closed = True

    @invariant()
    def units_are_somewhere(self) -> None:
        rows = self._rows()
        held = sum(row.quantity for row in rows if row.state in ("paying", "approved"))
        back = [row for row in rows if row.reason == "turn_back"]
        sold = sum(row.quantity for row in rows if row.shipped_at is not None and row not in back)
        found = stock(self.sku)
        bucket = found[f"sample:{self.offer['id']}"]
        assert bucket[1:3] == (sold, held)
        assert bucket[3] == (0 if self.closed else UNITS - sold - held)
        assert bucket[3] + found[""][3] == 10 - sold - held

    @invariant()
    def money_is_somewhere(self) -> None:
        rows = self._rows()
        for row in rows:
            out = row.paid_at is not None and row.closed_at is None
            assert balance_minor(account=custody_account(row.sample_no)) == (DEPOSIT if out else 0)
        breached = sum(row.state == "breached" for row in rows)
        waiting = sum(row.paid_at is not None and row.closed_at is None for row in rows)
        assert balance_minor(account=balance_account(self.shop.id)) == DEPOSIT * breached
        mine = sum(balance_minor(account=commission_account("creator", one.id)) for one in self.creators)
        assert mine == FUNDS * len(self.creators) - DEPOSIT * (breached + waiting)
        assert check().problems == ()


class SlotFee(Timed):
    """GMV is put into the books' reading by hand: what the fee makes of it is what is looked at."""

    FEE, TARGET = 100_000, 500_000

    def __init__(self) -> None:
        super().__init__()
        self.sku, self.creator = make_sku(self.shop, stock=10), Creator()
        enrich(self.shop, FUNDS * 10)
        self.no = ""
        self.paid_in = 0

    @rule(kind=st.sampled_from(["proportional", "threshold"]))
    def agree(self, kind: str) -> None:
        if self.no:
            return
        days = [(self.now.date() + timedelta(days=day)).isoformat() for day in (5, 12, 30)]
        body = {
            "creator_id": self.creator.id,
            "terms": terms(self.sku, release_kind=kind, release_days=days),
            "text": "",
        }
        made = self.desk.caller.post(f"{self.desk.path}/collaborations", body, status=201)
        self.no = made["collab_no"]
        path = f"{self.creator.path}/collaborations/{self.no}/accept"
        self.creator.caller.post(path, {"version": made["version"], "terms_version": 1})

    def _row(self) -> Collaboration | None:
        return Collaboration.objects.filter(collab_no=self.no).first()

    @rule(again=st.booleans())
    def fund(self, again: bool) -> None:
        row = self._row()
        if row is None:
            return
        version = row.version - 1 if again else row.version
        taken = self._try(
            running.fund_from_balance, shop_id=self.shop.id, collab_no=self.no, version=version, person_id=1
        )
        self.paid_in += self.FEE if taken else 0

    @rule(settled=st.integers(0, 700_000))
    def sell(self, settled: int) -> None:
        from xingqu.alliance.models import CommissionOrder
        from xingqu.alliance.tests.house import offer, product_of

        row = self._row()
        if row is None or row.state != "running":
            return
        plan_id = row.plan_ids[0] if row.plan_ids else offer(self.shop, self.sku)
        number = CommissionOrder.objects.count() + 1
        CommissionOrder.objects.create(
            line_id=number,
            order_no=f"O{number}",
            shop_id=self.shop.id,
            product_id=product_of(self.sku),
            creator_id=self.creator.id,
            plan_id=plan_id,
            state="settled" if settled % 2 else "paid",
            currency="CNY",
            commission_bp=2_000,
            ordered_base_minor=settled,
            base_minor=settled,
            estimated_minor=0,
            amount_minor=0,
            cost_minor=0,
            paid_at=self.now,
        )

    @rule(side=st.sampled_from([Side.MERCHANT, Side.CREATOR]), shown=st.booleans())
    def break_off(self, side: Side, shown: bool) -> None:
        row = self._row()
        if row is None:
            return
        try:
            amount = ending.consequence_of(row, side)["creator_minor"] if shown else 1
        except BusinessError:
            amount = 0
        self._try(
            ending.break_off,
            collab_no=self.no,
            version=row.version,
            side=side,
            creator_minor=amount,
            text="",
            person_id=1,
        )

    @rule(part=st.integers(-1, 101))
    def dispute_and_decide(self, part: int) -> None:
        row = self._row()
        if row is None:
            return
        said = {"collab_no": self.no, "text": "x", "person_id": 1}
        self._try(ending.open_dispute, **said, version=row.version, side=Side.CREATOR, picture_ids=[])
        row.refresh_from_db()
        held = row.paid_minor - row.released_minor - row.returned_minor
        self._try(ending.decide_dispute, **said, version=row.version, creator_minor=held * part // 100)

    @rule(days=st.sampled_from([1, 4, 9, 25]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        self._set_clock()
        running.run_due_collaborations()
        assert running.run_due_collaborations() == 0

    @invariant()
    def paid_in_is_released_returned_or_held(self) -> None:
        row = self._row()
        if row is None:
            return
        held = balance_minor(account=custody_account(self.no))
        assert row.paid_minor == self.paid_in == row.released_minor + row.returned_minor + held
        assert balance_minor(account=commission_account("creator", self.creator.id)) == row.released_minor
        shops = balance_minor(account=balance_account(self.shop.id))
        assert shops == FUNDS * 10 - self.paid_in + row.returned_minor
        if row.closed_at is not None:
            assert held == 0
        assert check().problems == ()


@pytest.mark.django_db
@pytest.mark.hypothesis
def test_units_and_deposits_of_samples() -> None:
    run_state_machine_as_test(Samples, settings=SHORT)
    assert Sample.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.hypothesis
def test_a_slot_fee_is_released_returned_or_held() -> None:
    run_state_machine_as_test(SlotFee, settings=SHORT)
    assert Collaboration.objects.count() == 0


@pytest.mark.django_db
def test_the_auditor_finds_nothing_after_a_story() -> None:
    """Custody moves are told to the auditor; what tests put in the books by hand is what differs."""
    shop, creator = make_shop(), Creator()
    creator.earn(FUNDS)
    desk_of, sku = Desk(shop), make_sku(shop, stock=10)
    sample = desk_of.do(creator.ask(desk_of.offer(sku, kind="deposit", pay_minor=DEPOSIT)["id"]), "approve")
    creator.do(sample, "pay")
    creator.do(desk_of.sample(sample["sample_no"]), "withdraw")
    rows = AuditDifference.objects.filter(run=audit()).order_by("reference")
    assert [(row.reference, row.expected, row.found) for row in rows] == [
        (f"{commission_account('creator', 10**9)} CNY", "0", str(-FUNDS)),
        (f"{commission_account('creator', creator.id)} CNY", "0", str(FUNDS)),
    ]
