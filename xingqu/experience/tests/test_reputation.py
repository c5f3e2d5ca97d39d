"""A creator's score, level and credit: the formula, the day that is kept, and what changes them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from xingqu.accounts.services import create_creator, create_organisation, create_person
from xingqu.content.models import CreatorCounts
from xingqu.events.collaboration import CollaborationChanged, SampleChanged
from xingqu.experience.domain.formula import Counted, score_of
from xingqu.experience.domain.reputation import (
    INDICATORS,
    LEVELS,
    PARTS,
    Level,
    ReputationRules,
    check_rules,
    credit_of,
    level_of,
    read_rules,
)
from xingqu.experience.handlers import note_collaboration, note_sample
from xingqu.experience.models import CreatorDeed, ReputationDay
from xingqu.experience.selectors.reputation import credit_at, reputation_of, reputations
from xingqu.experience.services.creators import keep_reputation, keep_reputations_if_due, set_reputation_rules
from xingqu.governance.contracts import Kind, Severity
from xingqu.governance.services import answer_appeal, appeal_restriction, restrict_creator
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.review.tests.house import operator, review_of
from xingqu.trade.models import LineShare, OrderLine
from xingqu.trade.tests.house import Caller, Shop

DAY = timedelta(days=1)


def test_the_score_is_the_shop_s_formula_over_four_parts() -> None:
    many = 1_000_000
    best = {n: Counted((5 if i.unit == "stars" else i.target) * many, many) for n, i in INDICATORS.items()}
    worst = {n: Counted((1 if i.unit == "stars" else i.floor) * many, many) for n, i in INDICATORS.items()}
    rules = ReputationRules()
    assert (score_of(best, rules, PARTS).score, score_of(worst, rules, PARTS).score) == (100.0, 0.0)
    one_breach = score_of({"kept_rate": Counted(0, 1)}, rules, PARTS)
    assert one_breach.indicators["kept_rate"].shrunk == pytest.approx(9 / 11)
    assert one_breach.score < score_of({}, rules, PARTS).score
    assert read_rules(rules.as_json()) == rules


@pytest.mark.parametrize(
    ("gmv_minor", "followers", "score", "level"),
    [
        (0, 0, None, 0),
        (99_999, 10**6, 99.0, 0),
        (100_000, 99, 99.0, 0),
        (100_000, 100, None, 1),
        (10**10, 10**7, None, 1),
        (1_000_000, 1_000, 59.9, 1),
        (1_000_000, 1_000, 60.0, 2),
        (10**10, 10**7, 100.0, len(LEVELS)),
    ],
)
def test_a_level_asks_for_everything(gmv_minor: int, followers: int, score: float | None, level: int) -> None:
    assert level_of(gmv_minor=gmv_minor, followers=followers, score=score, rules=ReputationRules()) == level


def test_credit_is_what_deeds_leave() -> None:
    rules = ReputationRules()
    assert credit_of([], rules) == 100
    assert credit_of(["sample_kept", "sample_breach", "collaboration_broken", "general"], rules) == 65
    assert credit_of(["serious"] * 9, rules) == 0


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (replace(ReputationRules(), window_days=1), "window_days"),
        (replace(ReputationRules(), content_weight=-1.0), "goods_weight"),
        (replace(ReputationRules(), serious_points=101), "serious_points"),
        (replace(ReputationRules(), levels=()), "levels"),
        (replace(ReputationRules(), levels=(Level(10, 5, 0), Level(9, 5, 0))), "levels"),
    ],
)
def test_what_makes_no_score_is_refused(rules: ReputationRules, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_rules(rules)
    assert refused.value.field == field


@pytest.fixture
def creator(db: None) -> tuple[int, Caller]:
    """A creator with a workplace, and the owner."""
    owner = create_person(email="owner@studio.example", password=None)
    studio_id = create_organisation(owner_id=owner, kind="creator", name="测试工作室")
    return create_creator(handle="tester", display_name="测试", organisation_id=studio_id), Caller.signed_in(owner)


def brought(creator_id: int) -> None:
    """Every line there is was this creator's."""
    LineShare.objects.bulk_create(
        LineShare(line=line, creator_id=creator_id, commission_bp=1_000, reference="test")
        for line in OrderLine.objects.filter(share=None)
    )


def sample(creator_id: int, step: str, state: str, number: str = "Y1") -> SampleChanged:
    return SampleChanged(
        sample_no=number,
        shop_id=1,
        creator_id=creator_id,
        product_id=1,
        kind="free",
        state=state,
        step=step,
        reason="",
        waiting_for="",
        due_at=None,
        at=clock.now(),
    )


def few_are_enough() -> None:
    set_reputation_rules(person_id=1, rules=replace(ReputationRules(), min_orders=1), effective_from=None, note="")


@pytest.mark.django_db
def test_a_day_is_kept_once_with_what_it_is_made_of(
    buyer: Caller, sku: int, shop: Shop, creator: tuple[int, Caller]
) -> None:
    few_are_enough()
    creator_id, owner = creator
    review_of(buyer, shop, sku, 2)
    brought(creator_id)
    CreatorCounts.objects.update_or_create(pk=creator_id, defaults={"follower_count": 150})
    with clock.frozen(clock.now() + DAY):
        assert [keep_reputations_if_due(), keep_reputations_if_due()] == [1, 0]
        row = ReputationDay.objects.get()
        first = (row.score_tenths, row.indicators, row.level, row.credit)
        again = keep_reputation(creator_id=creator_id, day=row.day)
        assert ((again.score_tenths, again.indicators, again.level, again.credit), again.pk) == (first, row.pk)
        told = owner.get(f"/creators/{creator_id}/reputation")
        assert (told["score"], told["level"], told["credit"], told["orders"]) == (
            (row.score_tenths or 0) / 10,
            0,
            100,
            1,
        )
        assert [part["name"] for part in told["parts"]] == list(PARTS)
        assert told["next_level"]["min_followers"] == 100
        path = f"/creators/{creator_id}/reputation/rows?indicator=goods_stars"
        assert [(one["kind"], one["value"]) for one in owner.get(path)["items"]] == [("review", 2)]
        public = Caller.new_person().get(f"/creators/{creator_id}/standing")
        assert public == {"score": told["score"], "level": 0}
        assert reputations(creator_ids=[creator_id, 10**9]).keys() == {creator_id}
    assert (row.indicators["goods_stars"]["total"], row.gmv_minor, row.followers) == (2, 29_900, 150)


@pytest.mark.django_db
def test_a_breach_lowers_credit_at_once_and_the_score_the_next_day(creator: tuple[int, Caller]) -> None:
    creator_id, _ = creator
    kept, broken = sample(creator_id, "recognise", "fulfilled"), sample(creator_id, "breach", "breached", "Y2")
    for fact in (kept, kept, broken, broken, sample(creator_id, "approve", "approved", "Y3")):
        note_sample(fact)
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        assert (CreatorDeed.objects.count(), reputation_of(creator_id=creator_id).credit) == (2, 90)
    with clock.frozen(clock.now() + DAY):
        assert keep_reputations_if_due() == 1
    row = ReputationDay.objects.get()
    assert (row.indicators["kept_rate"]["total"], row.indicators["kept_rate"]["count"]) == (1, 2)
    assert (row.credit, row.score_tenths, row.orders) == (90, None, 0)
    assert credit_at(creator_id=creator_id, at=clock.now() + 200 * DAY) == 100


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("step", "state", "side", "deeds"),
    [
        ("break_off", "cancelled", "creator", ["collaboration_broken"]),
        ("break_off", "cancelled", "merchant", []),
        ("release", "running", "", []),
        ("release", "done", "", ["collaboration_kept"]),
        ("verdict", "done", "platform", []),
    ],
)
def test_who_breaks_a_collaboration_off_answers_for_it(step: str, state: str, side: str, deeds: list[str]) -> None:
    fact = CollaborationChanged(
        collab_no="C1",
        shop_id=1,
        creator_id=7,
        state=state,
        step=step,
        by_side=side,
        waiting_for="",
        due_at=None,
        at=clock.now(),
    )
    note_collaboration(fact)
    note_collaboration(fact)
    assert list(CreatorDeed.objects.values_list("deed", flat=True)) == deeds


@pytest.mark.django_db
def test_a_violation_counts_until_it_is_void(creator: tuple[int, Caller]) -> None:
    creator_id, _ = creator
    made = restrict_creator(
        creator_id=creator_id, kind=Kind.LIVE, severity=Severity.SERIOUS, reason="x", until=None, person_id=1
    )
    with clock.frozen(clock.now() + timedelta(seconds=1)):
        assert credit_at(creator_id=creator_id) == 70
        appeal_restriction(creator_id=creator_id, restriction_id=made, text="不是", person_id=1)
        answer_appeal(restriction_id=made, void=True, answer="误判", person_id=1)
        assert credit_at(creator_id=creator_id) == 100


@pytest.mark.django_db
def test_rules_are_published_and_only_operators_set_them(buyer: Caller, creator: tuple[int, Caller]) -> None:
    creator_id, _ = creator
    staff, path = operator(), "/operator/creator-reputation-rules"
    published = buyer.get("/creator-reputation-rules")
    assert published == staff.get(path)["current"]
    body: dict[str, Any] = {"values": {**published, "min_orders": 20}, "note": "更严"}
    assert buyer.error("POST", path, body, status=404)["code"] == "not_found"
    assert staff.post(path, body)["current"]["min_orders"] == 20
    past = {**body, "effective_from": (clock.now() - DAY).isoformat()}
    assert staff.error("POST", path, past, status=422)["field"] == "effective_from"
    for name in ("reputation", "reputation/rows?indicator=kept_rate"):
        error = buyer.error("GET", f"/creators/{creator_id}/{name}", status=404)
        assert error["code"] == "not_found"
    assert buyer.error("GET", "/creators/99999999/standing", status=404)["code"] == "not_found"
