"""Samples and their offers, as each side sees them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from xingqu.accounts.selectors import creators_by_ids, organisation_cards
from xingqu.catalogue.selectors import cards
from xingqu.catalogue.selectors.offers import skus_for_sale
from xingqu.catalogue.selectors.stock import allotments_of
from xingqu.collaboration.domain.samples import SampleState, Side, steps_of
from xingqu.collaboration.models import Sample, SampleOffer
from xingqu.collaboration.selectors.standing import lacks, standing_of
from xingqu.fulfilment.selectors import parcels_of
from xingqu.kit.errors import NotFound

Queue = dict[str, Q]
# Queues of both sides; "flagged" are applications that somebody should look at twice.
QUEUES: Queue = {
    "applied": Q(state=SampleState.APPLIED),
    "flagged": Q(state=SampleState.APPLIED) & ~Q(flag=""),
    "paying": Q(state=SampleState.PAYING),
    "to_ship": Q(state=SampleState.APPROVED),
    "out": Q(state=SampleState.SHIPPED),
    "extension": Q(state=SampleState.SHIPPED, extension_days__gt=0),
    "declared": Q(state=SampleState.DECLARED),
    "fulfilled": Q(state=SampleState.FULFILLED),
    "aborted": Q(state=SampleState.ABORTED),
    "breached": Q(state=SampleState.BREACHED),
}


def offers_page(
    *,
    shop_id: int | None = None,
    open_only: bool = False,
    before_id: int | None,
    limit: int,
    creator_id: int | None = None,
) -> tuple[list[dict[str, Any]], int | None]:
    """A page of offers, newest first, and the id to go on from: a shop's own, or all open ones as a creator sees them.

    For a creator each says what they lack (`lacks`) and whether they have asked (`asked`).
    """
    rows = SampleOffer.objects.all()
    if shop_id is not None:
        rows = rows.filter(shop_id=shop_id)
    if open_only:
        rows = rows.filter(state=SampleOffer.State.OPEN)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    return offer_rows(page, creator_id=creator_id), page[-1].pk if len(found) > limit else None


def offer_rows(offers: Sequence[SampleOffer], *, creator_id: int | None = None) -> list[dict[str, Any]]:
    """Offers with product, shop, and their units: free, held for approved ones, gone."""
    products = cards({offer.product_id for offer in offers})
    skus = skus_for_sale({offer.sku_id for offer in offers}, with_tags=False)
    shops = organisation_cards(ids={offer.shop_id for offer in offers})
    units = allotments_of(campaigns=[offer.campaign for offer in offers])
    standing = standing_of(creator_id=creator_id) if creator_id is not None else None
    asked: set[int] = set()
    if creator_id is not None:
        mine = Sample.objects.filter(creator_id=creator_id, offer__in=offers).exclude(state=SampleState.ABORTED)
        asked = set(mine.values_list("offer_id", flat=True))
    names = [field.attname for field in SampleOffer._meta.concrete_fields]
    told = []
    for offer in offers:
        free, held, sold = units.get(offer.campaign, (0, 0, 0))
        sku, shop = skus.get(offer.sku_id), shops.get(offer.shop_id)
        told.append(
            {
                **{name: getattr(offer, name) for name in names},
                "product": products.get(offer.product_id),
                "option_text": sku.option_text if sku is not None else "",
                "shop_name": shop.name if shop is not None else "",
                "shop_name_en": shop.name_en if shop is not None else "",
                "free": free,
                "held": held,
                "sent": sold,
                "asked": offer.pk in asked,
                "lacks": [] if standing is None else sorted(lacks(offer, standing)),
            }
        )
    return told


def samples_page(
    *,
    queue: str | None,
    before_id: int | None,
    limit: int,
    shop_id: int | None = None,
    creator_id: int | None = None,
    offer_id: int | None = None,
    waiting_for: str | None = None,
) -> tuple[list[dict[str, Any]], int | None]:
    """A page of a shop's or a creator's samples, newest first, and the id to go on from."""
    rows = _of(shop_id, creator_id)
    if queue is not None:
        rows = rows.filter(QUEUES[queue])
    if offer_id is not None:
        rows = rows.filter(offer_id=offer_id)
    if waiting_for is not None:
        rows = rows.filter(waiting_for=waiting_for)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    side = Side.MERCHANT if shop_id is not None else Side.CREATOR
    return _rows(page, side), page[-1].pk if len(found) > limit else None


def sample_counts(*, shop_id: int | None = None, creator_id: int | None = None) -> dict[str, int]:
    """Samples by queue."""
    return _of(shop_id, creator_id).aggregate(**{name: Count("id", filter=q) for name, q in QUEUES.items()})


def sample_detail(*, sample_no: str, shop_id: int | None = None, creator_id: int | None = None) -> dict[str, Any]:
    """One with its parcel and all that happened. Raises NotFound."""
    row = _of(shop_id, creator_id).filter(sample_no=sample_no).first()
    if row is None:
        raise NotFound(field="sample_no", expected="the number of one of your samples")
    side = Side.MERCHANT if shop_id is not None else Side.CREATOR
    events = row.events.order_by("version")
    names = ("version", "step", "side", "state", "text", "data", "at")
    return {
        **_rows([row], side)[0],
        "parcels": parcels_of(reference=sample_no),
        "events": [{name: getattr(event, name) for name in names} for event in events],
    }


def _of(shop_id: int | None, creator_id: int | None) -> QuerySet[Sample]:
    if shop_id is not None:
        return Sample.objects.filter(shop_id=shop_id)
    if creator_id is not None:
        return Sample.objects.filter(creator_id=creator_id)
    raise ValueError("of a shop or of a creator")


def _rows(rows: Sequence[Sample], side: Side) -> list[dict[str, Any]]:
    products = cards({row.product_id for row in rows})
    creators = creators_by_ids(ids={row.creator_id for row in rows})
    shops = organisation_cards(ids={row.shop_id for row in rows})
    names = [field.attname for field in Sample._meta.concrete_fields]
    told = []
    for row in rows:
        creator, shop, product = creators.get(row.creator_id), shops.get(row.shop_id), products.get(row.product_id)
        told.append(
            {
                **{name: getattr(row, name) for name in names},
                "address": _address(row, side),
                "creator_name": creator.display_name if creator is not None else "",
                "creator_handle": creator.handle if creator is not None else "",
                "shop_name": shop.name if shop is not None else "",
                "shop_name_en": shop.name_en if shop is not None else "",
                "product_name": product.name if product is not None else "",
                "picture_url": product.picture_url if product is not None else "",
                "can": _can(row, side),
            }
        )
    return told


def _address(row: Sample, side: Side) -> dict[str, Any]:
    """Where it goes. A shop reads the whole of it while there is something to send, and only province and city else."""
    if side is Side.CREATOR or row.state in (SampleState.APPROVED, SampleState.SHIPPED, SampleState.DECLARED):
        return dict(row.address)
    return {name: row.address.get(name, "") for name in ("province", "city")}


def _can(row: Sample, side: Side) -> list[str]:
    """What this side may do now."""
    can = [step.value for step in steps_of(side, SampleState(row.state))]
    if row.state == SampleState.PAYING and side is Side.CREATOR:
        can.append("pay")
    if row.state == SampleState.SHIPPED and row.extension_days and side is Side.MERCHANT:
        can.append("answer_extension")
    left = row.extensions < int(row.rules["extensions"]) and not row.extension_days
    if row.state == SampleState.SHIPPED and left and side is Side.CREATOR:
        can.append("ask_extension")
    return can
