"""Refunds: asked for in one transaction, finished by the worker with the provider, booked in another."""

import logging
from datetime import timedelta

from django.db import transaction

from xingqu.catalogue.services import return_stock
from xingqu.events.trade import OrderRefunded
from xingqu.kit import clock
from xingqu.kit.ids import new_number
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names, retried
from xingqu.ledger.services import post
from xingqu.programmes.services import return_programmes
from xingqu.trade.domain.accounts import PLATFORM_SUBSIDY, UNAPPLIED, escrow_account, provider_account
from xingqu.trade.domain.errors import WrongState
from xingqu.trade.domain.transitions import OrderState, PaymentState, Step
from xingqu.trade.models import PaymentAttempt, Refund, ShopOrder
from xingqu.trade.providers import get_provider
from xingqu.trade.providers.protocol import ProviderUnsure, RefundRequest
from xingqu.trade.services.orders import own_order
from xingqu.trade.services.payments import APPLIED
from xingqu.trade.services.transition import fact_lines, move_orders, person_id_of

log = logging.getLogger(__name__)
FIRST_RETRY_S = 2
LAST_RETRY_S = 600


@retried
@transaction.atomic
def ask_refund(*, buyer_key: str, order_no: str, reason: str) -> None:
    """Ask for all the money of a paid order that has not been shipped. Raises NotFound, WrongState."""
    order = own_order(buyer_key=buyer_key, order_no=order_no)
    now = clock.now()
    moved = move_orders(ids=[order.pk], step=Step.ASK_REFUND, at=now, data={"reason": reason}, refund_reason=reason)
    if not moved:
        raise WrongState(expected="a paid order that has not been shipped", data={"state": order.state})
    payment = PaymentAttempt.objects.get(parent_id=order.parent_id, state=PaymentState.SUCCEEDED, outcome=APPLIED)
    if order.payable_minor == 0:
        _finish_order(order)
        return
    Refund.objects.create(
        refund_no=new_number("R", now),
        payment=payment,
        order=order,
        amount_minor=order.payable_minor,
        currency=order.currency,
        reason="buyer",
        due_at=now,
        created_at=now,
    )


def finish_refunds(*, limit: int = 50) -> int:
    """Carry out refunds that are due. Returns how many were finished. For the worker.

    The provider knows a refund by its number, so asking again after a timeout never pays twice.
    """
    now = clock.now()
    finished = 0
    for refund in (
        Refund.objects.select_related("payment").filter(done=False, due_at__lte=now).order_by("due_at")[:limit]
    ):
        wait_s = min(FIRST_RETRY_S * 2 ** min(refund.tries, 10), LAST_RETRY_S)
        mine = Refund.objects.filter(pk=refund.pk, done=False, tries=refund.tries)
        if not mine.update(tries=refund.tries + 1, due_at=now + timedelta(seconds=wait_s)):
            continue
        try:
            done = get_provider(refund.payment.provider).refund(
                RefundRequest(
                    refund_no=refund.refund_no,
                    payment_no=refund.payment.payment_no,
                    amount_minor=refund.amount_minor,
                    currency=refund.currency,
                    paid_minor=refund.payment.amount_minor,
                    reference=refund.payment.provider_reference,
                )
            )
        except ProviderUnsure as error:
            log.warning("refund %s is unknown: %s", refund.refund_no, error)
            continue
        if done:
            with transaction.atomic():
                finished += _finish(refund)
        else:
            log.error("the provider refuses refund %s of payment %s", refund.refund_no, refund.payment.payment_no)
    return finished


def _finish(refund: Refund) -> bool:
    now = clock.now()
    if not Refund.objects.filter(pk=refund.pk, done=False).update(done=True, done_at=now):
        return False
    order = refund.order
    subsidy = order.platform_discount_minor if order is not None else 0
    post(
        entries=[
            (escrow_account(order.shop_id) if order is not None else UNAPPLIED, refund.amount_minor + subsidy),
            (provider_account(refund.payment.provider), -refund.amount_minor),
            (PLATFORM_SUBSIDY, -subsidy),
        ],
        currency=refund.currency,
        reference=order.order_no if order is not None else refund.payment.payment_no,
        idempotency_key=f"refunded:{refund.refund_no}",
    )
    if order is not None:
        _finish_order(order)
    return True


def _finish_order(order: ShopOrder) -> None:
    now = clock.now()
    if not move_orders(ids=[order.pk], step=Step.REFUND, at=now):
        raise RuntimeError(f"{order.order_no} was refunded but is not refunding")
    if order.has_programmes:
        hold_names(f"refunds:{order.parent_id}")  # two parts at once must not both think the other stands
        parts = ShopOrder.objects.filter(parent_id=order.parent_id)
        return_programmes(
            order_ref=order.parent.order_no,
            shop_id=order.shop_id,
            whole=not parts.exclude(state=OrderState.REFUNDED).exists(),
        )
    return_stock(order_ref=order.hold_ref)
    lines, attributions = fact_lines([order.pk])[order.pk]
    publish(
        OrderRefunded(
            order_no=order.order_no,
            shop_id=order.shop_id,
            buyer_key=order.buyer_key,
            person_id=person_id_of(order.buyer_key),
            payable_minor=order.payable_minor,
            currency=order.currency,
            refunded_at=now,
            lines=lines,
            attributions=attributions,
        )
    )
