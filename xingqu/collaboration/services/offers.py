"""Sample offers: made, paused, closed by a shop."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from xingqu.catalogue.selectors.offers import skus_for_sale
from xingqu.catalogue.services import allot_stock, return_allotment
from xingqu.collaboration.domain.errors import OfferTaken, WrongStep
from xingqu.collaboration.domain.samples import SampleKind
from xingqu.collaboration.models import Sample, SampleOffer
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried

State = SampleOffer.State


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """What a shop says of an offer. `pay_minor` is the deposit of that kind; who buys pays the price of the moment."""

    sku_id: int
    kind: SampleKind
    units: int
    units_each: int = 1
    pay_minor: int = 0
    fulfil_days: int = 15
    min_followers: int = 0
    min_gmv_minor: int = 0
    min_level: int = 0
    min_credit: int = 0
    min_score: int = 0
    asks: str = ""


@retried
@transaction.atomic
def open_offer(*, shop_id: int, draft: OfferDraft, person_id: int) -> int:
    """Offer samples of a SKU: its units leave the general stock for a stock of their own. Returns the offer's id.

    Raises NotFound for another shop's SKU, InvalidInput, OfferTaken for a SKU that is offered already, NotEnoughStock.
    """
    sku = skus_for_sale([draft.sku_id], with_tags=False).get(draft.sku_id)
    if sku is None or sku.shop_id != shop_id or sku.sale_state.code == "deleted":
        raise NotFound(field="sku_id", expected="a SKU of this shop")
    if not 1 <= draft.units_each <= draft.units:
        raise InvalidInput(field="units_each", expected=f"1 to {draft.units}")
    if (draft.kind is SampleKind.DEPOSIT) != (draft.pay_minor > 0):
        raise InvalidInput(field="pay_minor", expected="an amount above 0 for a deposit, and only there")
    price = sku.price_minor * draft.units_each
    try:
        with transaction.atomic():
            offer = SampleOffer.objects.create(
                shop_id=shop_id,
                product_id=sku.product_id,
                sku_id=draft.sku_id,
                kind=draft.kind.value,
                pay_minor=price if draft.kind is SampleKind.BUY_REFUND else draft.pay_minor,
                currency=sku.currency,
                units=draft.units,
                units_each=draft.units_each,
                fulfil_days=draft.fulfil_days,
                min_followers=draft.min_followers,
                min_gmv_minor=draft.min_gmv_minor,
                min_level=draft.min_level,
                min_credit=draft.min_credit,
                min_score=draft.min_score,
                asks=draft.asks,
                created_by_id=person_id,
                created_at=clock.now(),
            )
    except IntegrityError as error:
        raise OfferTaken(field="sku_id", expected="a SKU without an open offer") from error
    allot_stock(campaign=offer.campaign, sku_id=draft.sku_id, quantity=draft.units, is_open=False, person_id=person_id)
    return int(offer.pk)


@retried
@transaction.atomic
def set_offer_state(*, shop_id: int, offer_id: int, state: str) -> None:
    """Open, pause or close an offer; what a closed one has left goes back to the general stock, for good.

    Applications that wait stay. Raises NotFound, WrongStep for a closed one.
    """
    hold_names(f"sample-offer:{offer_id}")
    offer = shops_offer(shop_id=shop_id, offer_id=offer_id)
    if offer.state == State.CLOSED:
        raise WrongStep(data={"state": offer.state})
    closed_at = clock.now() if state == State.CLOSED else None
    SampleOffer.objects.filter(pk=offer.pk).update(state=state, closed_at=closed_at)
    if state == State.CLOSED:
        return_allotment(campaign=offer.campaign)


def shops_offer(*, shop_id: int, offer_id: int) -> SampleOffer:
    """Raises NotFound for another shop's."""
    offer = SampleOffer.objects.filter(pk=offer_id, shop_id=shop_id).first()
    if offer is None:
        raise NotFound(field="offer_id", expected="an offer of this shop")
    return offer


def give_back_rest(sample: Sample) -> None:
    """Units came back to an offer that is closed: they belong to the general stock."""
    offer = SampleOffer.objects.get(pk=sample.offer_id)
    if offer.state == State.CLOSED:
        return_allotment(campaign=offer.campaign)
