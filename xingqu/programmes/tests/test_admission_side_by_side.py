"""The queue under a rush: many people at once, each twice, several processes that let in, and orders of all of them."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from xingqu.kit import clock
from xingqu.kit.tests.threads import side_by_side, while_open
from xingqu.programmes.contracts import Taking
from xingqu.programmes.domain.errors import AdmissionRequired, ProgrammeGone, TooManyPlaces
from xingqu.programmes.models import AdmissionGate, AdmissionPolicy, AdmissionTicket, FlashSaleItem, FlashTake
from xingqu.programmes.services import NewFlashItem, NewGate, create_flash_sale
from xingqu.programmes.services.admission import Arrival, join_queue, let_in
from xingqu.programmes.services.taking import take_programmes
from xingqu.trade.tests.house import make_shop, make_sku

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, PLACES, PER_SECOND = 14, 9, 2


@pytest.fixture
def sale(transactional_db: None) -> int:
    """From now on: two people a second, nine of one network, one unit each."""
    shop, now = make_shop(), clock.now()
    AdmissionPolicy.objects.create(
        per_device=1, per_network=PLACES, challenge_after=1_000, challenge_bits=8, effective_from=now
    )
    return create_flash_sale(
        shop_id=shop.id,
        name="秒杀",
        items=[NewFlashItem(make_sku(shop, stock=100), 9_900, 50, 1)],
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        admission=NewGate(per_second=PER_SECOND, ticket_s=600, shuffle_s=0),
    )


def at_once(seconds: float, *calls: Callable[[], object]) -> list[BaseException | None]:
    """All begin together, so many seconds after the opening; what each raised."""
    at = AdmissionGate.objects.select_related("sale").get().sale.starts_at + timedelta(seconds=seconds)
    start = threading.Barrier(len(calls), timeout=30)

    def begin(call: Callable[[], object]) -> None:
        with clock.frozen(at):
            start.wait()
            call()

    return side_by_side(*[lambda call=call: begin(call) for call in calls])  # type: ignore[misc]


def kinds(ends: list[BaseException | None]) -> set[type | None]:
    return {None if end is None else type(end) for end in ends}


def test_a_rush(sale: int) -> None:
    people = range(1, PEOPLE + 1)

    def join(person: int) -> Callable[[], object]:
        return lambda: join_queue(sale_id=sale, arrival=Arrival(person, f"device{person}", "10.0.0"))

    ends = at_once(1, *[join(person) for person in people for _ in range(2)])
    assert kinds(ends) == {None, TooManyPlaces}
    assert AdmissionTicket.objects.count() == PLACES
    assert AdmissionTicket.objects.values("person_id").distinct().count() == PLACES
    # Four processes look at the same moment: its tokens are given out once.
    for second in (2, 3):
        assert kinds(at_once(second, *[let_in] * 4)) == {None}
        given_out = AdmissionTicket.objects.exclude(admitted_at=None).count()
        assert given_out == PER_SECOND * second
    admitted = set(AdmissionTicket.objects.exclude(admitted_at=None).values_list("person_id", flat=True))
    first = AdmissionTicket.objects.order_by("place", "id").values_list("person_id", flat=True)[:given_out]
    assert admitted == set(first)
    item = FlashSaleItem.objects.get().pk

    def order(person: int, number: int) -> Callable[[], object]:
        taking = Taking(flash=((item, 1),))
        return lambda: take_programmes(order_ref=f"P{person}-{number}", person_id=person, taking=taking)

    ends = at_once(4, *[order(person, number) for person in people for number in range(2)])
    assert kinds(ends) >= {None, AdmissionRequired}
    assert kinds(ends) <= {None, AdmissionRequired, ProgrammeGone}
    assert sorted(FlashTake.objects.values_list("person_id", flat=True)) == sorted(admitted)  # each of them once


def test_the_last_place_of_a_network_is_one_person_s(sale: int) -> None:
    """Who comes while another's place is not yet committed waits for it."""
    AdmissionPolicy.objects.update(per_network=1)
    ends = while_open(
        *[
            lambda person=person: join_queue(sale_id=sale, arrival=Arrival(person, f"device{person}", "10.0.0"))
            for person in (1, 2)
        ]
    )
    assert [end if end is None else type(end) for end in ends] == [None, TooManyPlaces]
    assert AdmissionTicket.objects.get().person_id == 1
