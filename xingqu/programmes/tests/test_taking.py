"""Taking flash prices: the limit per person and the sale's time hold whatever a quote said before."""

from datetime import timedelta

import pytest

from xingqu.kit import clock
from xingqu.programmes.contracts import Taking
from xingqu.programmes.domain.errors import ProgrammeGone
from xingqu.programmes.models import FlashQuota, FlashSale, FlashSaleItem, FlashTake
from xingqu.programmes.services import release_programmes, return_programmes, take_programmes, taking

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> FlashSaleItem:
    """4 units, 2 a person."""
    now = clock.now()
    span = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=1)}
    sale = FlashSale.objects.create(shop_id=7, name="秒杀", **span)
    return FlashSaleItem.objects.create(
        sale=sale, sku_id=1, product_id=1, price_minor=100, currency="CNY", allotment=4, limit_per_person=2
    )


def take(item: FlashSaleItem, person_id: int, quantity: int, order_ref: str) -> None:
    take_programmes(order_ref=order_ref, person_id=person_id, taking=Taking(flash=((item.pk, quantity),)))


def counts() -> tuple[dict[int, int], int]:
    quotas = dict(FlashQuota.objects.values_list("person_id", "taken"))
    return quotas, FlashTake.objects.filter(state="taken").count()


def test_one_person_in_several_orders_stays_within_the_limit(item: FlashSaleItem) -> None:
    take(item, 1, 1, "P1")
    take(item, 1, 1, "P2")
    for quantity in (1, 2):
        with pytest.raises(ProgrammeGone):
            take(item, 1, quantity, "P3")
    with pytest.raises(ProgrammeGone):
        take(item, 2, 3, "P4")
    assert counts() == ({1: 2}, 2)


def test_units_come_back_once(item: FlashSaleItem) -> None:
    take(item, 1, 2, "P1")
    take(item, 2, 1, "P2")
    for _ in range(2):
        release_programmes(order_ref="P1")
        return_programmes(order_ref="P1", shop_id=7, whole=True)
    return_programmes(order_ref="P2", shop_id=8, whole=False)
    assert counts() == ({1: 0, 2: 1}, 1)


def test_a_sale_that_is_paused_or_over_gives_no_units(item: FlashSaleItem) -> None:
    with clock.frozen(clock.now() + timedelta(hours=2)), pytest.raises(ProgrammeGone):
        take(item, 1, 1, "P1")
    FlashSale.objects.update(state="paused")
    with pytest.raises(ProgrammeGone):
        take(item, 1, 1, "P1")
    assert counts() == ({}, 0)


def test_one_order_stays_within_the_limit(item: FlashSaleItem) -> None:
    """Also the first of a person, for whom nothing has been counted yet."""
    with pytest.raises(ProgrammeGone):
        take(item, 1, 3, "P1")
    assert counts() == ({}, 0)


def test_two_who_give_back_at_once_give_back_once(item: FlashSaleItem, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have seen the units as taken; the second finds that they are not any more."""
    take(item, 1, 1, "P1")
    take(item, 1, 1, "P2")
    seen = taking.fetch
    rows: list[list[tuple[int, int, int]]] = []

    def see(sql: str, values: list[object]) -> list[tuple[int, int, int]]:
        rows.append(rows[0] if rows else seen(sql, values))
        return rows[-1]

    monkeypatch.setattr(taking, "fetch", see)
    release_programmes(order_ref="P1")
    release_programmes(order_ref="P1")
    assert counts() == ({1: 1}, 1)
