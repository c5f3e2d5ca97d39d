"""Who is credited with an order, over every way a buyer - or a cheat - can come to it. Real touches, quotes and payments."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from xingqu.accounts.models import Creator
from xingqu.aftersale.tests.house import House, work
from xingqu.alliance.models import CommissionOrder
from xingqu.alliance.tests.house import new_studio, offer, product_of, receive
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.selectors import balance_minor
from xingqu.settlement.tests.house import give_back, settle
from xingqu.signals.services import seal_touch
from xingqu.trade.tests.house import Caller, Shop, make_sku

pytestmark = pytest.mark.django_db


@dataclass
class Journey:
    """A buyer before one product of a shop, and the creators who might be credited. Steps say at which day they happen."""

    buyer: Caller
    shop: Shop
    sku: int
    first: int
    second: int
    own: int
    order_no: str = ""
    refused: list[str] = field(default_factory=list)

    def open(self, creator_id: int | None, *, actor: str | None = None, product: int | None = None) -> None:
        """Come to the product by a creator's card, or by the mall."""
        body: dict[str, object] = {"product_id": product_of(self.sku), "surface": "mall"}
        if creator_id is not None:
            token = seal_touch(
                actor_key=actor or self.buyer.key,
                product_ids=[product or product_of(self.sku)],
                creator_id=creator_id,
            )
            body |= {"surface": "creator", "touch": token}
        status = self.buyer.client.post("/api/v1/touches", body, content_type="application/json").status_code
        if status >= 400:
            self.refused.append(str(status))

    def buy(self) -> None:
        parent = self.buyer.order((self.sku, 1))
        self.order_no = str(parent["shop_orders"][0]["order_no"])
        self.buyer.pay(parent["order_no"])
        deliver_due()


def days(number: float, step: Callable[[], None]) -> None:
    with clock.frozen(START + timedelta(days=number)):
        step()


START = clock.now().replace(microsecond=0) - timedelta(days=40)
Steps = Callable[[Journey], None]


def _two_creators(j: Journey) -> None:
    days(0, lambda: j.open(j.first))
    days(1, lambda: j.open(j.second))
    days(2, j.buy)


def _back_to_the_first(j: Journey) -> None:
    days(0, lambda: j.open(j.first))
    days(1, lambda: j.open(j.second))
    days(2, lambda: j.open(j.first))
    days(3, j.buy)


def _later_direct(j: Journey) -> None:
    days(0, lambda: j.open(j.first))
    days(3, lambda: j.open(None))
    days(3, j.buy)


def _last_day(j: Journey) -> None:
    days(0, lambda: j.open(j.first))
    days(15, j.buy)


def _after_the_window(j: Journey) -> None:
    days(0, lambda: j.open(j.first))
    days(15.001, j.buy)


def _own_shop(j: Journey) -> None:
    days(0, lambda: j.open(j.own))
    days(1, j.buy)


def _own_shop_after_a_creator(j: Journey) -> None:
    days(0, lambda: j.open(j.first))
    days(1, lambda: j.open(j.own))
    days(2, j.buy)


def _stolen_touch(j: Journey) -> None:
    days(0, lambda: j.open(j.first, actor="p987654"))
    days(1, j.buy)


def _other_product(j: Journey) -> None:
    other = product_of(make_sku(j.shop, name="别的商品"))
    days(0, lambda: j.open(j.first, product=other))
    days(1, j.buy)


def _forged_over_a_real_one(j: Journey) -> None:
    days(0, lambda: j.open(j.first))
    days(1, lambda: j.open(j.second, actor="p987654"))
    days(2, j.buy)


def _nobody(j: Journey) -> None:
    days(0, j.buy)


JOURNEYS: dict[str, tuple[Steps, str | None, int]] = {
    "two creators: the last click": (_two_creators, "second", 0),
    "back to the first: the last click again": (_back_to_the_first, "first", 0),
    "the mall takes nothing away": (_later_direct, "first", 0),
    "the last moment of the window counts": (_last_day, "first", 0),
    "after the window nobody is credited": (_after_the_window, None, 0),
    "a shop's own account earns nothing": (_own_shop, None, 0),
    "a shop's own account is the last click too": (_own_shop_after_a_creator, None, 0),
    "a touch that was another's is refused": (_stolen_touch, None, 1),
    "a touch of another product is refused": (_other_product, None, 1),
    "a forged touch does not displace a real one": (_forged_over_a_real_one, "first", 1),
    "nobody led there": (_nobody, None, 0),
}


@pytest.fixture
def journey(buyer: Caller, shop: Shop, sku: int) -> Journey:
    with clock.frozen(START - timedelta(days=1)):
        offer(shop, sku)
    own = Creator.objects.get(organisation_id=shop.id).pk
    return Journey(buyer, shop, sku, new_studio().creator_id, new_studio().creator_id, own)


@pytest.mark.parametrize("name", sorted(JOURNEYS))
def test_who_is_credited(journey: Journey, name: str) -> None:
    steps, who, refused = JOURNEYS[name]
    steps(journey)
    found = CommissionOrder.objects.filter(order_no=journey.order_no).values_list("creator_id", flat=True).first()
    assert found == (getattr(journey, who) if who else None)
    assert len(journey.refused) == refused


def test_what_comes_back_takes_the_commission_back(journey: Journey) -> None:
    """Refunded before receipt, after receipt and after the settlement: nobody keeps a cent of what the buyer has again."""
    journey.open(journey.first)
    journey.buy()
    give_back(journey.order_no, 10_000, "before")
    receive(journey.buyer, journey.shop, journey.order_no)
    settle()
    give_back(journey.order_no, 19_900, "after")
    row = CommissionOrder.objects.get()
    assert (row.state, row.amount_minor, row.cost_minor) == ("refunded", 0, 0)
    assert balance_minor(account=f"commission:creator:{journey.first}") == 0


def test_an_exchange_changes_nothing(journey: Journey) -> None:
    """Goods for goods: no money moves, so the commission stays as it was promised."""
    journey.open(journey.first)
    journey.buy()
    receive(journey.buyer, journey.shop, journey.order_no)
    house = House(shop=journey.shop, buyer=journey.buyer)
    case = house.ask(journey.order_no, "exchange", "size", 1)
    house.shop_does(case, "approve")
    work()
    assert CommissionOrder.objects.values_list("amount_minor", flat=True).get() == 5_382


@pytest.mark.parametrize("forged", ["", "x", "0.{creator}.0.0.{now}.{product}.AAAAAAAAAAAAAAAAAAAA"])
def test_a_made_up_touch_credits_nobody(journey: Journey, forged: str) -> None:
    product = product_of(journey.sku)
    token = forged.format(creator=journey.first, now=clock.now_ms() // 1000, product=product)
    body = {"product_id": product, "surface": "creator", "touch": token}
    status = journey.buyer.client.post("/api/v1/touches", body, content_type="application/json").status_code
    assert status in (409, 422)
    journey.buy()
    assert not CommissionOrder.objects.exists()
