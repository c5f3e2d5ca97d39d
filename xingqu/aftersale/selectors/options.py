"""What after-sale an order offers its buyer."""

from typing import Any

from xingqu.aftersale.domain.eligibility import why_not, window_ends
from xingqu.aftersale.domain.reasons import REASONS
from xingqu.aftersale.domain.states import PAYS_BACK, Kind, Side
from xingqu.aftersale.models import Case
from xingqu.aftersale.selectors.assessing import (
    Assessment,
    allows_return,
    facts_of,
    free_units,
    held_by_cases,
)
from xingqu.aftersale.selectors.cases import case_cards
from xingqu.aftersale.selectors.rules import rules_at
from xingqu.kit import clock
from xingqu.trade.selectors import refundable_of, shop_order_for_buyer
from xingqu.trade.selectors.offers import money


def order_options(*, buyer_key: str, order_no: str) -> dict[str, Any]:
    """Each kind with whether it is possible (else why not), until when, its reasons, and the free units of each line.

    Raises NotFound for another's order.
    """
    order = shop_order_for_buyer(buyer_key=buyer_key, order_no=order_no)
    held, rules, now = held_by_cases(order_no=order_no), rules_at(), clock.now()
    refundable = refundable_of(order_no=order_no)
    promised = {line.product_id: allows_return(line.product_id) for line in refundable.lines}
    kinds = []
    for kind in Kind:
        allowed = kind is not Kind.NO_REASON_RETURN or any(promised.values())
        why = why_not(kind, facts_of(order), rules, now, promised=allowed)
        units = {
            line.line_id: free_units(kind, order, line, held)
            for line in refundable.lines
            if kind is not Kind.NO_REASON_RETURN or promised[line.product_id]
        }
        if why is None and not any(units.values()):
            why = "units"
        kinds.append(
            {
                "kind": kind,
                "why_not": why,
                "until": window_ends(kind, facts_of(order), rules),
                "pays_back": kind in PAYS_BACK,
                "reasons": [
                    {"code": r.code, "fault": r.fault, "needs_picture": r.needs_picture} for r in REASONS[kind]
                ],
                "units": [{"line_id": line_id, "free": free} for line_id, free in units.items()],
            }
        )
    cases = Case.objects.filter(order_no=order_no, buyer_key=buyer_key).order_by("-id")[:50]
    return {
        "order_no": order_no,
        "state": order.state,
        "lines": [
            {
                "line_id": line.line_id,
                "sku_id": line.sku_id,
                "product_id": line.product_id,
                "name": line.name,
                "option_text": line.option_text,
                "picture_url": line.picture_url,
                "quantity": line.quantity,
                "unit_price": money(line.unit_price_minor, order.currency),
                "paid": money(line.paid_minor, order.currency),
                "refunded": money(line.refunded_minor + line.pending_minor, order.currency),
            }
            for line in refundable.lines
        ],
        "kinds": kinds,
        "cases": case_cards(list(cases), Side.BUYER),
    }


def present_assessment(assessment: Assessment) -> dict[str, Any]:
    """The most that can go back, explained line by line."""
    currency = assessment.order.currency
    return {
        "max": money(assessment.max_minor, currency),
        "freight": money(assessment.freight_minor, currency),
        "lines": [
            {
                "line_id": part.line.line_id,
                "quantity": part.quantity,
                "paid": money(part.line.paid_minor, currency),
                "refunded": money(part.line.refunded_minor + part.line.pending_minor, currency),
                "max": money(part.cap_minor, currency),
                "lowest_price": None if part.lowest_minor is None else money(part.lowest_minor, currency),
            }
            for part in assessment.lines
        ],
    }
