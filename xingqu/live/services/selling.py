"""A room's own prices: for its viewers, for limited units, while it is on air (decision 0112)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from xingqu.accounts.services import notify
from xingqu.catalogue.selectors import cards
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import retried
from xingqu.live.domain.errors import ItemNotForSale, WrongState
from xingqu.live.domain.states import ON_AIR, PUSHABLE
from xingqu.live.models import LiveItem, LiveRoom
from xingqu.live.services.telling import tell_room
from xingqu.programmes.contracts import RoomSaleRow
from xingqu.programmes.selectors import room_sales
from xingqu.programmes.services import NewFlashItem, change_state, create_flash_sale

# A room's price ends with the room; this is for rooms that are planned and forgotten.
LONGEST = timedelta(days=90)
FLASH_MIN_S, FLASH_MAX_S = 30, 7_200
PRICES_MAX = 50


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A SKU's price in a room: so many units, at most so many a person."""

    sku_id: int
    price_minor: int
    units: int
    limit_per_person: int


@retried
@transaction.atomic
def set_room_prices(
    *,
    shop_id: int,
    room_id: int,
    item_id: int,
    prices: Sequence[NewPrice],
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> int:
    """Give SKUs of an item the room's own price (达人专属价); returns the sale's id.

    `shop_id` is whose goods they are: in another's room a merchant gives the prices for the merchant's own goods. It counts while
    the room is on air, from `starts_at` (at once) to `ends_at` (the room's end) at most, for purchases that are credited to it.
    A SKU's price of before is replaced: its units go back.

    Raises NotFound, WrongState, InvalidInput, NotEnoughStock.
    """
    room, item = _item_of(shop_id, room_id, item_id, PUSHABLE)
    skus = {price.sku_id for price in prices}
    for one in room_sales(live_room_ids=[room_id])[room_id]:
        if one.kind == "room_price" and one.sku_id in skus and one.state != "ended":
            change_state(kind="flash_sale", pk=one.sale_id, shop_id=shop_id, state="ended")
    now = clock.now()
    begins = max(starts_at or now, now)
    if max(begins, ends_at or begins) > now + LONGEST:
        raise InvalidInput(field="ends_at", expected=f"at most {LONGEST.days} days from now")
    sale_id = create_flash_sale(
        shop_id=shop_id,
        name=room.title[:40],
        items=_items(item, prices),
        starts_at=begins,
        ends_at=ends_at or begins + LONGEST,
        live_room_id=room_id,
        kind="room_price",
        state="running" if room.state in ON_AIR else "paused",
    )
    _check_product(sale_id, room_id, item)
    tell_room(room_id=room_id, kind="items", data={})
    _tell_host(room, shop_id, item.product_id, "live_price_given")
    return sale_id


@retried
@transaction.atomic
def start_room_flash(*, shop_id: int, room_id: int, item_id: int, prices: Sequence[NewPrice], duration_s: int) -> int:
    """Start a flash sale with a countdown in a room that is on air; returns its id. Nothing else lowers these prices but
    the platform's coupons.

    Raises NotFound, WrongState, InvalidInput, ItemNotForSale, Overlaps, NotEnoughStock.
    """
    room, item = _item_of(shop_id, room_id, item_id, ON_AIR)
    if not FLASH_MIN_S <= duration_s <= FLASH_MAX_S:
        raise InvalidInput(field="duration_s", expected=f"{FLASH_MIN_S} to {FLASH_MAX_S}")
    card = cards([item.product_id]).get(item.product_id)
    if card is None or not card.sale_state.can_buy:
        raise ItemNotForSale(field="item_id", data={"sale_state": card.sale_state.code if card else "deleted"})
    now = clock.now()
    sale_id = create_flash_sale(
        shop_id=shop_id,
        name=room.title[:40],
        items=_items(item, prices),
        starts_at=now,
        ends_at=now + timedelta(seconds=duration_s),
        live_room_id=room_id,
    )
    _check_product(sale_id, room_id, item)
    tell_room(room_id=room_id, kind="items", data={"flash_item_id": item.pk})
    return sale_id


@retried
@transaction.atomic
def end_room_sale(*, shop_id: int, room_id: int, sale_id: int) -> None:
    """End a price of a room before its time; what is left goes back to general stock. Raises NotFound, HasEnded."""
    room = LiveRoom.objects.select_for_update().filter(pk=room_id).first()
    found = [row for row in _rows(shop_id, room_id) if row.sale_id == sale_id and row.kind != "prize"]
    if room is None or not found:
        raise NotFound
    change_state(kind="flash_sale", pk=sale_id, shop_id=shop_id, state="ended")
    tell_room(room_id=room_id, kind="items", data={})
    _tell_host(room, shop_id, found[0].product_id, "live_price_ended")


def _tell_host(room: LiveRoom, shop_id: int, product_id: int, kind: str) -> None:
    """Tell the workplace of a room what the merchant of goods in it did, in the caller's transaction."""
    if room.shop_id == shop_id:
        return
    card = cards([product_id]).get(product_id)
    data = {
        "shop_id": room.shop_id,
        "live_room_id": room.pk,
        "title": room.title,
        "name": card.name if card is not None else "",
        "shop": card.shop_name if card is not None else "",
    }
    notify(organisation_id=room.shop_id, kind=kind, data=data)


def _rows(shop_id: int, room_id: int) -> list[RoomSaleRow]:
    return [row for row in room_sales(live_room_ids=[room_id])[room_id] if row.shop_id == shop_id]


def _item_of(shop_id: int, room_id: int, item_id: int, states: Sequence[str]) -> tuple[LiveRoom, LiveItem]:
    """An item whose product is the shop's, in whosever room; the room is locked."""
    room = LiveRoom.objects.select_for_update().filter(pk=room_id).first()
    item = LiveItem.objects.filter(pk=item_id, room_id=room_id).first()
    card = cards([item.product_id]).get(item.product_id) if item is not None else None
    if room is None or item is None or card is None or card.shop_id != shop_id:
        raise NotFound
    if room.state not in states:
        raise WrongState(data={"state": room.state})
    return room, item


def _items(item: LiveItem, prices: Sequence[NewPrice]) -> list[NewFlashItem]:
    if not 1 <= len(prices) <= PRICES_MAX:
        raise InvalidInput(field="prices", expected=f"1 to {PRICES_MAX} SKUs of this product")
    return [NewFlashItem(one.sku_id, one.price_minor, one.units, one.limit_per_person) for one in prices]


def _check_product(sale_id: int, room_id: int, item: LiveItem) -> None:
    """All SKUs are of the item's product; else the transaction is undone."""
    rows = [row for row in room_sales(live_room_ids=[room_id])[room_id] if row.sale_id == sale_id]
    if any(row.product_id != item.product_id for row in rows):
        raise InvalidInput(field="prices", expected="SKUs of this product")
