"""How a person has arranged the workbench's tables: which columns are hidden, and in which order the others stand."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from xingqu.accounts.models import TableLayout
from xingqu.kit.errors import Conflict
from xingqu.kit.transactions import hold_names, retried

MAX_LAYOUTS = 100  # of one person


class TooManyLayouts(Conflict):
    """`data` has most."""

    code = "too_many_layouts"
    message = "There are as many arranged tables as there may be. Reset one first."


def layouts_of(*, person_id: int) -> list[dict[str, Any]]:
    """A person's layouts, by table."""
    rows = TableLayout.objects.filter(person_id=person_id).order_by("table")
    return [{"table": row.table, "hidden": row.hidden, "order": row.order} for row in rows]


@retried
@transaction.atomic
def keep_layout(*, person_id: int, table: str, hidden: Sequence[str], order: Sequence[str]) -> None:
    """Keep a layout; the same table is written anew. Columns are kept once each. Raises TooManyLayouts."""
    hold_names(f"layouts:{person_id}")
    known = TableLayout.objects.filter(person_id=person_id)
    if not known.filter(table=table).exists() and known.count() >= MAX_LAYOUTS:
        raise TooManyLayouts(data={"most": MAX_LAYOUTS})
    values = {"hidden": list(dict.fromkeys(hidden)), "order": list(dict.fromkeys(order))}
    TableLayout.objects.update_or_create(person_id=person_id, table=table, defaults=values)


def forget_layout(*, person_id: int, table: str) -> None:
    """Show the table as it comes again. Nothing happens where nothing was arranged."""
    TableLayout.objects.filter(person_id=person_id, table=table).delete()
