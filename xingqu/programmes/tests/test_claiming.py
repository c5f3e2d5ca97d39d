"""Claiming: never more than the stock, never more a person than the limit, and a refusal changes nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.programmes.contracts import CouponTerms
from xingqu.programmes.domain.errors import CouponGone, HasEnded, LimitReached, NotClaimable, ProgrammeGone
from xingqu.programmes.models import ClaimedCoupon, Coupon, CouponUse
from xingqu.programmes.selectors import programmes_for
from xingqu.programmes.services import change_state, claim_coupon, note_customer, release_programmes, take_programmes
from xingqu.programmes.services.taking import Taking

pytestmark = pytest.mark.django_db


def counts(coupon_id: int) -> tuple[int, int]:
    return Coupon.objects.get(pk=coupon_id).claimed, ClaimedCoupon.objects.filter(coupon_id=coupon_id).count()


def test_never_more_than_the_stock(make_coupon: Callable[..., int]) -> None:
    coupon_id = make_coupon(stock=2)
    for person_id in (1, 2):
        claim_coupon(person_id=person_id, coupon_id=coupon_id)
    with pytest.raises(CouponGone):
        claim_coupon(person_id=3, coupon_id=coupon_id)
    assert counts(coupon_id) == (2, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Coupon.objects.filter(pk=coupon_id).update(claimed=3)


def test_never_more_a_person_than_the_limit(make_coupon: Callable[..., int]) -> None:
    coupon_id = make_coupon(stock=9, limit_per_person=2)
    first, second = (claim_coupon(person_id=1, coupon_id=coupon_id) for _ in range(2))
    assert first != second
    with pytest.raises(LimitReached):
        claim_coupon(person_id=1, coupon_id=coupon_id)
    assert counts(coupon_id) == (2, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimedCoupon.objects.filter(pk=second).update(ordinal=1)
    claim_coupon(person_id=2, coupon_id=coupon_id)
    assert counts(coupon_id) == (3, 3)


def test_why_not_now(make_coupon: Callable[..., int]) -> None:
    now = clock.now()
    early = make_coupon(claim_from=now + timedelta(hours=1))
    newcomers = make_coupon(audience="new_customer")
    elsewhere = make_coupon(audience="new_customer", shop_id=8)
    paused = make_coupon()
    change_state(kind="coupon", pk=paused, shop_id=7, state="paused")
    note_customer(person_id=1, shop_id=7)
    note_customer(person_id=1, shop_id=7)
    for coupon_id, reason in ((early, "not_started"), (newcomers, "new_customer_only"), (paused, "paused")):
        with pytest.raises(NotClaimable) as refusal:
            claim_coupon(person_id=1, coupon_id=coupon_id)
        assert refusal.value.data == {"reason": reason}
        assert counts(coupon_id) == (0, 0)
    claim_coupon(person_id=1, coupon_id=elsewhere)
    claim_coupon(person_id=2, coupon_id=newcomers)
    with clock.frozen(now + timedelta(days=2)), pytest.raises(NotClaimable) as refusal:
        claim_coupon(person_id=3, coupon_id=elsewhere)
    assert refusal.value.data == {"reason": "over"}
    with pytest.raises(NotFound):
        claim_coupon(person_id=1, coupon_id=999_999)


def test_what_has_ended_stays_ended_and_anothers_is_not_there(make_coupon: Callable[..., int]) -> None:
    coupon_id = make_coupon()
    with pytest.raises(NotFound):
        change_state(kind="coupon", pk=coupon_id, shop_id=8, state="ended")
    with pytest.raises(NotFound):
        change_state(kind="coupon", pk=coupon_id, shop_id=None, state="ended")
    change_state(kind="coupon", pk=coupon_id, shop_id=7, state="ended")
    with pytest.raises(HasEnded):
        change_state(kind="coupon", pk=coupon_id, shop_id=7, state="running")
    assert Coupon.objects.get(pk=coupon_id).state == "ended"


def test_a_coupon_pays_for_one_order(make_coupon: Callable[..., int]) -> None:
    claimed_id = claim_coupon(person_id=1, coupon_id=make_coupon())
    taking = Taking(coupons=((claimed_id, 1_000, 7),))
    take_programmes(order_ref="P1", person_id=1, taking=taking)
    with pytest.raises(ProgrammeGone):
        take_programmes(order_ref="P2", person_id=1, taking=taking)
    with pytest.raises(IntegrityError), transaction.atomic():
        CouponUse.objects.create(claimed_id=claimed_id, order_ref="P2", shop_id=7, discount_minor=1, at=clock.now())
    assert list(CouponUse.objects.values_list("order_ref", "state")) == [("P1", "locked")]
    assert programmes_for(person_id=1, sku_ids=[1], shop_ids=[7]).coupons == ()
    release_programmes(order_ref="P1")
    release_programmes(order_ref="P1")
    assert [c.claimed_id for c in programmes_for(person_id=1, sku_ids=[1], shop_ids=[7]).coupons] == [claimed_id]
    take_programmes(order_ref="P2", person_id=1, taking=taking)


def test_anothers_coupon_and_one_that_is_over_do_not_lock(make_coupon: Callable[..., int]) -> None:
    claimed_id = claim_coupon(person_id=1, coupon_id=make_coupon())
    taking = Taking(coupons=((claimed_id, 1_000, 7),))
    with pytest.raises(ProgrammeGone):
        take_programmes(order_ref="P1", person_id=2, taking=taking)
    with clock.frozen(clock.now() + timedelta(days=8)), pytest.raises(ProgrammeGone):
        take_programmes(order_ref="P1", person_id=1, taking=taking)
    assert CouponUse.objects.count() == 0


def test_only_what_applies_is_read(make_coupon: Callable[..., int]) -> None:
    mine = claim_coupon(person_id=1, coupon_id=make_coupon())
    platform = claim_coupon(person_id=1, coupon_id=make_coupon(shop_id=None))
    claim_coupon(person_id=1, coupon_id=make_coupon(shop_id=8))
    claim_coupon(person_id=2, coupon_id=make_coupon())
    found = programmes_for(person_id=1, sku_ids=[1], shop_ids=[7])
    assert [coupon.claimed_id for coupon in found.coupons] == [mine, platform]
    assert programmes_for(person_id=None, sku_ids=[1], shop_ids=[7]).coupons == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"terms": CouponTerms("fixed", 1_000, 1_001, 0, None)}, "discount_minor"),
        ({"terms": CouponTerms("fixed", 0, 0, 0, None)}, "discount_minor"),
        ({"terms": CouponTerms("rate", 0, 0, 0, None)}, "rate_bp"),
        ({"terms": CouponTerms("rate", 0, 0, 500, 0)}, "cap_minor"),
        ({"limit_per_person": 4}, "limit_per_person"),
        ({"valid_days": None}, "valid_days"),
    ],
)
def test_impossible_terms_are_refused(make_coupon: Callable[..., int], changes: dict, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        make_coupon(**changes)
    assert refusal.value.field == field
    assert Coupon.objects.count() == 0
