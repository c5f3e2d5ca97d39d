"""Two who act at once, on both databases: one of them is told that the case has moved on."""

from collections.abc import Callable

import pytest

from xingqu.aftersale.domain.errors import StaleCase, UnitsTaken
from xingqu.aftersale.domain.states import Kind, Side
from xingqu.aftersale.models import Case, CaseEvent
from xingqu.aftersale.selectors.assessing import Wanted
from xingqu.aftersale.services import buyer as buyer_steps
from xingqu.aftersale.services import merchant, run_due
from xingqu.aftersale.services.doing import Doing
from xingqu.aftersale.services.opening import Application, open_case
from xingqu.aftersale.tests.house import House, work
from xingqu.kit.tests.threads import while_open
from xingqu.trade.models import OrderLine, Refund, ShopOrder

pytestmark = pytest.mark.django_db(transaction=True)


def withdraw(house: House, case_no: str) -> Callable[[], None]:
    key = house.buyer.key
    return lambda: buyer_steps.withdraw(buyer_key=key, case_no=case_no, version=1, doing=Doing(Side.BUYER))


def approve(house: House, case_no: str) -> Callable[[], None]:
    return lambda: merchant.approve(shop_id=house.shop.id, case_no=case_no, version=1, doing=Doing(Side.MERCHANT))


def test_the_buyer_withdraws_while_the_merchant_approves() -> None:
    house = House()
    case_no = house.ask(house.received(), "refund_only", "agreed")["case_no"]
    ends = while_open(approve(house, case_no), withdraw(house, case_no))
    assert (ends[0], type(ends[1])) == (None, StaleCase)
    assert (Case.objects.get().state, Refund.objects.count()) == ("refunding", 1)


def test_the_merchant_approves_while_the_buyer_withdraws() -> None:
    house = House()
    case_no = house.ask(house.received(), "refund_only", "agreed")["case_no"]
    ends = while_open(withdraw(house, case_no), approve(house, case_no))
    assert (ends[0], type(ends[1])) == (None, StaleCase)
    assert (Case.objects.get().state, Refund.objects.count()) == ("closed", 0)
    assert ShopOrder.objects.get().open_cases == 0


def test_the_clock_in_two_processes_and_a_merchant_who_is_late() -> None:
    house = House()
    case_no = house.ask(house.received(), "refund_only", "agreed")["case_no"]
    due = Case.objects.get().due_at
    assert while_open(lambda: run_due(now=due), lambda: run_due(now=due)) == [None, None]
    assert (CaseEvent.objects.filter(step="review_timeout").count(), Refund.objects.count()) == (1, 1)
    with pytest.raises(StaleCase):
        approve(house, case_no)()
    work()
    assert ShopOrder.objects.get().refunded_minor == 29900


def test_the_same_units_asked_for_twice_at_once() -> None:
    house = House()
    order_no = house.received()
    line, key, person = OrderLine.objects.get().pk, house.buyer.key, house.buyer.person_id or 0

    def ask() -> None:
        application = Application(kind=Kind.REFUND_ONLY, lines=(Wanted(line, 1),), reason="agreed")
        open_case(buyer_key=key, person_id=person, order_no=order_no, application=application)

    ends = while_open(ask, ask)
    assert (ends[0], type(ends[1])) == (None, UnitsTaken)
    assert (Case.objects.count(), ShopOrder.objects.get().open_cases) == (1, 1)
