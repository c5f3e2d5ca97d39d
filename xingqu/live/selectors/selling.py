"""Coupons, lucky bags and the script of a room, for its viewers and its desk."""

from typing import Any

from django.db.models import Count

from xingqu.catalogue.contracts import ProductCardData
from xingqu.catalogue.selectors import cards
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.live.models import LiveRoom, LiveScript, LuckyBag, LuckyEntry
from xingqu.programmes.contracts import RoomSaleRow
from xingqu.programmes.selectors import claimed_among, room_coupons, room_sales

BAGS_SHOWN = 20


def room_rewards(*, room_id: int, person_id: int | None) -> dict[str, Any]:
    """Coupons that can be taken or were, and lucky bags, in the shape of LiveRewardsOut. Raises NotFound."""
    if not LiveRoom.objects.filter(pk=room_id).exclude(state="banned").exists():
        raise NotFound
    drops = _drops(room_id, person_id)
    return {"drops": [one for one in drops if one["is_open"] or one["mine"]], "bags": _bags(room_id, person_id)}


def selling_page(*, shop_id: int, room_id: int) -> dict[str, Any]:
    """Everything of a room on its desk, in the shape of LiveSellingOut. Raises NotFound."""
    room = LiveRoom.objects.filter(pk=room_id, shop_id=shop_id).first()
    if room is None:
        raise NotFound
    return {
        "drops": _drops(room_id, None),
        "bags": _bags(room_id, None),
        "script": _script(room_id),
        "auto_replies": room.auto_replies,
    }


def _drops(room_id: int, person_id: int | None) -> list[dict[str, Any]]:
    rows = room_coupons(live_room_id=room_id)
    ids = [row.coupon_id for row in rows]
    mine = claimed_among(person_id=person_id, coupon_ids=ids) if person_id is not None and ids else set()
    return [
        {
            "coupon_id": row.coupon_id,
            "name": row.name,
            "threshold": {"amount_minor": row.threshold_minor, "currency": row.currency},
            "discount": {"amount_minor": row.discount_minor, "currency": row.currency},
            "units": row.units,
            "left": row.left,
            "claim_until": row.claim_until,
            "is_open": row.is_open,
            "mine": row.coupon_id in mine,
        }
        for row in rows
    ]


def _bags(room_id: int, person_id: int | None) -> list[dict[str, Any]]:
    rows = list(LuckyBag.objects.filter(room_id=room_id).order_by("-id").annotate(n=Count("entries"))[:BAGS_SHOWN])
    prizes = {sale.sale_id: sale for sale in room_sales(live_room_ids=[room_id])[room_id] if sale.kind == "prize"}
    known = cards({row.product_id for row in rows if row.product_id is not None}) if prizes else {}
    entered = {}
    if person_id is not None:
        mine = LuckyEntry.objects.filter(bag__in=rows, person_id=person_id)
        entered = dict(mine.values_list("bag_id", "is_winner"))
    return [
        {
            "id": row.pk,
            "name": row.name,
            "prize": row.prize,
            **_prize(row, prizes.get(row.sale_id or 0), known.get(row.product_id or 0)),
            "winner_count": row.winner_count,
            "word": row.word,
            "watch_s": row.watch_s,
            "draw_at": row.draw_at,
            "state": row.state,
            "seed_hash": row.seed_hash,
            "seed": row.seed if row.state != "open" else None,
            "entrants": row.n,
            "entered": row.pk in entered,
            "won": bool(entered.get(row.pk)),
        }
        for row in rows
    ]


def _prize(row: LuckyBag, sale: RoomSaleRow | None, card: ProductCardData | None) -> dict[str, Any]:
    pays = {"amount_minor": sale.price_minor, "currency": sale.currency} if sale is not None else None
    return {
        "product_id": row.product_id,
        "product_name": card.name if card is not None else "",
        "winner_pays": pays,
        "keep_until": sale.ends_at if sale is not None else None,
    }


def _script(room_id: int) -> dict[str, Any] | None:
    row = LiveScript.objects.filter(room_id=room_id).first()
    if row is None:
        return None
    since = row.running_since
    run_s = row.run_s + ((clock.now() - since).total_seconds() if since is not None else 0)
    names = ("steps", "loop_s", "is_on", "lap", "position", "note")
    return {**{name: getattr(row, name) for name in names}, "run_s": int(run_s)}
