"""Units that left in packages, for whoever checks them."""

from collections.abc import Iterable

from django.db.models import Sum

from xingqu.fulfilment.domain.states import Kind
from xingqu.fulfilment.models import PackageLine


def units_packed(*, order_nos: Iterable[str]) -> dict[str, int]:
    """Order number -> units in its packages, parcels of after-sale cases left out; orders without a package are absent."""
    rows = PackageLine.objects.filter(order_no__in=list(order_nos), package__kind=Kind.ORDER)
    return dict(rows.values_list("order_no").annotate(units=Sum("quantity")))
