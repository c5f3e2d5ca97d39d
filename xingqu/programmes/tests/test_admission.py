"""The queue before a flash sale: lots, turns, one place each, and orders of those only who were let in."""

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from xingqu.catalogue.models import Sku
from xingqu.kit import clock
from xingqu.programmes.domain.admission import BURST, LOTS, is_proof, place_of, poll_after_s, tokens
from xingqu.programmes.models import AdmissionGate, AdmissionPolicy, AdmissionTicket, FlashTake
from xingqu.programmes.services import NewFlashItem, NewGate, create_flash_sale
from xingqu.programmes.services.admission import let_in
from xingqu.trade.models import ShopOrder
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

SHUFFLE_S, TICKET_S = 5, 60


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


@pytest.fixture
def sku(shop: Shop) -> int:
    return make_sku(shop, stock=100)


@pytest.fixture
def sale(shop: Shop, sku: int) -> int:
    """100 units at 99.00, from now on for an hour; two people a second."""
    now = clock.now()
    return create_flash_sale(
        shop_id=shop.id,
        name="秒杀",
        items=[NewFlashItem(sku, 9_900, 50, 1)],
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        admission=NewGate(per_second=2, ticket_s=TICKET_S, shuffle_s=SHUFFLE_S),
    )


def opened() -> datetime:
    return AdmissionGate.objects.select_related("sale").get().sale.starts_at


def after(seconds: float) -> Any:
    return clock.frozen(opened() + timedelta(seconds=seconds))


def join(caller: Caller, sale: int, status: int = 200, **proof: str) -> Any:
    return caller.post(f"/flash-sales/{sale}/place", proof, status=status)


def place(caller: Caller, sale: int) -> Any:
    return caller.get(f"/flash-sales/{sale}/place")


def order(caller: Caller, sku: int, status: int) -> Any:
    return caller.checkout(caller.quote((sku, 1))["quote_token"], status=status)


@pytest.mark.django_db
class TestQueue:
    def test_from_the_queue_to_an_order(self, sale: int, sku: int) -> None:
        buyer = Caller.new_person()
        assert place(buyer, sale)["state"] == "none"
        assert order(buyer, sku, 409)["error"]["code"] == "admission_required"
        with after(1):
            waiting = join(buyer, sale)
        assert (waiting["state"], waiting["ahead"], waiting["wait_s"]) == ("waiting", 0, 5)
        with after(SHUFFLE_S):
            assert let_in() == 0  # lots are drawn, and no time has passed since
            error = order(buyer, sku, 409)["error"]
            assert (error["code"], error["data"]["flash_sale_id"]) == ("admission_required", sale)
        assert (ShopOrder.objects.count(), FlashTake.objects.count()) == (0, 0)
        with after(SHUFFLE_S + 1):
            assert let_in() == 1
            assert place(buyer, sale)["state"] == "admitted"
            order(buyer, sku, 201)
        assert FlashTake.objects.get().person_id == buyer.person_id

    def test_a_ticket_that_ran_out_orders_nothing_and_stands_at_the_end(self, sale: int, sku: int) -> None:
        early, late = Caller.new_person(), Caller.new_person()
        with after(1):
            join(early, sale)
        with after(10):
            assert let_in() == 1
        with after(10 + TICKET_S):
            assert place(early, sale)["state"] == "expired"
            assert order(early, sku, 409)["error"]["code"] == "admission_required"
            join(late, sale)
        with after(11 + TICKET_S):
            assert join(early, sale)["ahead"] == 1
        assert not ShopOrder.objects.exists()

    def test_a_place_is_its_persons(self, sale: int, sku: int) -> None:
        owner, other = Caller.new_person(), Caller.new_person()
        with after(1):
            first = join(owner, sale)
            place_before = AdmissionTicket.objects.get().place
            assert join(owner, sale)["state"] == first["state"]  # sent again: the same place
            assert AdmissionTicket.objects.get().place == place_before
        with after(10):
            let_in()
            assert order(other, sku, 409)["error"]["code"] == "admission_required"
            other.get(f"/flash-sales/{sale + 1}/place", status=404)
        Caller().get(f"/flash-sales/{sale}/place", status=401)
        with pytest.raises(IntegrityError), transaction.atomic():
            AdmissionTicket.objects.create(
                sale_id=sale, person_id=owner.person_id, device="d", network="n", place=1, joined_at=clock.now()
            )

    def test_so_many_a_second_in_the_order_of_their_places(self, sale: int) -> None:
        now = opened()
        places = [LOTS + 5, 3, 1, LOTS + 4, 2, LOTS + 6, LOTS + 7]
        for person, at in zip(count(1), places, strict=False):
            AdmissionTicket.objects.create(
                sale_id=sale, person_id=person, device=str(person), network="n", place=at, joined_at=now
            )
        with after(SHUFFLE_S + 1):
            assert [let_in(), let_in()] == [2, 0]
        assert set(AdmissionTicket.objects.exclude(admitted_at=None).values_list("place", flat=True)) == {1, 2}
        with after(SHUFFLE_S + 100):  # what nobody took is not saved up
            assert let_in() == 4
        with after(SHUFFLE_S + 100):
            assert let_in() == 0

    def test_two_processes_give_a_moment_out_once(self, sale: int, monkeypatch: pytest.MonkeyPatch) -> None:
        from xingqu.programmes.services import admission

        for person in range(6):
            AdmissionTicket.objects.create(
                sale_id=sale, person_id=person, device=str(person), network="n", place=person, joined_at=opened()
            )
        stale = AdmissionGate.objects.select_related("sale").get()
        with after(SHUFFLE_S + 1):
            assert let_in() == 2
            assert admission._let_in(stale, clock.now()) == 0  # read before the other one wrote
        assert AdmissionTicket.objects.exclude(admitted_at=None).count() == 2

    def test_before_and_after_the_sale_it_is_closed(self, sale: int) -> None:
        buyer = Caller.new_person()
        with after(-1):
            assert join(buyer, sale, 409)["error"]["code"] == "admission_closed"
        with after(3_600):
            assert join(buyer, sale, 409)["error"]["code"] == "admission_closed"
            assert place(buyer, sale)["state"] == "over"
        assert not AdmissionTicket.objects.exists()

    def test_a_sale_without_a_queue_asks_for_nothing(self, shop: Shop) -> None:
        sku, now = make_sku(shop), clock.now()
        made = create_flash_sale(
            shop_id=shop.id,
            name="x",
            items=[NewFlashItem(sku, 99, 5, 1)],
            starts_at=now,
            ends_at=now + timedelta(hours=1),
        )
        buyer = Caller.new_person()
        order(buyer, sku, 201)
        assert join(buyer, made, 404)["error"]["code"] == "not_found"


@pytest.mark.django_db
class TestSuspicion:
    def test_one_place_a_device(self, sale: int) -> None:
        first, second = Caller.new_person(), Caller.new_person()
        with after(1):
            join(first, sale)
            second.client.cookies["xq_device"] = first.client.cookies["xq_device"].value
            error = join(second, sale, 429)["error"]
        assert (error["code"], error["data"]) == ("admission_too_many", {"by": "device", "most": 1})
        second.client.cookies["xq_device"] = signing.dumps("mine", salt="another")  # forged: a device without a cookie
        with after(2):
            join(second, sale)
        assert AdmissionTicket.objects.count() == 2

    def test_a_network_has_so_many_places_by_the_policy_of_the_day(self, sale: int) -> None:
        policy = {"per_device": 1, "per_network": 1, "challenge_after": 100, "challenge_bits": 8}
        AdmissionPolicy.objects.create(**policy, effective_from=opened() + timedelta(seconds=30))
        callers = [Caller.new_person() for _ in range(3)]
        with after(1):
            join(callers[0], sale)
            join(callers[1], sale)
        with after(30):
            assert join(callers[2], sale, 429)["error"]["data"] == {"by": "network", "most": 1}
        assert AdmissionTicket.objects.count() == 2

    def test_a_crowd_of_a_network_works_for_its_places(self, sale: int, settings: Any) -> None:
        policy = {"per_device": 1, "per_network": 9, "challenge_after": 1, "challenge_bits": 8}
        AdmissionPolicy.objects.create(**policy, effective_from=opened())
        first, second, third = (Caller.new_person() for _ in range(3))
        with after(1):
            join(first, sale)
            asked = join(second, sale, 409)["error"]
            assert (asked["code"], asked["data"]["bits"]) == ("challenge_required", 8)
            challenge = asked["data"]["challenge"]
            good = next(str(n) for n in count() if is_proof(challenge=challenge, nonce=str(n), bits=8))
            bad = next(str(n) for n in count() if not is_proof(challenge=challenge, nonce=str(n), bits=8))
            assert join(second, sale, 422, challenge=challenge, nonce=bad)["error"]["code"] == "bad_proof"
            assert join(second, sale, 422, challenge="forged", nonce=good)["error"]["code"] == "bad_proof"
            assert join(third, sale, 422, challenge=challenge, nonce=good)["error"]["code"] == "bad_proof"
            assert AdmissionTicket.objects.count() == 1
            join(second, sale, challenge=challenge, nonce=good)
        with after(62):  # a minute later nobody is in a hurry
            join(third, sale)
        assert AdmissionTicket.objects.count() == 3

    def test_policies_are_the_operators(self) -> None:
        body = {
            "per_device": 2,
            "per_network": 9,
            "challenge_after": 3,
            "challenge_bits": 12,
            "effective_from": clock.now().isoformat(),
        }
        body["effective_from"] = clock.now().isoformat()  # type: ignore[assignment]
        Caller.new_person().post("/operator/admission-policies", body, status=404)
        assert not AdmissionPolicy.objects.exists()


@pytest.mark.django_db
def test_the_merchant_sets_it_in_the_form(shop: Shop, sku: int) -> None:
    member, now = shop.member(), clock.now()
    body = {
        "name": "秒杀",
        "starts_at": now.isoformat(),
        "ends_at": (now + timedelta(hours=1)).isoformat(),
        "items": [{"sku_id": sku, "price_minor": 9_900, "allotment": 5, "limit_per_person": 1}],
        "admission": {"per_second": 0},
    }
    member.post(f"/shops/{shop.id}/flash-sales", body, status=422)
    body["admission"] = {"per_second": 7, "ticket_s": 90, "shuffle_s": 3}
    (made,) = member.post(f"/shops/{shop.id}/flash-sales", body, status=201)
    assert made["admission"] == {"per_second": 7, "ticket_s": 90, "shuffle_s": 3, "waiting": 0, "admitted": 0}
    product_id = Sku.objects.get(pk=sku).product_id
    (price,) = member.get(f"/flash-prices?product_id={product_id}")
    assert (price["admission"], price["sale_id"]) == (True, made["id"])


def test_lots_come_before_times_and_later_ones_in_their_order() -> None:
    shuffle = timedelta(seconds=5)

    def at(seconds: float, lot: int = 7) -> int:
        return place_of(since_opening=timedelta(seconds=seconds), shuffle=shuffle, lot=lot)

    assert at(0, 9) == at(4.999, 9) == 9
    assert at(1, LOTS + 3) == 3
    assert LOTS <= at(5) < at(5.001) < at(60)


NOW = datetime(2026, 11, 1, tzinfo=UTC)


@given(st.integers(1, 10_000), st.lists(st.integers(1, 1_900_000), min_size=1, max_size=20))
def test_tokens_neither_lost_nor_made(per_second: int, steps_us: list[int]) -> None:
    """However often one looks, as long as it is within the burst, as many go in as the rate says."""
    since = until = NOW
    given_out = 0
    for step in steps_us:
        until += timedelta(microseconds=step)
        some, since = tokens(since=since, until=until, per_second=per_second)
        given_out += some
        assert since <= until
    due = sum(steps_us) * per_second / 1_000_000
    assert due - 2 <= given_out <= due + len(steps_us) * per_second / 1_000_000 + 1


def test_no_more_than_a_burst_at_once() -> None:
    assert tokens(since=NOW - timedelta(hours=1), until=NOW, per_second=10)[0] == BURST.total_seconds() * 10
    assert tokens(since=NOW + timedelta(seconds=1), until=NOW, per_second=10)[0] == 0


def test_polling_and_proofs() -> None:
    assert [poll_after_s(wait) for wait in (0, 8, 60, 9_999)] == [2, 2, 15, 30]
    nonce = next(n for n in count() if hashlib.sha256(f"c:{n}".encode()).digest()[0] == 0)
    assert is_proof(challenge="c", nonce=str(nonce), bits=8)
