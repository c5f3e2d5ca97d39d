"""A package that came back to the shop before anybody had it ends in a refund: in a case of the buyer's, or one of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from xingqu.aftersale.domain.amounts import units_cap
from xingqu.aftersale.domain.reasons import TURNED_BACK_REASON
from xingqu.aftersale.domain.states import PAYS_BACK, TABLE, TURNED_BACK_PART, Fault, Kind, Step
from xingqu.aftersale.models import Case, CaseEvent, CaseLine
from xingqu.aftersale.selectors.assessing import (
    AssessedLine,
    Assessment,
    Held,
    Wanted,
    bought_of,
    freight_back,
    held_by_cases,
    units_claimed,
)
from xingqu.aftersale.selectors.rules import rules_at
from xingqu.aftersale.services.doing import Doing
from xingqu.aftersale.services.moving import hold_order, note, take_step
from xingqu.aftersale.services.opening import Application, write_case
from xingqu.aftersale.services.timers import fail
from xingqu.kit.transactions import retried
from xingqu.trade.contracts import RefundPart
from xingqu.trade.selectors import person_of_order, refundable_of, shop_order_for_buyer
from xingqu.trade.services import RefundTooHigh, WrongState, refund_parts

FAULTS = {"buyer": Fault.BUYER, "shop": Fault.MERCHANT, "": Fault.CARRIER}
_SENT = frozenset({"part_shipped", "shipped", "done"})


@dataclass(frozen=True, slots=True)
class TurnedBack:
    """What came back: units of an order, (SKU id, quantity), in a package; `asked_by` is buyer, shop, or empty for the carrier."""

    order_no: str
    package_id: int
    asked_by: str
    lines: Sequence[tuple[int, int]]
    at: datetime


@retried
@transaction.atomic
def take_back(*, turned: TurnedBack) -> str | None:
    """The goods of a package are at the shop again: open cases about them have their goods back, the rest gets a case of its own.

    What was paid back before goes on the shelf only. Returns the number of the new case, None when none was needed. Once a
    package and order: asking again changes nothing.
    """
    hold_order(turned.order_no)
    if CaseEvent.objects.filter(case__order_no=turned.order_no, data__package_id=turned.package_id).exists():
        return None
    refundable = refundable_of(order_no=turned.order_no)
    if refundable.state not in _SENT:
        return None
    left = dict(turned.lines)
    for case in Case.objects.filter(order_no=turned.order_no, state__in=TABLE[Step.TURNED_BACK][1]).order_by("id"):
        if case.kind != Kind.PRE_SHIP:
            _give_to(case, left, turned)
    return _own_case(turned, left)


def _give_to(case: Case, left: dict[int, int], turned: TurnedBack) -> None:
    """Let a case have what it is about of the units in `left`, which shrinks by them."""
    earlier = CaseEvent.objects.filter(case=case, step=TURNED_BACK_PART).values_list("data", flat=True)
    taken: list[list[int]] = []
    whole = True
    for line in CaseLine.objects.filter(case=case).order_by("id"):
        had = sum(units for data in earlier for sku_id, units in data["lines"] if sku_id == line.sku_id)
        units = min(line.quantity - had, left.get(line.sku_id, 0))
        whole = whole and had + units == line.quantity
        if units:
            taken.append([line.sku_id, units])
            left[line.sku_id] -= units
    if not taken:
        return
    doing = Doing(None, at=turned.at, data={"package_id": turned.package_id, "lines": taken})
    if whole:
        _goods_are_back(case, doing, turned)
    else:
        note(case, TURNED_BACK_PART, doing)


def _goods_are_back(case: Case, doing: Doing, turned: TurnedBack) -> None:
    """All that a case is about is at the shop: all of its money goes back, or what was to be sent is sent."""
    changes: dict[str, Any] = {"fault": FAULTS.get(turned.asked_by, Fault.CARRIER)}
    if Kind(case.kind) in PAYS_BACK:
        caps = sum(CaseLine.objects.filter(case=case).values_list("cap_minor", flat=True))
        changes["agreed_minor"] = caps + case.freight_cap_minor
    try:
        with transaction.atomic():
            take_step(case, Step.TURNED_BACK, doing, **changes)
    except (RefundTooHigh, WrongState) as error:
        fail(case_no=case.case_no, error=error, at=turned.at)


def _own_case(turned: TurnedBack, left: dict[int, int]) -> str | None:
    """A case about the units that no case of the buyer's is about."""
    refundable = refundable_of(order_no=turned.order_no)
    held = held_by_cases(order_no=turned.order_no)
    claimed = units_claimed(order_no=turned.order_no)
    parts: list[AssessedLine] = []
    for line in refundable.lines:
        free = line.quantity - line.refunded_quantity - line.pending_quantity - claimed.get(line.line_id, 0)
        units = min(left.get(line.sku_id, 0), free)
        if units > 0:
            counted = {line.line_id: Held(claimed.get(line.line_id, 0), held.get(line.line_id, Held()).reserved_minor)}
            parts.append(AssessedLine(line, units, units_cap(bought_of(line, counted), units)))
    if not parts:
        return None
    kind = Kind.RETURN_AND_REFUND
    # A buyer who changes their mind on the way has had the carriage.
    freight = 0 if turned.asked_by == "buyer" else freight_back(kind, refundable, parts, held, None)
    order = shop_order_for_buyer(buyer_key=refundable.buyer_key, order_no=turned.order_no)
    assessment = Assessment(order, refundable, kind, tuple(parts), freight)
    if assessment.max_minor == 0:  # paid back before the goods were: they only go on the shelf
        wanted = [RefundPart(part.line.line_id, 0, part.quantity) for part in parts]
        reference = f"turned-back:{turned.package_id}:{turned.order_no}"
        refund_parts(order_no=turned.order_no, parts=wanted, reason=TURNED_BACK_REASON, reference=reference)
        return None
    application = Application(
        kind=kind,
        lines=tuple(Wanted(part.line.line_id, part.quantity) for part in parts),
        reason=TURNED_BACK_REASON,
        received=False,
    )
    rules = rules_at()
    opened = Doing(None, person_of_order(order_no=turned.order_no), at=turned.at)
    case = write_case(assessment, application, rules, assessment.max_minor, opened)
    taken = [[part.line.sku_id, part.quantity] for part in parts]
    doing = Doing(None, at=turned.at, data={"package_id": turned.package_id, "lines": taken})
    _goods_are_back(case, doing, turned)
    return case.case_no
