"""Coupons: on offer, in somebody's hand, and as those who offer them see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from xingqu.accounts.selectors import organisation_cards
from xingqu.catalogue.selectors import cards, category_cards
from xingqu.kit import clock
from xingqu.programmes.domain.rules import claim_refusal, phase
from xingqu.programmes.models import ClaimedCoupon, Coupon, CouponUse, PastCustomer

MAX_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Names:
    shops: dict[int, str]
    products: dict[int, str]
    categories: dict[int, str]

    def of(self, scope: str) -> dict[int, str]:
        return self.products if scope == "products" else self.categories


def is_new_customer(*, person_id: int, shop_id: int | None) -> bool:
    """Whether somebody has never paid an order: of this shop, or (None) of any."""
    rows = PastCustomer.objects.filter(person_id=person_id)
    return not (rows if shop_id is None else rows.filter(shop_id=shop_id)).exists()


def coupons_on_offer(*, shop_ids: Iterable[int], person_id: int | None) -> list[dict[str, Any]]:
    """What can be claimed for these shops: theirs and the platform's, the largest saving first.

    `can_claim` is false with its `reason` when this person has reached the limit or all are gone.
    """
    now = clock.now()
    rows = list(
        Coupon.objects.filter(
            Q(shop_id__in=list(shop_ids)) | Q(shop_id=None),
            live_room_id=None,
            state="running",
            claim_from__lte=now,
            claim_until__gt=now,
        ).order_by("-discount_minor", "-rate_bp", "id")[:MAX_SHOWN]
    )
    mine: dict[int, int] = {}
    if person_id is not None:
        counted = ClaimedCoupon.objects.filter(person_id=person_id, coupon__in=rows).values("coupon_id")
        mine = {row["coupon_id"]: row["n"] for row in counted.annotate(n=Count("id"))}
    names = _names(rows)
    return [
        {**_terms(row, names), "mine": mine.get(row.pk, 0), **_claimable(row, mine.get(row.pk, 0), person_id)}
        for row in rows
    ]


def coupon_on_offer(*, coupon_id: int, person_id: int) -> dict[str, Any]:
    """One coupon as :func:`coupons_on_offer` shows it, also when it can't be claimed any more."""
    row = Coupon.objects.get(pk=coupon_id)
    mine = ClaimedCoupon.objects.filter(coupon=row, person_id=person_id).count()
    return {**_terms(row, _names([row])), "mine": mine, **_claimable(row, mine, person_id)}


def my_coupons(
    *, person_id: int, tab: str, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """One page of somebody's coupons, the newest first, and the id to go on from. `tab`: usable, used or expired."""
    rows = ClaimedCoupon.objects.filter(_tab(tab), person_id=person_id).select_related("coupon")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    names = _names([row.coupon for row in page])
    active = {use.claimed_id: use for use in CouponUse.objects.filter(claimed__in=page).exclude(state="released")}
    items = [
        {
            **_terms(row.coupon, names),
            "claimed_id": row.pk,
            "valid_from": row.valid_from,
            "valid_until": row.valid_until,
            "state": _state(row, active.get(row.pk)),
            "order_no": active[row.pk].order_ref if row.pk in active else None,
        }
        for row in page
    ]
    return items, page[-1].pk if len(found) > limit else None


def my_coupon_counts(*, person_id: int) -> dict[str, int]:
    """Number of somebody's coupons by tab."""
    rows = ClaimedCoupon.objects.filter(person_id=person_id)
    return {tab: rows.filter(_tab(tab)).count() for tab in ("usable", "used", "expired")}


def offered_coupons(*, shop_id: int | None) -> list[dict[str, Any]]:
    """Every coupon of a shop (None: the platform's), newest first, with how many were used and what they cost."""
    rows = list(Coupon.objects.filter(shop_id=shop_id).order_by("-id")[:200])
    used = CouponUse.objects.filter(claimed__coupon__in=rows, state="used").values("claimed__coupon_id")
    counted = {row["claimed__coupon_id"]: row for row in used.annotate(n=Count("id"), cost=Sum("discount_minor"))}
    names = _names(rows)
    now = clock.now()
    return [
        {
            **_terms(row, names),
            "state": phase(row.state, row.claim_from, row.claim_until, now),
            "claimed": row.claimed,
            "used": counted[row.pk]["n"] if row.pk in counted else 0,
            "cost": _money(counted[row.pk]["cost"] if row.pk in counted else 0, row.currency),
        }
        for row in rows
    ]


def offered_coupon(*, shop_id: int | None, coupon_id: int) -> dict[str, Any]:
    """One of :func:`offered_coupons`."""
    return next(row for row in offered_coupons(shop_id=shop_id) if row["id"] == coupon_id)


def _tab(tab: str) -> Q:
    """The claimed coupons of a tab: a coupon in an order counts as used, also while the order is unpaid."""
    taken = Q(pk__in=CouponUse.objects.exclude(state="released").values("claimed_id"))
    if tab == "used":
        return taken
    return ~taken & (Q(valid_until__gt=clock.now()) if tab == "usable" else Q(valid_until__lte=clock.now()))


def _state(row: ClaimedCoupon, use: CouponUse | None) -> str:
    if use is not None:
        return use.state
    now = clock.now()
    if row.valid_until <= now:
        return "expired"
    return "upcoming" if row.valid_from > now else "usable"


def _claimable(row: Coupon, mine: int, person_id: int | None) -> dict[str, Any]:
    reason = claim_refusal(row.state, row.claim_from, row.claim_until, clock.now())
    if reason is None and row.claimed >= row.stock:
        reason = "gone"
    if mine >= row.limit_per_person:
        reason = "limit_reached"
    if reason is None and row.audience == "new_customer" and person_id is not None:
        reason = None if is_new_customer(person_id=person_id, shop_id=row.shop_id) else "new_customer_only"
    return {"can_claim": reason is None, "reason": reason}


def _terms(row: Coupon, names: Names) -> dict[str, Any]:
    return {
        "id": row.pk,
        "shop_id": row.shop_id,
        "shop_name": names.shops.get(row.shop_id) if row.shop_id is not None else None,
        "name": row.name,
        "kind": row.kind,
        "threshold": _money(row.threshold_minor, row.currency),
        "discount": _money(row.discount_minor, row.currency),
        "rate_bp": row.rate_bp,
        "cap": None if row.cap_minor is None else _money(row.cap_minor, row.currency),
        "audience": row.audience,
        "stock": row.stock,
        "left": row.stock - row.claimed,
        "limit_per_person": row.limit_per_person,
        "claim_from": row.claim_from,
        "claim_until": row.claim_until,
        "use_from": row.use_from,
        "use_until": row.use_until,
        "valid_days": row.valid_days,
        "scope": row.scope,
        "scope_ids": row.scope_ids,
        "scope_names": [names.of(row.scope).get(pk, str(pk)) for pk in row.scope_ids],
    }


def _names(rows: Iterable[Coupon]) -> Names:
    """Names of the shops, products and categories that these coupons tell of."""
    found = list(rows)
    ids = {row.shop_id for row in found if row.shop_id is not None}
    products = {pk for row in found if row.scope == "products" for pk in row.scope_ids}
    return Names(
        shops={pk: card.name for pk, card in organisation_cards(ids=ids).items()},
        products={pk: card.short_name for pk, card in cards(products).items()} if products else {},
        categories={pk: card.name for pk, card in category_cards().items()}
        if any(row.scope == "categories" for row in found)
        else {},
    )


def _money(amount_minor: int, currency: str) -> dict[str, Any]:
    return {"amount_minor": amount_minor, "currency": currency}
