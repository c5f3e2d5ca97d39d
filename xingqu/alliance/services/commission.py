"""What creators earn with orders: decided when an order is paid, kept up to date with everything that befalls it."""

from datetime import datetime

from django.db import transaction

from xingqu.accounts.selectors import creators_by_ids
from xingqu.alliance.models import CommissionOrder, Plan
from xingqu.alliance.selectors.agencies import agency_at
from xingqu.alliance.selectors.plans import plan_for, rule_at
from xingqu.governance.contracts import Kind
from xingqu.governance.selectors import was_restricted
from xingqu.kit.transactions import retried
from xingqu.trade.contracts import LineShareRow, LineShareTerms, LineToShare
from xingqu.trade.selectors import line_shares, lines_to_share
from xingqu.trade.services import share_order


@retried
@transaction.atomic
def decide_shares(*, order_no: str, shop_id: int, currency: str, paid_at: datetime) -> None:
    """Who earns with a paid order, under the plans, rules and contracts of the moment it was ordered. Idempotent.

    A shop's own account earns nothing with the shop's goods: that is the merchant's own room (F of FACT).
    """
    lines = lines_to_share(order_no=order_no)
    creators = creators_by_ids(ids={line.creator_id for line in lines if line.creator_id is not None})
    terms: dict[int, LineShareTerms] = {}
    for line in lines:
        creator = creators.get(line.creator_id) if line.creator_id is not None else None
        if creator is None or creator.organisation_id == shop_id:
            continue
        told = _terms(line, creator.id)
        if told is not None:
            terms[line.line_id] = told
    if not share_order(order_no=order_no, terms=terms):
        return
    worth = line_shares(order_nos=[order_no])
    CommissionOrder.objects.bulk_create(
        CommissionOrder(
            line_id=line.line_id,
            order_no=order_no,
            shop_id=shop_id,
            product_id=line.product_id,
            creator_id=terms[line.line_id].creator_id,
            content_id=line.content_id,
            live_room_id=line.live_room_id,
            mcn_id=terms[line.line_id].mcn_id,
            mcn_bp=terms[line.line_id].mcn_bp,
            colonel_id=terms[line.line_id].colonel_id,
            service_bp=terms[line.line_id].service_bp,
            platform_bp=terms[line.line_id].platform_bp,
            plan_id=int(terms[line.line_id].reference.removeprefix("plan:")),
            currency=currency,
            commission_bp=terms[line.line_id].commission_bp,
            ordered_base_minor=worth[line.line_id].base_minor + worth[line.line_id].refunded_minor,
            estimated_minor=worth[line.line_id].creator_minor,
            paid_at=paid_at,
            **_now(worth[line.line_id]),
        )
        for line in lines
        if line.line_id in terms
    )


def _terms(line: LineToShare, creator_id: int) -> LineShareTerms | None:
    if was_restricted(creator_id=creator_id, kind=Kind.SELLING, at=line.ordered_at):
        return None
    chosen = plan_for(creator_id=creator_id, product_id=line.product_id, at=line.ordered_at)
    if chosen is None:
        return None
    mcn_id, mcn_bp = agency_at(creator_id=creator_id, at=line.ordered_at)
    return LineShareTerms(
        creator_id=creator_id,
        mcn_id=mcn_id,
        mcn_bp=mcn_bp,
        reference=f"plan:{chosen.plan_id}",
        commission_bp=chosen.commission_bp,
        colonel_id=Plan.objects.values_list("colonel_id", flat=True).get(pk=chosen.plan_id),
        service_bp=chosen.service_bp,
        platform_bp=rule_at(at=line.ordered_at).platform_bp,
    )


@retried
@transaction.atomic
def refresh_commission(*, order_no: str) -> None:
    """Something befell an order: its commission orders say again what trade says. Idempotent, in any order."""
    rows = list(CommissionOrder.objects.select_for_update(no_key=True).filter(order_no=order_no))
    worth = line_shares(order_nos=[order_no]) if rows else {}
    for row in rows:
        CommissionOrder.objects.filter(pk=row.pk).update(**_now(worth[row.line_id]))


def _now(worth: LineShareRow) -> dict[str, object]:
    total = worth.creator_minor + worth.mcn_minor + worth.colonel_minor + worth.platform_minor
    return {
        "state": _state(worth),
        "base_minor": worth.base_minor,
        "amount_minor": worth.creator_minor,
        "mcn_minor": worth.mcn_minor,
        "colonel_minor": worth.colonel_minor,
        "platform_minor": worth.platform_minor,
        "cost_minor": total,
        "confirmed_at": worth.done_at,
        "settled_at": worth.settled_at,
    }


def _state(worth: LineShareRow) -> CommissionOrder.State:
    if worth.refunded_minor and not worth.base_minor:
        return CommissionOrder.State.REFUNDED
    if worth.settled_at is not None:
        return CommissionOrder.State.SETTLED
    return CommissionOrder.State.CONFIRMED if worth.done_at is not None else CommissionOrder.State.PAID
