"""Reactions to facts. Each runs in one transaction with the mark that it ran."""

from xingqu.accounts.contracts import MERCHANT
from xingqu.events.accounts import OrganisationCreated
from xingqu.events.trade import ChargePaid, OrderReceived, RefundSettled
from xingqu.settlement.services.compensations import finish_compensation
from xingqu.settlement.services.custody import take_custody_payment
from xingqu.settlement.services.deposits import take_payment
from xingqu.settlement.services.settling import plan_settlement, update_settlement
from xingqu.settlement.services.standing import begin_standing


def plan_received(fact: OrderReceived) -> None:
    """The merchant has earned the money: from now on the settlement period runs."""
    plan_settlement(order_no=fact.order_no, shop_id=fact.shop_id, currency=fact.currency, received_at=fact.received_at)


def update_refunded(fact: RefundSettled) -> None:
    """A part of what was to be settled has gone back."""
    update_settlement(order_no=fact.order_no)
    finish_compensation(reference=fact.reference, at=fact.refunded_at)


def take_deposit(fact: ChargePaid) -> None:
    """A payment into a deposit came."""
    take_payment(change_no=fact.reference, at=fact.paid_at)


def take_custody(fact: ChargePaid) -> None:
    """A payment into custody came."""
    take_custody_payment(move_no=fact.reference, at=fact.paid_at)


def begin_deposit(fact: OrganisationCreated) -> None:
    """A shop was opened."""
    if fact.kind == MERCHANT:
        begin_standing(shop_id=fact.organisation_id)
