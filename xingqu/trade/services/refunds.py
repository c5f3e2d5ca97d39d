"""Refunds: asked for in one transaction, finished by the worker with the provider, booked in another.

What may go back is kept on the order's lines in two columns, asked for and done, whose sum the database keeps below what the
buyer paid. Every change of them happens under the lock of the order's row, so that receipt, settlement and refunds of one
order follow each other.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q

from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput, NotFound
from xingqu.kit.ids import new_number
from xingqu.kit.transactions import hold_names, retried
from xingqu.trade.contracts import RefundPart
from xingqu.trade.domain.errors import RefundDiffers, RefundTooHigh, WrongState
from xingqu.trade.domain.refunds import MORE, subsidy_share_minor
from xingqu.trade.domain.transitions import REFUNDABLE, TO_SHIP, Step
from xingqu.trade.models import OrderLine, Refund, RefundLine, ShopOrder
from xingqu.trade.providers import get_provider
from xingqu.trade.providers.protocol import ProviderUnsure, RefundRequest
from xingqu.trade.selectors.refunds import refundable
from xingqu.trade.services.captures import captures_of, is_waiting, spread
from xingqu.trade.services.orders import own_order
from xingqu.trade.services.parts import everything_left, merge_parts
from xingqu.trade.services.refunded import settle_refund
from xingqu.trade.services.shipping import drop_units
from xingqu.trade.services.transition import move_orders

log = logging.getLogger(__name__)
FIRST_RETRY_S = 2
LAST_RETRY_S = 600


@retried
@transaction.atomic
def ask_refund(*, buyer_key: str, order_no: str, reason: str, reference: str | None = None) -> str:
    """Ask for all that is left of a paid order that has not been shipped: it is refunding from now on. Returns the refund's number.

    `reference` is who asks, the order itself unless told. Raises NotFound, WrongState.
    """
    order = _locked(own_order(buyer_key=buyer_key, order_no=order_no).order_no)
    moved = move_orders(
        ids=[order.pk], step=Step.ASK_REFUND, at=clock.now(), data={"reason": reason}, refund_reason=reason
    )
    if not moved:
        raise WrongState(expected="a paid order that has not been shipped", data={"state": order.state})
    return _ask(order, everything_left(refundable(order)), reason, reference or f"order:{order.order_no}")


@retried
@transaction.atomic
def refund_parts(*, order_no: str, parts: Sequence[RefundPart], reason: str, reference: str) -> str:
    """Send parts of an order back to its buyer, in the caller's transaction. Returns the number of the refund.

    Units that go back on the shelf and had not left it are not shipped any more (`drop_units` is called here).
    The worker carries it out with the provider, then `RefundSettled` is published. The same `reference` (at most 80
    characters) with the same parts gets the same number. Raises NotFound, RefundTooHigh when a line or the freight has less
    left, RefundDiffers for a reference used for something else, WrongState for an order that was not paid or is over,
    InvalidInput for parts that are none.
    """
    try:
        wanted = merge_parts(parts)
    except ValueError as error:
        raise InvalidInput(field="parts", expected="amounts and quantities from 0, units of lines only") from error
    if not wanted:
        raise InvalidInput(field="parts", expected="at least one amount or quantity above 0")
    hold_names(f"refund:{reference}")
    earlier = Refund.objects.select_related("order").filter(reference=reference).first()
    if earlier is not None:
        same = earlier.order is not None and earlier.order.order_no == order_no and _parts_of(earlier) == wanted
        if not same:
            raise RefundDiffers(data={"refund_no": earlier.refund_no})
        return earlier.refund_no
    order = _locked(order_no)
    if order.state not in REFUNDABLE:
        raise WrongState(expected="an order that was paid and is not over", data={"state": order.state})
    return _ask(order, wanted, reason, reference)


def _locked(order_no: str) -> ShopOrder:
    order = ShopOrder.objects.select_for_update(no_key=True).filter(order_no=order_no).first()
    if order is None:
        raise NotFound(field="order_no", expected="the number of an order")
    return order


def _parts_of(refund: Refund) -> tuple[RefundPart, ...]:
    """What was asked for with a refund, those of further captures included."""
    asked = Q(refund=refund) | Q(refund__order=refund.order, refund__reference__startswith=f"{refund.reference}{MORE}")
    return merge_parts(
        [RefundPart(part.line_id, part.amount_minor, part.quantity) for part in RefundLine.objects.filter(asked)]
    )


def _ask(order: ShopOrder, wanted: Sequence[RefundPart], reason: str, reference: str) -> str:
    """Mark parts of a locked order as asked for, and write the refund for the worker."""
    lines = {line.pk: line for line in OrderLine.objects.filter(order=order)}
    now = clock.now()
    rows = []
    for part in wanted:
        subsidy = 0
        if part.line_id is None:
            _reserve_freight(order, part.amount_minor)
        else:
            if part.line_id not in lines:
                raise NotFound(field="line_id", expected="a line of this order")
            subsidy = _reserve_line(lines[part.line_id], part)
        rows.append(
            RefundLine(
                line_id=part.line_id, amount_minor=part.amount_minor, subsidy_minor=subsidy, quantity=part.quantity
            )
        )
    captures = captures_of(order.parent_id)
    numbers = []
    for number, (payment, mine) in enumerate(spread(rows, captures), start=1):
        refund = Refund.objects.create(
            refund_no=new_number("R", now),
            payment=payment,
            order=order,
            reference=reference if number == 1 else f"{reference}{MORE}{number}",
            amount_minor=sum(row.amount_minor for row in mine),
            subsidy_minor=sum(row.subsidy_minor for row in mine),
            currency=order.currency,
            reason=reason,
            due_at=now,
            created_at=now,
        )
        numbers.append(refund.refund_no)
        for row in mine:
            row.refund = refund
        RefundLine.objects.bulk_create(mine)
    if order.state in TO_SHIP:
        _keep_back(order, lines, wanted)
    return numbers[0]


def _keep_back(order: ShopOrder, lines: dict[int, OrderLine], wanted: Sequence[RefundPart]) -> None:
    """Units that go back on the shelf are first those that have not left it: they will not be shipped."""
    kept = [
        (lines[part.line_id].sku_id, min(part.quantity, lines[part.line_id].to_ship_quantity))
        for part in wanted
        if part.line_id is not None
    ]
    if units := [(sku_id, quantity) for sku_id, quantity in kept if quantity]:
        drop_units(order_no=order.order_no, lines=units)


def _reserve_freight(order: ShopOrder, amount_minor: int) -> None:
    left = order.freight_minor - order.freight_refunded_minor - order.freight_pending_minor
    if amount_minor > left:
        raise RefundTooHigh(data={"line_id": None, "left_minor": left, "left_quantity": 0})
    ShopOrder.objects.filter(pk=order.pk).update(freight_pending_minor=F("freight_pending_minor") + amount_minor)


def _reserve_line(line: OrderLine, part: RefundPart) -> int:
    """Mark a part of a line as asked for. Returns the platform's share that goes back with it."""
    paid = line.subtotal_minor - line.discount_minor
    before = line.refunded_minor + line.pending_minor
    returned = line.refunded_quantity + line.pending_quantity
    if part.amount_minor > paid - before or part.quantity > line.quantity - returned:
        raise RefundTooHigh(
            data={"line_id": line.pk, "left_minor": paid - before, "left_quantity": line.quantity - returned}
        )
    OrderLine.objects.filter(pk=line.pk).update(
        pending_minor=F("pending_minor") + part.amount_minor, pending_quantity=F("pending_quantity") + part.quantity
    )
    return subsidy_share_minor(
        subsidy_minor=sum(entry["amount_minor"] for entry in line.discounts if entry["payer"] == "platform"),
        paid_minor=paid,
        before_minor=before,
        amount_minor=part.amount_minor,
        quantity=part.quantity,
        units=(returned, line.quantity),
    )


@retried
@transaction.atomic
def hold_settlement(*, order_no: str) -> None:
    """A case about this order was opened: its money is not settled until as many releases. Raises NotFound."""
    if not ShopOrder.objects.filter(order_no=order_no).update(open_cases=F("open_cases") + 1):
        raise NotFound(field="order_no", expected="the number of an order")


@retried
@transaction.atomic
def release_settlement(*, order_no: str) -> None:
    """A case about this order has ended. Raises NotFound, Conflict when none holds it."""
    if not ShopOrder.objects.filter(order_no=order_no, open_cases__gt=0).update(open_cases=F("open_cases") - 1):
        if not ShopOrder.objects.filter(order_no=order_no).exists():
            raise NotFound(field="order_no", expected="the number of an order")
        raise Conflict(field="order_no", expected="an order whose settlement is held")


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
        if not is_waiting(refund) and _carry_out(refund):
            finished += settle_refund(refund)
    return finished


def _carry_out(refund: Refund) -> bool:
    """Whether the money is with the buyer now."""
    if refund.amount_minor == 0:  # the platform had paid all of it
        return True
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
        return False
    if not done:
        log.error("the provider refuses refund %s of payment %s", refund.refund_no, refund.payment.payment_no)
    return done
