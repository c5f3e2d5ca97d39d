"""Units that orders took out of the store, for whoever checks them."""

from collections.abc import Iterable

from django.db.models import Sum

from xingqu.catalogue.models import StockHold


def units_taken(*, order_refs: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Holding reference -> (units taken, units brought back); references that never took any are absent."""
    rows = StockHold.objects.filter(
        order_ref__in=list(order_refs), state__in=[StockHold.State.CONSUMED, StockHold.State.RETURNED]
    )
    found = rows.values_list("order_ref").annotate(taken=Sum("quantity"), returned=Sum("returned_quantity"))
    return {ref: (taken, returned) for ref, taken, returned in found}
