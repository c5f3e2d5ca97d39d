"""Lists and counters of cases: a buyer's, a shop's desk, the platform's arbitration."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from xingqu.aftersale.domain.states import ARBITRATION, FINAL, Side, State
from xingqu.aftersale.models import Case, CaseLine
from xingqu.aftersale.selectors.cases import case_cards
from xingqu.kit import clock
from xingqu.kit.spreadsheets import Cell, csv_stream

SOON = timedelta(hours=24)
CSV_LIMIT = 10_000
CSV_COLUMNS = (
    "case_no",
    "order_no",
    "kind",
    "state",
    "reason",
    "waiting_for",
    "due_at",
    "asked_minor",
    "agreed_minor",
    "currency",
    "fault",
    "close_reason",
    "sku_id",
    "name",
    "option_text",
    "quantity",
    "opened_at",
    "closed_at",
)
_OPEN = ~Q(state__in=FINAL)


def shop_queues() -> dict[str, Q]:
    """The desk's queues, by what must be done; `timed_soon`: the shop's own time ends within a day."""
    return {
        "all": Q(),
        "open": _OPEN,
        "to_review": Q(state=State.MERCHANT_REVIEW),
        "waiting_answer": Q(state__in=[State.OFFERED, State.REFUSED]),
        "waiting_return": Q(state=State.BUYER_RETURN),
        "to_confirm": Q(state=State.MERCHANT_CONFIRM),
        "to_ship": Q(state=State.MERCHANT_SHIP),
        "waiting_receipt": Q(state=State.BUYER_RECEIVE),
        "disputed": Q(state__in=ARBITRATION),
        "to_show": Q(state=State.MERCHANT_EVIDENCE),
        "timed_soon": Q(waiting_for=Side.MERCHANT, due_at__lt=clock.now() + SOON) & _OPEN,
        "refunding": Q(state=State.REFUNDING),
        "closed": ~_OPEN,
    }


def operator_queues() -> dict[str, Q]:
    """The platform's queues; `overdue`: its own promised time is over."""
    return {
        "open": Q(state__in=ARBITRATION),
        "handling": Q(state=State.HANDLING),
        "merchant_evidence": Q(state=State.MERCHANT_EVIDENCE),
        "negotiation": Q(state=State.NEGOTIATION),
        "overdue": Q(state__in=ARBITRATION, due_at__lt=clock.now()),
        "decided": Q(rounds__decided_at__isnull=False) & ~Q(state__in=ARBITRATION),
        "failed": Q(state=State.FAILED),
    }


def counts(rows: QuerySet[Case], queues: Mapping[str, Q]) -> dict[str, int]:
    """How many cases stand in each queue. One query."""
    return rows.aggregate(**{name: Count("id", filter=condition, distinct=True) for name, condition in queues.items()})


def find_cases(
    rows: QuerySet[Case], *, kind: str | None = None, q: str = "", order_no: str | None = None
) -> QuerySet[Case]:
    """Narrowed by kind, order, and a text: a case's or order's number, or part of a product's name."""
    if kind is not None:
        rows = rows.filter(kind=kind)
    if order_no is not None:
        rows = rows.filter(order_no=order_no)
    if q:
        named = CaseLine.objects.filter(name__icontains=q).values("case_id")
        rows = rows.filter(Q(case_no=q) | Q(order_no=q) | Q(pk__in=named))
    return rows


def page(
    rows: QuerySet[Case], *, side: Side, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """A page of cases, newest first, as cards, and the id to go on from."""
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.distinct().order_by("-id")[: limit + 1])
    shown = found[:limit]
    return case_cards(shown, side), shown[-1].pk if len(found) > limit else None


def due_page(rows: QuerySet[Case], *, side: Side, limit: int) -> list[dict[str, Any]]:
    """The cases whose time ends first."""
    return case_cards(list(rows.filter(due_at__isnull=False).order_by("due_at", "id")[:limit]), side)


def cases_csv(rows: QuerySet[Case]) -> Iterator[str]:
    """Lines of a CSV file with one row a line of a case, newest first, at most 10,000 cases; begins with a BOM for Excel."""
    return csv_stream(case_rows(rows))


def case_rows(rows: QuerySet[Case]) -> Iterator[list[Cell]]:
    """Rows of a spreadsheet: the names of the columns, then one row a line of a case, newest first, at most 10,000 cases."""
    yield list(CSV_COLUMNS)
    ids = list(rows.order_by("-id").values_list("id", flat=True)[:CSV_LIMIT])
    for start in range(0, len(ids), 500):
        lines = CaseLine.objects.select_related("case").filter(case_id__in=ids[start : start + 500])
        for line in lines.order_by("-case_id", "id"):
            yield [_value(line, column) for column in CSV_COLUMNS]


def _value(line: CaseLine, column: str) -> Cell:
    value: Cell = getattr(line if hasattr(line, column) else line.case, column)
    return value
