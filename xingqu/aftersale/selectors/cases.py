"""Cases as each side sees them."""

from collections.abc import Iterable, Sequence
from typing import Any

from xingqu.accounts.selectors import person_labels
from xingqu.aftersale.domain.reasons import reason_of
from xingqu.aftersale.domain.states import (
    FINAL,
    PAYS_BACK,
    Course,
    Kind,
    Side,
    State,
    Step,
    freight_payer,
    path_of,
    steps_of,
)
from xingqu.aftersale.models import Arbitration, Case, CaseEvent, CaseLine, CasePicture
from xingqu.fulfilment.selectors import parcels_of
from xingqu.kit.errors import NotFound
from xingqu.trade.selectors.offers import money, shop_cards

# What the platform's own pages may do; reading words and pictures is everybody's.
_PARCEL_STEPS = (Step.SHIP_RETURN, Step.SHIP_REPLACEMENT)


def case_detail(*, case_no: str, side: Side, **scope: Any) -> dict[str, Any]:
    """One case with everything, for a side; `scope` is whose it must be. Raises NotFound."""
    case = Case.objects.filter(case_no=case_no, **scope).first()
    if case is None:
        raise NotFound(field="case_no", expected="the number of one of your cases")
    events = list(CaseEvent.objects.filter(case=case).order_by("version"))
    caps = sum(CaseLine.objects.filter(case=case).values_list("cap_minor", flat=True))
    return {
        **case_cards([case], side)[0],
        "max": money(caps + case.freight_cap_minor, case.currency),
        "freight_max": money(case.freight_cap_minor, case.currency),
        "return_address": case.return_address,
        "refund_no": case.refund_no,
        "rules": case.rules,
        "timeline": _timeline(events),
        "parcels": _parcels(case, events),
        "rounds": [_round(row, case.currency) for row in Arbitration.objects.filter(case=case).order_by("id")],
    }


def case_cards(cases: Sequence[Case], side: Side) -> list[dict[str, Any]]:
    """Cases as lists show them, in a fixed number of queries."""
    lines: dict[int, list[dict[str, Any]]] = {case.pk: [] for case in cases}
    currencies = {case.pk: case.currency for case in cases}
    for line in CaseLine.objects.filter(case_id__in=list(lines)).order_by("id"):
        lines[line.case_id].append(_line(line, currencies[line.case_id]))
    shops = shop_cards(shop_ids=[case.shop_id for case in cases])
    people = person_labels(ids={case.person_id for case in cases if case.person_id is not None}) if cases else {}
    return [
        {
            **_card(case, side),
            "shop": shops[case.shop_id],
            "buyer_name": people[case.person_id][0] if case.person_id in people else "",
            "lines": lines[case.pk],
        }
        for case in cases
    ]


def _card(case: Case, side: Side) -> dict[str, Any]:
    kind, state = Kind(case.kind), State(case.state)
    course = Course(kind, case.needs_return, case.goods_back, case.instant, case.refund_instead)
    reason = reason_of(kind, case.reason)
    fault = case.fault if case.fault is not None or reason is None else reason.fault
    optional = {"offered": case.offered_minor, "agreed": case.agreed_minor}
    return {
        "case_no": case.case_no,
        "order_no": case.order_no,
        "kind": kind,
        "state": state,
        "version": case.version,
        "reason": case.reason,
        "text": case.text,
        "received": case.received,
        "pays_back": kind in PAYS_BACK or case.refund_instead,
        "asked": money(case.asked_minor, case.currency),
        **{name: None if value is None else money(value, case.currency) for name, value in optional.items()},
        "needs_return": case.needs_return,
        "instant": case.instant,
        "refund_instead": case.refund_instead,
        "fault": case.fault,
        "freight_payer": freight_payer(fault) if case.needs_return else None,  # type: ignore[arg-type]
        "refusal": case.refusal,
        "close_reason": case.close_reason,
        "path": list(path_of(course)),
        "next_step": {
            "code": case.close_reason or state if state in FINAL else state,
            "who": case.waiting_for,
            "by": case.due_at,
        },
        "can": [step.name.lower() for step in steps_of(side, state, kind)],
        "opened_at": case.opened_at,
        "changed_at": case.changed_at,
        "closed_at": case.closed_at,
    }


def _line(line: CaseLine, currency: str) -> dict[str, Any]:
    return {
        "line_id": line.line_id,
        "sku_id": line.sku_id,
        "product_id": line.product_id,
        "name": line.name,
        "option_text": line.option_text,
        "picture_url": line.picture_url,
        "quantity": line.quantity,
        "unit_price": money(line.unit_price_minor, currency),
        "max": money(line.cap_minor, currency),
    }


def _timeline(events: Sequence[CaseEvent]) -> list[dict[str, Any]]:
    pictures: dict[int, list[dict[str, Any]]] = {event.pk: [] for event in events}
    for row in CasePicture.objects.filter(event_id__in=list(pictures)).order_by("event_id", "position"):
        pictures[row.event_id or 0].append(picture_row(row))
    return [
        {
            "version": event.version,
            "step": event.step,
            "side": event.side,
            "state": event.state,
            "text": event.text,
            "data": event.data,
            "at": event.at,
            "pictures": pictures[event.pk],
        }
        for event in events
    ]


def picture_row(row: CasePicture) -> dict[str, Any]:
    """A picture's address: only the two sides and the platform may read it."""
    return {"id": row.pk, "url": f"/api/v1/aftersale-pictures/{row.pk}", "width": row.width, "height": row.height}


def _parcels(case: Case, events: Iterable[CaseEvent]) -> list[dict[str, Any]]:
    references = {event.data.get("reference", "") for event in events if event.step in _PARCEL_STEPS}
    found = [parcel for reference in references if reference for parcel in parcels_of(reference=reference)]
    return [
        {
            "id": parcel.id,
            "kind": parcel.kind,
            "carrier_code": parcel.carrier_code,
            "carrier_name": parcel.carrier_name,
            "carrier_name_en": parcel.carrier_name_en,
            "tracking_no": parcel.tracking_no,
            "shipped_at": parcel.shipped_at,
            "delivered_at": parcel.delivered_at,
            "events": [{"code": event.code, "at": event.at, "data": event.data} for event in parcel.events],
        }
        for parcel in sorted(found, key=lambda parcel: parcel.id)
    ]


def _round(row: Arbitration, currency: str) -> dict[str, Any]:
    return {
        "verdict": row.verdict or None,
        "clause": row.clause,
        "clause_text": row.clause_text,
        "opinion": row.opinion,
        "fault": row.fault,
        "amount": None if row.amount_minor is None else money(row.amount_minor, currency),
        "taken": row.handler_id is not None,
        "opened_at": row.opened_at,
        "decided_at": row.decided_at,
    }
