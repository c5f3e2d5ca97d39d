"""Return freight insurance (运费险): what is covered, and how far."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from xingqu.catalogue.selectors import cards, promises_of
from xingqu.fulfilment.contracts import CoverRow, CoverTermsView
from xingqu.fulfilment.models import CoverTerms, FreightCover, Pickup
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.sql import fetch_one
from xingqu.trade.selectors import shop_order_for_buyer

PROMISE = "freight_insurance"


def terms_at(*, at: datetime) -> CoverTermsView:
    """Premium and limit in force; before the first dated ones the installation's."""
    row = CoverTerms.objects.filter(effective_from__lte=at).order_by("-effective_from").first()
    if row is not None:
        return CoverTermsView(row.premium_minor, row.limit_minor, row.effective_from)
    environment = settings.ENVIRONMENT
    return CoverTermsView(environment.cover_premium_minor, environment.cover_limit_minor, None)


def cover_terms() -> dict[str, Any]:
    """What is in force, and every dated set, the latest first."""
    rows = CoverTerms.objects.order_by("-effective_from")
    return {"current": terms_at(at=clock.now()), "items": list(rows)}


def shop_cover(*, shop_id: int) -> dict[str, Any]:
    """Whether a shop insures all its products, on which terms, and what that came to."""
    covers = FreightCover.objects.filter(shop_id=shop_id)
    return {
        "all_products": covers_all(shop_id=shop_id),
        "terms": terms_at(at=clock.now()),
        "orders": covers.count(),
        "charged_minor": sum(covers.exclude(charged_at=None).values_list("premium_minor", flat=True)),
        "paid_minor": sum(covers.values_list("paid_minor", flat=True)),
    }


def covers_all(*, shop_id: int) -> bool:
    """Whether a shop insures all its products."""
    return fetch_one("SELECT 1 FROM fulfilment_shopcover WHERE shop_id = %s LIMIT 1", [shop_id]) is not None


def covered_products(*, shop_id: int, product_ids: Iterable[int]) -> list[int]:
    """Which of these products of a shop are insured now: all, or those that promise it."""
    wanted = sorted(set(product_ids))
    if covers_all(shop_id=shop_id):
        return wanted
    promises = promises_of(product_ids=wanted)
    return [pk for pk in wanted if PROMISE in promises.get(pk, [])]


def product_cover(*, product_id: int) -> dict[str, Any]:
    """Whether the return of a product is insured, and up to how much. Raises NotFound."""
    card = cards([product_id]).get(product_id)
    if card is None:
        raise NotFound(field="product_id", expected="the id of a product")
    covered = card.currency == "CNY" and bool(covered_products(shop_id=card.shop_id, product_ids=[product_id]))
    return {"covered": covered, "limit_minor": terms_at(at=clock.now()).limit_minor if covered else 0, "used": False}


def order_cover(*, buyer_key: str, order_no: str) -> dict[str, Any]:
    """The insurance of a buyer's own order. Raises NotFound."""
    shop_order_for_buyer(buyer_key=buyer_key, order_no=order_no)
    row = FreightCover.objects.filter(order_no=order_no).first()
    if row is None:
        return {"covered": False, "limit_minor": 0, "used": False}
    return {"covered": True, "limit_minor": row.limit_minor, "used": row.used_by != ""}


def insured_minor(*, order_no: str, product_ids: Iterable[int], price_minor: int) -> int:
    """What the insurance would pay of a return parcel with these products: nothing when another parcel has it."""
    row = FreightCover.objects.filter(order_no=order_no, used_by="").first()
    if row is None or not set(product_ids) & set(row.product_ids):
        return 0
    return min(price_minor, row.limit_minor)


def audited_covers() -> list[CoverRow]:
    """Every insurance that money moved for, or should have."""
    rows = FreightCover.objects.exclude(charged_at=None, paid_at=None).order_by("id")
    carriers = dict(Pickup.objects.filter(covered_minor__gt=0).values_list("reference", "carrier_code"))
    return [
        CoverRow(
            row.order_no,
            row.shop_id,
            row.premium_minor if row.charged_at else 0,
            row.paid_minor,
            row.limit_minor,
            carriers.get(row.used_by, "") if row.paid_at else "",
        )
        for row in rows.iterator()
    ]
