"""Coupons dropped into a room, lucky bags, scripts, automatic replies."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from xingqu.accounts.models import Notice
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.live import selectors, services
from xingqu.live.contracts import Arrival
from xingqu.live.domain.draw import draw, hash_of
from xingqu.live.domain.errors import BagClosed, ConditionMissing, WrongState
from xingqu.live.models import LiveScript, LuckyBag, LuckyEntry, RoomEvent
from xingqu.live.services import NewBag, NewDrop, RoomChanges, lucky
from xingqu.live.tests.conftest import Studio
from xingqu.live.tests.test_selling import sku_of
from xingqu.live.tests.test_showing import explaining
from xingqu.programmes.domain.errors import CouponGone, LimitReached
from xingqu.programmes.models import ClaimedCoupon, FlashWinner
from xingqu.programmes.services import claim_coupon

DROP = NewDrop(threshold_minor=5000, discount_minor=500, units=2, claim_s=60)


def kinds(room_id: int) -> list[str]:
    rows = RoomEvent.objects.filter(room_id=room_id, kind__in=("coupon", "lucky_bag", "lucky_drawn")).order_by("id")
    return list(rows.values_list("kind", flat=True))


def test_a_dropped_coupon_is_taken_in_its_room_while_it_is_there(studio: Studio, viewer: Callable[[], int]) -> None:
    room_id, _ = studio.live_room()
    with pytest.raises(InvalidInput):  # a coupon for goods that are not there
        services.drop_coupon(shop_id=studio.shop_id, room_id=room_id, drop=DROP)
    studio.items(room_id, studio.product())
    coupon_id = services.drop_coupon(shop_id=studio.shop_id, room_id=room_id, drop=DROP)
    first, second, third = viewer(), viewer(), viewer()
    with pytest.raises(NotFound):
        claim_coupon(person_id=first, coupon_id=coupon_id)  # not by the shop's page
    other_id = studio.room()
    with pytest.raises(NotFound):
        services.claim_drop(room_id=other_id, coupon_id=coupon_id, person_id=first)
    services.claim_drop(room_id=room_id, coupon_id=coupon_id, person_id=first)
    with pytest.raises(LimitReached):
        services.claim_drop(room_id=room_id, coupon_id=coupon_id, person_id=first)
    services.claim_drop(room_id=room_id, coupon_id=coupon_id, person_id=second)
    with pytest.raises(CouponGone):
        services.claim_drop(room_id=room_id, coupon_id=coupon_id, person_id=third)
    assert (ClaimedCoupon.objects.count(), kinds(room_id)) == (2, ["coupon"])
    [shown] = selectors.room_rewards(room_id=room_id, person_id=first)["drops"]
    assert (shown["left"], shown["mine"], shown["is_open"]) == (0, True, False)
    services.end_room(shop_id=studio.shop_id, room_id=room_id)
    with pytest.raises(WrongState):
        services.claim_drop(room_id=room_id, coupon_id=coupon_id, person_id=third)


def test_the_draw_can_be_done_again_by_anybody(studio: Studio, viewer: Callable[[], int]) -> None:
    room_id, _ = studio.live_room()
    studio.items(room_id, studio.product())
    now = clock.now()
    people = [viewer() for _ in range(5)]
    with clock.frozen(now):
        bag = NewBag(name="福袋", winner_count=2, draw_in_s=60, coupon=DROP)
        bag_id = services.open_bag(shop_id=studio.shop_id, room_id=room_id, bag=bag)
        told = RoomEvent.objects.get(room_id=room_id, kind="lucky_bag").data
        for person_id in (*people, people[0]):
            services.enter_bag(room_id=room_id, bag_id=bag_id, person_id=person_id)
        assert services.draw_due_bags() == 0
        assert selectors.room_rewards(room_id=room_id, person_id=people[0])["bags"][0]["seed"] is None
    with clock.frozen(now + timedelta(seconds=60)):
        with pytest.raises(BagClosed):
            services.enter_bag(room_id=room_id, bag_id=bag_id, person_id=viewer())
        assert [services.draw_due_bags(), services.draw_due_bags()] == [1, 0]
        assert lucky._draw(bag_id) == 0  # another worker, which had looked before
    [shown] = selectors.room_rewards(room_id=room_id, person_id=None)["bags"]
    assert hash_of(shown["seed"]) == told["seed_hash"] == shown["seed_hash"]
    winners = draw(seed=shown["seed"], bag_id=bag_id, person_ids=people, count=2)
    assert set(LuckyEntry.objects.filter(is_winner=True).values_list("person_id", flat=True)) == set(winners)
    assert set(ClaimedCoupon.objects.values_list("person_id", flat=True)) == set(winners)
    assert LuckyEntry.objects.count() == 5
    with pytest.raises(IntegrityError), transaction.atomic():
        LuckyEntry.objects.create(bag_id=bag_id, person_id=people[0], entered_at=now)


def test_conditions_of_a_bag(studio: Studio, viewer: Callable[[], int]) -> None:
    room_id, _ = studio.live_room()
    studio.items(room_id, studio.product())
    person, now = viewer(), clock.now()
    with clock.frozen(now):
        bag = NewBag(name="福袋", winner_count=1, draw_in_s=600, word="想要", watch_s=120, coupon=DROP)
        bag_id = services.open_bag(shop_id=studio.shop_id, room_id=room_id, bag=bag)
        enter: dict[str, Any] = {"room_id": room_id, "bag_id": bag_id, "person_id": person}
        services.record_arrivals(arrivals=[Arrival(room_id, f"p{person}")])
        with pytest.raises(ConditionMissing) as refusal:
            services.enter_bag(**enter)
        assert refusal.value.data == {"missing": "word", "word": "想要"}
        services.post_chat(room_id=room_id, person_id=person, text="我想要这个")
    with clock.frozen(now + timedelta(seconds=119)), pytest.raises(ConditionMissing) as refusal:
        services.enter_bag(**enter)
    assert (refusal.value.data, LuckyEntry.objects.count()) == ({"missing": "watch", "left_s": 1}, 0)
    with clock.frozen(now + timedelta(seconds=120)):
        services.enter_bag(**enter)
        services.enter_bag(**enter)
    assert LuckyEntry.objects.count() == 1


def test_a_product_is_won_by_its_winners_and_a_banned_room_draws_nothing(
    studio: Studio, viewer: Callable[[], int]
) -> None:
    room_id, _ = studio.live_room()
    lamp, now = studio.product(), clock.now()
    bag = NewBag(name="福袋", winner_count=1, draw_in_s=60, sku_id=sku_of(lamp))
    with pytest.raises(InvalidInput):
        services.open_bag(shop_id=studio.shop_id, room_id=room_id, bag=bag)  # not in the run of show
    studio.items(room_id, lamp)
    person = viewer()
    with clock.frozen(now):
        bag_id = services.open_bag(shop_id=studio.shop_id, room_id=room_id, bag=bag)
        services.enter_bag(room_id=room_id, bag_id=bag_id, person_id=person)
        second = services.open_bag(shop_id=studio.shop_id, room_id=room_id, bag=bag)
    services.end_room(shop_id=studio.shop_id, room_id=room_id)
    LuckyBag.objects.filter(pk=second).update(draw_at=now + timedelta(hours=1))
    with clock.frozen(now + timedelta(seconds=60)):
        assert services.draw_due_bags() == 1  # what was promised is drawn, also after the end
    assert list(FlashWinner.objects.values_list("person_id", flat=True)) == [person]
    assert list(Notice.objects.filter(kind="live_won").values_list("person_id", "data__product_id")) == [(person, lamp)]
    shown = selectors.room_rewards(room_id=room_id, person_id=person)["bags"][1]
    assert (shown["won"], shown["winner_pays"], shown["product_name"][:3]) == (
        True,
        {"amount_minor": 1, "currency": "CNY"},
        "营地灯",
    )
    assert shown["keep_until"] == now + timedelta(days=7, seconds=60)
    services.ban_room(room_id=room_id, reason="违规")
    with clock.frozen(now + timedelta(hours=1)):
        assert services.draw_due_bags() == 1
    assert (LuckyBag.objects.get(pk=second).state, Notice.objects.filter(kind="live_won").count()) == ("cancelled", 1)


def test_a_script_explains_drops_and_goes_on_after_a_pause(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    first, second = studio.items(room_id, studio.product(), studio.product(stock=0))
    own: dict[str, Any] = {"shop_id": studio.shop_id, "room_id": room_id}
    steps: list[dict[str, Any]] = [
        {"at_s": 60, "act": "coupon", "coupon": {"threshold_minor": 0, "discount_minor": 100}},
        {"at_s": 0, "act": "explain", "item_id": first},
        {"at_s": 30, "act": "explain", "item_id": second},
    ]
    with pytest.raises(InvalidInput):
        services.write_script(**own, steps=[{"at_s": 0, "act": "explain", "item_id": 999_999}], loop_s=0)
    now = clock.now()
    services.write_script(**own, steps=steps, loop_s=90)
    assert services.run_scripts() == 0
    services.switch_script(**own, is_on=True)
    with clock.frozen(now):
        assert (services.run_scripts(), explaining(room_id)) == (1, [first])
    with clock.frozen(now + timedelta(seconds=30)):
        assert services.run_scripts() == 1
        assert LiveScript.objects.get().note == "30 s explain: live_item_not_for_sale"
        services.pause_room(**own)
        assert services.run_scripts() == 0
    with clock.frozen(now + timedelta(seconds=300)):
        services.beat_stream(token=str(studio_token(room_id)), health={})
        services.resume_room(**own)
        assert services.run_scripts() == 0  # the clock stood still: 30 s
    with clock.frozen(now + timedelta(seconds=330)):
        assert (services.run_scripts(), kinds(room_id)) == (1, ["coupon"])
    with clock.frozen(now + timedelta(seconds=360)):
        assert (services.run_scripts(), explaining(room_id)) == (1, [first])  # the next lap
        services.switch_script(**own, is_on=False)
    with clock.frozen(now + timedelta(seconds=900)):
        assert services.run_scripts() == 0


def studio_token(room_id: int) -> str:
    from xingqu.live.models import StreamSession

    return str(StreamSession.objects.get(room_id=room_id, ended_at=None).token)


def test_items_in_turn(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    items = studio.items(room_id, studio.product(), studio.product())
    now = clock.now()
    services.explain_in_turn(shop_id=studio.shop_id, room_id=room_id, item_ids=items, every_s=10, loop=True)
    seen = []
    for second in (0, 10, 20):
        with clock.frozen(now + timedelta(seconds=second)):
            services.run_scripts()
            seen += explaining(room_id)
    assert seen == [items[0], items[1], items[0]]


def test_automatic_replies_rest(studio: Studio, viewer: Callable[[], int]) -> None:
    room_id, _ = studio.live_room()
    replies = [{"words": ["发货", "快递"], "text": "48 小时内发货"}]
    services.update_room(shop_id=studio.shop_id, room_id=room_id, changes=RoomChanges(auto_replies=replies))
    now = clock.now()

    def said(after_s: int) -> int:
        with clock.frozen(now + timedelta(seconds=after_s)):
            services.post_chat(room_id=room_id, person_id=viewer(), text="什么时候发货呀")
        return RoomEvent.objects.filter(room_id=room_id, actor_key="auto").count()

    assert [said(0), said(10), said(20)] == [1, 1, 2]
    services.post_chat(room_id=room_id, person_id=viewer(), text="好看")
    assert RoomEvent.objects.filter(room_id=room_id, actor_key="auto").count() == 2


def test_chat_is_kept_for_its_days(studio: Studio, viewer: Callable[[], int], settings: Any) -> None:
    room_id, _ = studio.live_room()
    services.post_chat(room_id=room_id, person_id=viewer(), text="来了")
    running, _ = studio_of(studio)
    services.end_room(shop_id=studio.shop_id, room_id=room_id)
    days = settings.ENVIRONMENT.live_chat_days
    with clock.frozen(clock.now() + timedelta(days=days) - timedelta(minutes=1)):
        assert services.sweep_chat() == 0
    with clock.frozen(clock.now() + timedelta(days=days, minutes=1)):
        assert services.sweep_chat() > 0
    assert RoomEvent.objects.filter(room_id=room_id).count() == 0
    assert running == room_id


def studio_of(studio: Studio) -> tuple[int, int]:
    from xingqu.live.models import LiveRoom

    return LiveRoom.objects.get(state="live", shop_id=studio.shop_id).pk, studio.shop_id


def test_over_http_the_desk_is_the_shops_own(studio: Studio, other_studio: Studio, caller: Any) -> None:
    room_id, _ = studio.live_room()
    studio.items(room_id, studio.product())
    path = f"/shops/{studio.shop_id}/live-rooms/{room_id}"
    host, stranger = caller(studio.owner_id), caller(other_studio.owner_id)
    drop = {"discount_minor": 100}
    bag = {"name": "福袋", "winner_count": 1, "draw_in_s": 60, "coupon": drop}
    for method, name, body in (
        ("GET", "/selling", None),
        ("POST", "/coupons", drop),
        ("POST", "/lucky-bags", bag),
        ("PUT", "/script", {"steps": []}),
        ("POST", "/script/switch", {"is_on": True}),
        ("PUT", "/auto-replies", {"replies": []}),
    ):
        assert stranger.send(method, path + name, body).status_code == 404
        theirs = f"/shops/{other_studio.shop_id}/live-rooms/{room_id}{name}"
        assert stranger.send(method, theirs, body).status_code == 404
    assert kinds(room_id) == []
    assert host.post(path + "/coupons", drop).status_code == 201
    assert host.post(path + "/lucky-bags", bag).json()["bags"][0]["seed"] is None
    guest = caller()
    assert guest.post(f"/live/rooms/{room_id}/lucky-bags/1/enter").status_code == 401
    assert len(guest.get(f"/live/rooms/{room_id}/rewards").json()["drops"]) == 1
