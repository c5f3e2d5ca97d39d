"""Return freight insurance (运费险): promised at payment, its premium taken when the order has shipped, its claim paid once.

A provider gives back no more than was paid, and buyers have no balance here: so the insurance pays the carrier that fetches
the parcel, and the buyer is asked for that much less at the door.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from xingqu.fulfilment.models import CoverTerms, FreightCover, Pickup, ShopCover
from xingqu.fulfilment.selectors.covers import covered_products, terms_at
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput
from xingqu.kit.transactions import hold_names, retried
from xingqu.ledger.contracts import PLATFORM_SUBSIDY, RETURN_PREMIUMS, balance_account, carrier_account
from xingqu.ledger.selectors import balance_minor
from xingqu.ledger.services import post

CURRENCY = "CNY"


@retried
@transaction.atomic
def set_shop_cover(*, shop_id: int, all_products: bool) -> None:
    """Insure all products of a shop from now on, or only those that promise it. Paid orders keep what they have."""
    hold_names(f"shop-cover:{shop_id}")
    if not all_products:
        ShopCover.objects.filter(shop_id=shop_id).delete()
    else:
        ShopCover.objects.get_or_create(shop_id=shop_id, defaults={"changed_at": clock.now()})


def add_cover_terms(*, premium_minor: int, limit_minor: int, effective_from: datetime | None, person_id: int) -> None:
    """Terms from a moment on (None: now); orders paid before keep theirs. Raises InvalidInput for the past, Conflict."""
    now = clock.now()
    begins = now if effective_from is None else effective_from
    if begins.tzinfo is None or begins < now:
        raise InvalidInput(field="effective_from", expected="a moment with its zone that is not over")
    try:
        with transaction.atomic():
            CoverTerms.objects.create(
                effective_from=begins,
                premium_minor=premium_minor,
                limit_minor=limit_minor,
                person_id=person_id,
                created_at=now,
            )
    except IntegrityError as error:
        raise Conflict(field="effective_from", expected="a moment without terms") from error


@transaction.atomic(savepoint=False)
def promise_cover(*, order_no: str, shop_id: int, currency: str, product_ids: Iterable[int], at: datetime) -> bool:
    """Insure a paid order when any of its products is insured. False when none is, or it was done."""
    insured = covered_products(shop_id=shop_id, product_ids=product_ids) if currency == CURRENCY else []
    if not insured:
        return False
    terms = terms_at(at=at)
    _, made = FreightCover.objects.get_or_create(
        order_no=order_no,
        defaults={
            "shop_id": shop_id,
            "product_ids": insured,
            "premium_minor": terms.premium_minor,
            "limit_minor": terms.limit_minor,
            "promised_at": at,
        },
    )
    return made


@retried
@transaction.atomic
def charge_cover(*, order_no: str, at: datetime) -> bool:
    """Take the premium of a shipped order out of its shop's balance, once. False when there is none to take."""
    cover = FreightCover.objects.filter(order_no=order_no, charged_at=None).first()
    if cover is None or not FreightCover.objects.filter(pk=cover.pk, charged_at=None).update(charged_at=at):
        return False
    post(
        entries=[(balance_account(cover.shop_id), cover.premium_minor), (RETURN_PREMIUMS, -cover.premium_minor)],
        currency=CURRENCY,
        reference=order_no,
        idempotency_key=f"cover_premium:{order_no}",
    )
    return True


def take_cover(*, order_no: str, product_ids: Iterable[int], reference: str, price_minor: int) -> int:
    """Let a return parcel have an order's insurance, in the caller's transaction. Returns what it pays: nothing when another
    parcel has it, or none of the products is insured."""
    cover = FreightCover.objects.filter(order_no=order_no).first()
    if cover is None or not set(product_ids) & set(cover.product_ids):
        return 0
    if not FreightCover.objects.filter(pk=cover.pk, used_by="").update(used_by=reference):
        return 0
    return min(price_minor, cover.limit_minor)


@retried
@transaction.atomic
def pay_cover(*, reference: str, at: datetime) -> bool:
    """The return parcel has come: its carrier is owed what the insurance promised, once. False when there is nothing to pay.

    Premiums pay first; what they do not hold is the platform's.
    """
    pickup = Pickup.objects.filter(reference=reference, covered_minor__gt=0).first()
    if pickup is None:
        return False
    mine = FreightCover.objects.filter(order_no=pickup.order_no, used_by=reference, paid_at=None)
    if not mine.update(paid_at=at, paid_minor=pickup.covered_minor):
        return False
    hold_names("cover-claims")  # of two claims the second sees what the first took
    held = max(balance_minor(account=RETURN_PREMIUMS, currency=CURRENCY), 0)
    pooled = min(held, pickup.covered_minor)
    post(
        entries=[
            (RETURN_PREMIUMS, pooled),
            (PLATFORM_SUBSIDY, pickup.covered_minor - pooled),
            (carrier_account(pickup.carrier_code), -pickup.covered_minor),
        ],
        currency=CURRENCY,
        reference=pickup.order_no,
        idempotency_key=f"cover_claim:{pickup.order_no}",
    )
    return True
