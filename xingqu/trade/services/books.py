"""What receipt and refunds write into the ledger: which account pays depends on how far the order's money has come."""

from django.conf import settings
from django.db.models import F

from xingqu.ledger.contracts import (
    PLATFORM_SUBSIDY,
    TECH_SERVICE_FEE,
    UNAPPLIED,
    balance_account,
    escrow_account,
    provider_account,
    receivable_account,
)
from xingqu.ledger.services import post
from xingqu.trade.domain.accounts import tech_service_fee_minor
from xingqu.trade.domain.refunds import fee_due_minor
from xingqu.trade.models import Refund, ShopOrder


def book_receipt(order: ShopOrder) -> None:
    """The merchant has earned what did not go back before, less the platform's fee. In the caller's transaction, which has
    just moved the order and so holds its row."""
    back = ShopOrder.objects.values_list("refunded_minor", "refunded_subsidy_minor").get(pk=order.pk)
    # The merchant gets what the platform subsidised, too.
    income = order.payable_minor + order.platform_discount_minor - sum(back)
    fee = tech_service_fee_minor(income, settings.ENVIRONMENT.tech_service_fee_bp)
    ShopOrder.objects.filter(pk=order.pk).update(income_minor=income, fee_minor=fee)
    post(
        entries=[
            (escrow_account(order.shop_id), income),
            (receivable_account(order.shop_id), fee - income),
            (TECH_SERVICE_FEE, -fee),
        ],
        currency=order.currency,
        reference=order.order_no,
        idempotency_key=f"received:{order.order_no}",
    )


def book_unapplied_refund(refund: Refund) -> None:
    """A payment that found nothing to pay has gone back."""
    post(
        entries=[
            (UNAPPLIED, refund.amount_minor),
            (provider_account(refund.payment.provider), -refund.amount_minor),
        ],
        currency=refund.currency,
        reference=refund.payment.payment_no,
        idempotency_key=f"refunded:{refund.refund_no}",
    )


def book_refund(refund: Refund, order: ShopOrder) -> None:
    """Money of an order has gone back to its buyer, and the platform's share to the platform.

    It comes out of escrow until receipt; after it, out of the merchant's receivable, and after settlement out of the
    balance; the platform gives its fee back in proportion. The caller holds the order's row, read after locking.
    """
    back = refund.amount_minor + refund.subsidy_minor
    source, fee_back = escrow_account(order.shop_id), 0
    if order.done_at is not None:
        source = receivable_account(order.shop_id) if order.settled_at is None else balance_account(order.shop_id)
        fee_back = _give_fee_back(order, back)
    post(
        entries=[
            (source, back - fee_back),
            (TECH_SERVICE_FEE, fee_back),
            (provider_account(refund.payment.provider), -refund.amount_minor),
            (PLATFORM_SUBSIDY, -refund.subsidy_minor),
        ],
        currency=refund.currency,
        reference=order.order_no,
        idempotency_key=f"refunded:{refund.refund_no}",
    )


def _give_fee_back(order: ShopOrder, back_minor: int) -> int:
    """The part of the fee that goes back with `back_minor` of the income, and its mark on the order."""
    sold = order.payable_minor + order.platform_discount_minor
    before_receipt = sold - order.income_minor
    returned = order.refunded_minor + order.refunded_subsidy_minor - before_receipt + back_minor
    due = fee_due_minor(fee_minor=order.fee_minor, income_minor=order.income_minor, returned_minor=returned)
    fee_back = order.fee_minor - order.fee_returned_minor - due
    ShopOrder.objects.filter(pk=order.pk).update(fee_returned_minor=F("fee_returned_minor") + fee_back)
    return fee_back
