"""Lucky bags (福袋): opened on air, entered by who meets the conditions, drawn at their time by a draw that can be checked."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from xingqu.accounts.services import notify
from xingqu.catalogue.selectors import skus_for_sale
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried
from xingqu.live.domain.draw import draw, hash_of
from xingqu.live.domain.errors import BagClosed, ConditionMissing, WrongState
from xingqu.live.domain.states import ON_AIR
from xingqu.live.models import LiveItem, LuckyBag, LuckyEntry, RoomEvent, RoomVisitor
from xingqu.live.services.dropping import NewDrop, coupon_terms, room_with_goods_of
from xingqu.live.services.rooms import own_room
from xingqu.live.services.telling import tell_room
from xingqu.programmes.services import NewFlashItem, claim_coupon, create_coupon, create_flash_sale, name_winners

DRAW_MIN_S, DRAW_MAX_S = 30, 7_200
WINNERS_MAX = 1_000
# A product that was won has a minor unit as its price, and is brought free of charge: an order of nothing would have no payment
# that its books, its refunds and its audit could stand on (decision 0112).
PRIZE_MINOR = 1
PRIZE_KEPT = timedelta(days=7)
OPEN_MOST = 3


@dataclass(frozen=True, slots=True)
class NewBag:
    """The prize is `coupon` or `sku_id`. Conditions: a `word` that was said in the chat, `watch_s` since one came in."""

    name: str
    winner_count: int
    draw_in_s: int
    word: str = ""
    watch_s: int = 0
    coupon: NewDrop | None = None
    sku_id: int | None = None


@retried
@transaction.atomic
def open_bag(*, shop_id: int, room_id: int, bag: NewBag) -> int:
    """Open a lucky bag in a room on air; the hash of its seed is told at once. Returns its id.

    Raises NotFound, WrongState, InvalidInput, NotEnoughStock.
    """
    room = own_room(shop_id=shop_id, room_id=room_id)
    if bag.coupon is not None:
        room_with_goods_of(shop_id=shop_id, room_id=room_id)
    if room.state not in ON_AIR:
        raise WrongState(data={"state": room.state})
    if not (1 <= bag.winner_count <= WINNERS_MAX and DRAW_MIN_S <= bag.draw_in_s <= DRAW_MAX_S):
        raise InvalidInput(field="draw_in_s", expected=f"{DRAW_MIN_S} to {DRAW_MAX_S} s, 1 to {WINNERS_MAX} winners")
    if (bag.coupon is None) == (bag.sku_id is None):
        raise InvalidInput(field="coupon", expected="a coupon or a SKU as the prize")
    if LuckyBag.objects.filter(room=room, state="open").count() >= OPEN_MOST:
        raise InvalidInput(field="name", expected=f"at most {OPEN_MOST} bags at a time")
    now, seed = clock.now(), secrets.token_hex(32)
    row = LuckyBag(
        room=room,
        name=bag.name,
        prize="coupon" if bag.coupon else "product",
        winner_count=bag.winner_count,
        word=bag.word.strip().lower(),
        watch_s=bag.watch_s,
        seed=seed,
        seed_hash=hash_of(seed),
        opened_at=now,
        draw_at=now + timedelta(seconds=bag.draw_in_s),
    )
    if bag.coupon is not None:
        until = row.draw_at + timedelta(days=1)
        terms = coupon_terms(bag.coupon, units=bag.winner_count, until=until, name=bag.name)
        row.coupon_id = create_coupon(shop_id=shop_id, coupon=terms, live_room_id=room_id, is_prize=True)
    else:
        row.sale_id, row.product_id = _prize(shop_id, room_id, bag, row)
    row.save()
    tell_room(room_id=room_id, kind="lucky_bag", data={"bag_id": row.pk, "seed_hash": row.seed_hash})
    return row.pk


@retried
@transaction.atomic
def enter_bag(*, room_id: int, bag_id: int, person_id: int) -> None:
    """Take part, once. Raises NotFound, BagClosed, ConditionMissing (`data.missing`: word or watch, with what is missing)."""
    hold_names(f"live_bag:{bag_id}")
    bag = LuckyBag.objects.select_related("room").filter(pk=bag_id, room_id=room_id).first()
    if bag is None:
        raise NotFound
    now = clock.now()
    if bag.state != "open" or bag.draw_at <= now or bag.room.state not in ON_AIR:
        raise BagClosed(data={"state": bag.state})
    if bag.word and not _has_said(bag, person_id):
        raise ConditionMissing(data={"missing": "word", "word": bag.word})
    came = RoomVisitor.objects.filter(room_id=room_id, actor_key=f"p{person_id}").first()
    left_s = bag.watch_s - (int((now - came.first_at).total_seconds()) if came is not None else 0)
    if bag.watch_s and left_s > 0:
        raise ConditionMissing(data={"missing": "watch", "left_s": left_s})
    LuckyEntry.objects.get_or_create(bag=bag, person_id=person_id, defaults={"entered_at": now})


def draw_due_bags() -> int:
    """Draw what is due; returns how many bags. For the worker: whoever comes first draws, the others find it done."""
    due = LuckyBag.objects.filter(state="open", draw_at__lte=clock.now()).order_by("draw_at")
    return sum(_draw(pk) for pk in list(due.values_list("pk", flat=True)[:20]))


@retried
@transaction.atomic
def _draw(bag_id: int) -> int:
    hold_names(f"live_bag:{bag_id}")
    bag = LuckyBag.objects.select_related("room").get(pk=bag_id)
    now = clock.now()
    state = "cancelled" if bag.room.state == "banned" else "drawn"
    if not LuckyBag.objects.filter(pk=bag_id, state="open").update(state=state, drawn_at=now):
        return 0
    if state == "cancelled":
        return 1
    entrants = list(bag.entries.values_list("person_id", flat=True))
    winners = draw(seed=bag.seed, bag_id=bag_id, person_ids=entrants, count=bag.winner_count)
    bag.entries.filter(person_id__in=winners).update(is_winner=True)
    if bag.sale_id is not None:
        name_winners(sale_id=bag.sale_id, person_ids=winners)
    for person_id in winners if bag.coupon_id is not None else []:
        claim_coupon(person_id=person_id, coupon_id=bag.coupon_id or 0, live_room_id=bag.room_id)
    data = {"title": bag.room.title, "name": bag.name, "product_id": bag.product_id}
    for person_id in winners:
        notify(person_id=person_id, kind="live_won", data=data)
    tell_room(
        room_id=bag.room_id,
        kind="lucky_drawn",
        data={"bag_id": bag_id, "seed": bag.seed, "entrants": len(entrants), "winners": len(winners)},
    )
    return 1


def _prize(shop_id: int, room_id: int, bag: NewBag, row: LuckyBag) -> tuple[int, int]:
    offer = skus_for_sale([bag.sku_id or 0], with_tags=False).get(bag.sku_id or 0)
    if offer is None or not LiveItem.objects.filter(room_id=room_id, product_id=offer.product_id).exists():
        raise InvalidInput(field="sku_id", expected="a SKU of a product in the run of show")
    sale_id = create_flash_sale(
        shop_id=shop_id,
        name=bag.name,
        items=[NewFlashItem(bag.sku_id or 0, PRIZE_MINOR, bag.winner_count, 1)],
        starts_at=row.opened_at,
        ends_at=row.draw_at + PRIZE_KEPT,
        live_room_id=room_id,
        kind="prize",
    )
    return sale_id, offer.product_id


def _has_said(bag: LuckyBag, person_id: int) -> bool:
    said = RoomEvent.objects.filter(
        room_id=bag.room_id, kind="chat", actor_key=f"p{person_id}", at__gte=bag.opened_at, is_hidden=False
    ).order_by("-id")[:50]
    return any(bag.word in str(row.data.get("text", "")).lower() for row in said)
