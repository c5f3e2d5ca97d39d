"""What merchants and the operator do with programmes: make, pause, go on, end. Terms that people rely on never change."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from django.db import models, transaction

from xingqu.catalogue.selectors import cards, category_cards, skus_for_sale
from xingqu.catalogue.services import allot_stock
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried
from xingqu.programmes.contracts import Audience, CouponTerms, PriceKind, Scope, State, flash_campaign
from xingqu.programmes.domain.errors import HasEnded, Overlaps
from xingqu.programmes.domain.rules import check_coupon, check_span, check_steps
from xingqu.programmes.models import (
    AdmissionGate,
    BundleOffer,
    Coupon,
    FlashSale,
    FlashSaleItem,
    FullReductionOffer,
    Presale,
)
from xingqu.programmes.services.campaigns import turn_campaigns
from xingqu.programmes.services.presales import turn_presales

MAX_ITEMS = 100
Kind = Literal["coupon", "full_reduction", "flash_sale", "bundle", "presale"]
_MODELS: dict[Kind, type[models.Model]] = {
    "coupon": Coupon,
    "full_reduction": FullReductionOffer,
    "flash_sale": FlashSale,
    "bundle": BundleOffer,
    "presale": Presale,
}


@dataclass(frozen=True, slots=True)
class NewCoupon:
    """`valid_days` from claiming, or `use_from` to `use_until`: one of the two."""

    name: str
    terms: CouponTerms
    audience: Audience
    stock: int
    limit_per_person: int
    claim_from: datetime
    claim_until: datetime
    use_from: datetime | None
    use_until: datetime | None
    valid_days: int | None
    scope: Scope = "all"
    scope_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NewGate:
    """People let in a second, how long each may buy, and for how long arrivals are placed by lot; seconds."""

    per_second: int
    ticket_s: int
    shuffle_s: int


@dataclass(frozen=True, slots=True)
class NewFlashItem:
    sku_id: int
    price_minor: int
    allotment: int
    limit_per_person: int


def create_coupon(
    *,
    shop_id: int | None,
    coupon: NewCoupon,
    currency: str = "CNY",
    live_room_id: int | None = None,
    is_prize: bool = False,
) -> int:
    """Offer a coupon; the platform's own has no shop, that of a live room is taken there only. Raises InvalidInput."""
    now = clock.now()
    check_coupon(**asdict(coupon.terms))
    check_span(coupon.claim_from, coupon.claim_until, now, field="claim_until")
    if coupon.valid_days is None:
        if coupon.use_from is None or coupon.use_until is None:
            raise InvalidInput(field="valid_days", expected="days from claiming, or use_from and use_until")
        check_span(coupon.use_from, coupon.use_until, now, field="use_until")
        if coupon.use_until < coupon.claim_until:
            raise InvalidInput(field="use_until", expected="not before the last moment to claim")
    _check_scope(shop_id, coupon)
    if coupon.limit_per_person > coupon.stock:
        raise InvalidInput(field="limit_per_person", expected="at most the stock")
    terms = coupon.terms
    row = Coupon.objects.create(
        shop_id=shop_id,
        name=coupon.name,
        kind=terms.kind,
        threshold_minor=terms.threshold_minor,
        discount_minor=terms.discount_minor if terms.kind == "fixed" else 0,
        rate_bp=terms.rate_bp if terms.kind == "rate" else 0,
        cap_minor=terms.cap_minor if terms.kind == "rate" else None,
        currency=currency,
        audience=coupon.audience,
        stock=coupon.stock,
        limit_per_person=coupon.limit_per_person,
        claim_from=coupon.claim_from,
        claim_until=coupon.claim_until,
        use_from=coupon.use_from if coupon.valid_days is None else None,
        use_until=coupon.use_until if coupon.valid_days is None else None,
        valid_days=coupon.valid_days,
        live_room_id=live_room_id,
        is_prize=is_prize,
        scope=coupon.scope,
        scope_ids=sorted(set(coupon.scope_ids)) if coupon.scope != "all" else [],
        created_at=now,
    )
    return row.pk


def _check_scope(shop_id: int | None, coupon: NewCoupon) -> None:
    if coupon.scope == "all":
        return
    ids = set(coupon.scope_ids)
    if not 1 <= len(ids) <= MAX_ITEMS:
        raise InvalidInput(field="scope_ids", expected=f"1 to {MAX_ITEMS} products or categories")
    if coupon.scope == "categories":
        if not ids <= category_cards().keys():
            raise InvalidInput(field="scope_ids", expected="ids of categories")
        return
    known = cards(ids)
    if any(pk not in known or shop_id not in (None, known[pk].shop_id) for pk in ids):
        raise InvalidInput(field="scope_ids", expected="products of this shop")


def create_full_reduction(
    *,
    shop_id: int,
    name: str,
    steps: Sequence[tuple[int, int]],
    starts_at: datetime,
    ends_at: datetime,
    currency: str = "CNY",
) -> int:
    """Start a full-reduction (满减). Raises InvalidInput."""
    now = clock.now()
    check_steps(steps)
    check_span(starts_at, ends_at, now, field="ends_at")
    row = FullReductionOffer.objects.create(
        shop_id=shop_id,
        name=name,
        steps=[list(step) for step in steps],
        currency=currency,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=now,
    )
    return row.pk


@retried
@transaction.atomic
def create_flash_sale(
    *,
    shop_id: int,
    name: str,
    items: Sequence[NewFlashItem],
    starts_at: datetime,
    ends_at: datetime,
    admission: NewGate | None = None,
    live_room_id: int | None = None,
    kind: PriceKind = "flash_sale",
    state: State = "running",
) -> int:
    """Start a flash sale (秒杀) of a shop's own SKUs below their price; its units are set aside from general stock.

    `admission`: buyers queue and are let in at a rate. With `live_room_id` it is for who buys out of that room; a `prize` may
    cost nothing.

    Raises InvalidInput, Overlaps, NotEnoughStock.
    """
    now = clock.now()
    check_span(starts_at, ends_at, now, field="ends_at")
    ids = [item.sku_id for item in items]
    if not 1 <= len(ids) <= MAX_ITEMS or len(set(ids)) != len(ids):
        raise InvalidInput(field="items", expected=f"1 to {MAX_ITEMS} SKUs, each once")
    offers = skus_for_sale(ids, with_tags=False)
    for item in items:
        offer = offers.get(item.sku_id)
        if offer is None or offer.shop_id != shop_id:
            raise InvalidInput(field="items", expected="SKUs of this shop", data={"sku_id": item.sku_id})
        if not (0 if kind == "prize" else 1) <= item.price_minor < offer.price_minor:
            raise InvalidInput(field="items", expected="a price below the usual one", data={"sku_id": item.sku_id})
        if not 1 <= item.limit_per_person <= item.allotment:
            raise InvalidInput(
                field="items", expected="a limit per person of at most the allotment", data={"sku_id": item.sku_id}
            )
    hold_names(f"flash_sales:{shop_id}")
    if kind != "prize":
        _refuse_overlap(ids, starts_at, ends_at, live_room_id, kind)
    sale = FlashSale.objects.create(
        shop_id=shop_id,
        name=name,
        kind=kind,
        live_room_id=live_room_id,
        state=state,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=now,
    )
    FlashSaleItem.objects.bulk_create(
        [
            FlashSaleItem(
                sale=sale,
                sku_id=item.sku_id,
                product_id=offers[item.sku_id].product_id,
                price_minor=item.price_minor,
                currency=offers[item.sku_id].currency,
                allotment=item.allotment,
                limit_per_person=item.limit_per_person,
            )
            for item in items
        ]
    )
    if admission is not None:
        AdmissionGate.objects.create(sale=sale, **asdict(admission))
    made = FlashSaleItem.objects.filter(sale=sale).order_by("sku_id")
    for pk, sku_id, allotment in made.values_list("pk", "sku_id", "allotment"):
        is_open = state == "running" and starts_at <= now
        allot_stock(campaign=flash_campaign(pk), sku_id=sku_id, quantity=allotment, is_open=is_open)
    return sale.pk


@retried
@transaction.atomic
def change_state(*, kind: Kind, pk: int, shop_id: int | None, state: State) -> None:
    """Pause, go on or end. Raises NotFound for another shop's, HasEnded for what has ended: that is for good."""
    rows = _MODELS[kind]._default_manager.filter(pk=pk, shop_id=shop_id)
    if rows.exclude(state="ended").update(state=state):
        if kind == "flash_sale":
            turn_campaigns(sale_ids=[pk])
        elif kind == "presale":
            turn_presales(presale_ids=[pk])
        return
    if rows.exists():
        raise HasEnded
    raise NotFound


def _refuse_overlap(
    sku_ids: list[int], starts_at: datetime, ends_at: datetime, live_room_id: int | None, kind: PriceKind
) -> None:
    taken = FlashSaleItem.objects.filter(
        sku_id__in=sku_ids,
        sale__starts_at__lt=ends_at,
        sale__ends_at__gt=starts_at,
        sale__live_room_id=live_room_id,
        sale__kind=kind,
    ).exclude(sale__state="ended")
    found = sorted(set(taken.values_list("sku_id", flat=True)))
    if found:
        raise Overlaps(field="items", data={"sku_ids": found})
