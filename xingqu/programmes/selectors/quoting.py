"""What may lower a quote: on every checkout's way, hence one statement that tells whether there is anything to read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from xingqu.catalogue.selectors import allotments_of, category_ids_below
from xingqu.kit import clock
from xingqu.kit.sql import fetch, read_time
from xingqu.programmes.contracts import (
    NO_PROGRAMMES,
    Bundle,
    CouponTerms,
    FlashPrice,
    FullReduction,
    HeldCoupon,
    Programmes,
    flash_campaign,
)

_RUNNING = "s.state = 'running' AND s.starts_at <= %s AND s.ends_at > %s"
_FREE = (
    "cl.person_id = %s AND cl.valid_from <= %s AND cl.valid_until > %s AND NOT EXISTS (SELECT 1 FROM"
    " programmes_couponuse u WHERE u.claimed_id = cl.id AND u.state <> 'released')"
)
_FLASH_FROM = (
    "FROM programmes_flashsale s JOIN programmes_flashsaleitem i ON i.sale_id = s.id WHERE "
    + _RUNNING
    + " AND i.sku_id IN ({skus}) AND (s.live_room_id IS NULL OR s.kind = 'prize' OR s.live_room_id IN ({rooms}))"
)
_FULL_FROM = "FROM programmes_fullreductionoffer s WHERE " + _RUNNING + " AND s.shop_id IN ({shops})"
_COUPONS_FROM = (
    "FROM programmes_claimedcoupon cl JOIN programmes_coupon c ON c.id = cl.coupon_id WHERE "
    + _FREE
    + " AND (c.shop_id IS NULL OR c.shop_id IN ({shops}))"
)
_BUNDLES_FROM = (
    "FROM programmes_bundleoffer s JOIN programmes_bundleitem i ON i.bundle_id = s.id WHERE "
    + _RUNNING
    + " AND i.sku_id IN ({skus})"
)
_OTHERS = f"EXISTS (SELECT 1 {_FULL_FROM}), EXISTS (SELECT 1 {_BUNDLES_FROM})"
# A guest has won nothing: signing in would not lower the price by somebody else's prize.
_ANY = f"SELECT EXISTS (SELECT 1 {_FLASH_FROM} AND s.kind IN ('flash_sale', 'room_price')), {_OTHERS}"
_ANY_HELD = f"SELECT EXISTS (SELECT 1 {_FLASH_FROM}), {_OTHERS}, EXISTS (SELECT 1 {_COUPONS_FROM})"
_FLASH = (
    "SELECT i.id, s.id, i.sku_id, i.price_minor, i.limit_per_person, COALESCE((SELECT q.taken"
    " FROM programmes_flashquota q WHERE q.item_id = i.id AND q.person_id = %s), 0), s.ends_at, s.kind, s.live_room_id "
    + _FLASH_FROM
    + " AND (s.kind <> 'prize' OR EXISTS (SELECT 1 FROM programmes_flashwinner w WHERE w.sale_id = s.id AND w.person_id = %s))"
    " ORDER BY i.price_minor DESC, i.id"
)
_OVER = (
    "SELECT i.sku_id, s.live_room_id FROM programmes_flashsale s JOIN programmes_flashsaleitem i ON i.sale_id = s.id"
    " WHERE i.sku_id IN ({skus}) AND s.live_room_id IN ({rooms}) AND s.kind <> 'prize' AND s.starts_at <= %s"
    " AND (s.state = 'ended' OR s.ends_at <= %s)"
)
_BUNDLES = (
    "SELECT b.id, b.shop_id, b.name, b.price_minor, b.currency, b.ends_at, j.sku_id, j.quantity"
    " FROM programmes_bundleoffer b JOIN programmes_bundleitem j ON j.bundle_id = b.id"
    f" WHERE b.id IN (SELECT s.id {_BUNDLES_FROM}) ORDER BY b.id, j.id"
)
_FULL = "SELECT s.id, s.shop_id, s.name, s.steps, s.currency, s.ends_at " + _FULL_FROM + " ORDER BY s.id"
_PAST = (
    "EXISTS (SELECT 1 FROM programmes_pastcustomer p WHERE p.person_id = cl.person_id"
    " AND (c.shop_id IS NULL OR p.shop_id = c.shop_id))"
)
_COUPONS = (
    "SELECT cl.id, c.id, c.shop_id, c.name, c.kind, c.threshold_minor, c.discount_minor, c.rate_bp, c.cap_minor,"
    f" c.currency, c.audience, {_PAST}, cl.valid_from, cl.valid_until, c.scope, c.scope_ids "
    + _COUPONS_FROM
    + " ORDER BY cl.valid_until, cl.id"
)


def programmes_for(
    *,
    person_id: int | None,
    sku_ids: Iterable[int],
    shop_ids: Iterable[int],
    rooms: Mapping[int, int] | None = None,
) -> Programmes:
    """What applies to these SKUs and shops at this moment for this person (None: a guest). One query when there is nothing.

    `rooms` names the live room that is credited with a SKU: the prices of that room are for it. A prize is its winner's, wherever
    they come from. Flash prices and coupons are
    counted by person, so a guest gets neither.
    """
    skus, shops = sorted(set(sku_ids)), sorted(set(shop_ids))
    if not skus or not shops:
        return NO_PROGRAMMES
    now, rooms = clock.now(), rooms or {}
    room_ids = sorted(set(rooms.values())) or [0]
    asked: list[Any] = [now, now, *skus, *room_ids, now, now, *shops, now, now, *skus]
    over = _prices_over(rooms, skus, now) if rooms else frozenset()
    if person_id is None:
        [(has_flash, has_full, has_bundles)] = fetch(_filled(_ANY, skus, shops, room_ids), asked)
        return Programmes(
            {},
            _full_reductions(shops, now) if has_full else {},
            (),
            sign_in_lowers=bool(has_flash),
            bundles=_bundles(skus, now) if has_bundles else (),
            room_price_over=over,
        )
    any_held = _filled(_ANY_HELD, skus, shops, room_ids)
    [(has_flash, has_full, has_bundles, has_coupons)] = fetch(any_held, [*asked, person_id, now, now, *shops])
    return Programmes(
        _flash_prices(person_id, skus, rooms, now) if has_flash else {},
        _full_reductions(shops, now) if has_full else {},
        _held_coupons(person_id, shops, now) if has_coupons else (),
        bundles=_bundles(skus, now) if has_bundles else (),
        room_price_over=over,
    )


def _filled(sql: str, skus: Sequence[int], shops: Sequence[int], rooms: Sequence[int] = (0,)) -> str:
    return sql.format(
        skus=", ".join(["%s"] * len(skus)),
        shops=", ".join(["%s"] * len(shops)),
        rooms=", ".join(["%s"] * len(rooms)),
    )


def _flash_prices(person_id: int, skus: list[int], rooms: Mapping[int, int], now: datetime) -> dict[int, FlashPrice]:
    """The price of each SKU: the lowest of which this person can still have a unit, else the lowest."""
    room_ids = sorted(set(rooms.values())) or [0]
    rows = fetch(_filled(_FLASH, skus, [0], room_ids), [person_id, now, now, *skus, *room_ids, person_id])
    rows = [row for row in rows if row[8] is None or row[7] == "prize" or row[8] == rooms.get(row[2])]
    units = allotments_of(campaigns=[flash_campaign(row[0]) for row in rows])
    found: dict[int, FlashPrice] = {}
    for item, sale, sku_id, price, limit, taken, ends_at, kind, room_id in rows:
        one = FlashPrice(
            item_id=item,
            sale_id=sale,
            sku_id=sku_id,
            price_minor=price,
            left=units.get(flash_campaign(item), (0, 0, 0))[0],
            limit_per_person=limit,
            limit_left=max(limit - taken, 0),
            ends_at=read_time(ends_at),
            kind=kind,
            live_room_id=room_id,
        )
        if sku_id not in found or min(one.left, one.limit_left):
            found[sku_id] = one
    return found


def _prices_over(rooms: Mapping[int, int], skus: list[int], now: datetime) -> frozenset[int]:
    room_ids = sorted(set(rooms.values()))
    rows = fetch(_filled(_OVER, skus, [0], room_ids), [*skus, *room_ids, now, now])
    return frozenset(sku_id for sku_id, room_id in rows if rooms.get(sku_id) == room_id)


def _full_reductions(shops: list[int], now: datetime) -> dict[int, tuple[FullReduction, ...]]:
    found: dict[int, list[FullReduction]] = {}
    for pk, shop_id, name, steps, currency, ends_at in fetch(_filled(_FULL, [0], shops), [now, now, *shops]):
        told = orjson.loads(steps) if isinstance(steps, str) else steps
        offer = FullReduction(pk, shop_id, name, tuple((low, off) for low, off in told), currency, read_time(ends_at))
        found.setdefault(shop_id, []).append(offer)
    return {shop_id: tuple(offers) for shop_id, offers in found.items()}


def _bundles(skus: list[int], now: datetime) -> tuple[Bundle, ...]:
    """The running sets whose parts are all among these SKUs."""
    terms: dict[int, tuple[Any, ...]] = {}
    items: dict[int, list[tuple[int, int]]] = {}
    for *columns, sku_id, quantity in fetch(_filled(_BUNDLES, skus, [0]), [now, now, *skus]):
        terms[columns[0]] = tuple(columns)
        items.setdefault(columns[0], []).append((sku_id, quantity))
    return tuple(
        Bundle(pk, shop_id, name, price, currency, tuple(items[pk]), read_time(ends_at))
        for pk, shop_id, name, price, currency, ends_at in terms.values()
        if {sku_id for sku_id, _ in items[pk]} <= set(skus)
    )


def _held_coupons(person_id: int, shops: list[int], now: datetime) -> tuple[HeldCoupon, ...]:
    rows = fetch(_filled(_COUPONS, [0], shops), [person_id, now, now, *shops])
    return tuple(
        HeldCoupon(
            claimed_id=claimed_id,
            coupon_id=coupon_id,
            shop_id=shop_id,
            name=name,
            terms=CouponTerms(kind, threshold, discount, rate, cap),
            currency=currency,
            audience=audience,
            is_new_customer=not past,
            valid_from=read_time(valid_from),
            valid_until=read_time(valid_until),
            product_ids=_ids(scope_ids) if scope == "products" else None,
            category_ids=_categories_below(scope_ids) if scope == "categories" else None,
        )
        for (
            claimed_id,
            coupon_id,
            shop_id,
            name,
            kind,
            threshold,
            discount,
            rate,
            cap,
            currency,
            audience,
            past,
            valid_from,
            valid_until,
            scope,
            scope_ids,
        ) in rows
    )


def _ids(stored: Any) -> frozenset[int]:
    """A JSON column of plain SQL: text in SQLite, a list in PostgreSQL."""
    return frozenset(orjson.loads(stored) if isinstance(stored, str) else stored)


def _categories_below(stored: Any) -> frozenset[int]:
    return frozenset(pk for top in _ids(stored) for pk in category_ids_below(category_id=top))
