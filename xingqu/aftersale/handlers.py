"""Reactions to facts."""

from collections.abc import Mapping

from xingqu.accounts.services import notify
from xingqu.aftersale.services import TurnedBack, finish_refund, parcel_delivered, remember_prices, take_back
from xingqu.events.aftersale import CaseChanged, CaseClosed, CaseOpened
from xingqu.events.catalogue import ProductChanged, ProductListed
from xingqu.events.fulfilment import PackageTurnedBack, ParcelDelivered
from xingqu.events.trade import RefundSettled


def settle_case(fact: RefundSettled) -> None:
    """The refund of a case is done."""
    finish_refund(case_no=fact.reference, refund_no=fact.refund_no, at=fact.refunded_at)


def note_delivery(fact: ParcelDelivered) -> None:
    """A parcel of a case has come."""
    parcel_delivered(reference=fact.reference, kind=fact.kind, at=fact.at)


def return_turned_back(fact: PackageTurnedBack) -> None:
    """A package came back before it was delivered: its goods' money goes back."""
    take_back(turned=TurnedBack(fact.order_no, fact.package_id, fact.asked_by, fact.lines, fact.at))


def keep_price_listed(fact: ProductListed) -> None:
    """Price protection looks back at what was asked for a SKU."""
    remember_prices(product_id=fact.product_id)


def keep_price_changed(fact: ProductChanged) -> None:
    """The same when a price changes."""
    remember_prices(product_id=fact.product_id)


def tell_opened(fact: CaseOpened) -> None:
    """Merchant: a case to review."""
    notify(
        organisation_id=fact.shop_id,
        kind="aftersale_opened",
        data={
            "case_no": fact.case_no,
            "shop_id": fact.shop_id,
            "kind": fact.kind,
            "amount_minor": fact.asked_minor,
            "currency": fact.currency,
        },
    )


def tell_changed(fact: CaseChanged) -> None:
    """Both sides: what happened, and who must act by when."""
    data = {
        "case_no": fact.case_no,
        "order_no": fact.order_no,
        "kind": fact.kind,
        "state": fact.state,
        "step": fact.step,
        "waiting_for": fact.waiting_for,
        "due_at": fact.due_at.isoformat() if fact.due_at is not None else None,
    }
    _tell_both("aftersale_changed", fact.person_id, fact.shop_id, data)


def tell_closed(fact: CaseClosed) -> None:
    """Both sides: how it ended."""
    data = {
        "case_no": fact.case_no,
        "order_no": fact.order_no,
        "kind": fact.kind,
        "state": fact.state,
        "close_reason": fact.close_reason,
        "verdict": fact.verdict,
        "amount_minor": fact.refunded_minor,
        "currency": fact.currency,
    }
    _tell_both("aftersale_closed", fact.person_id, fact.shop_id, data)


def _tell_both(kind: str, person_id: int | None, shop_id: int, data: Mapping[str, object]) -> None:
    if person_id is not None:
        notify(person_id=person_id, kind=kind, data=dict(data))
    notify(organisation_id=shop_id, kind=kind, data={**data, "shop_id": shop_id})
