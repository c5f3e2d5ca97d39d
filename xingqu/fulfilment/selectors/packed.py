"""Units that left in packages, for whoever checks them."""

from collections.abc import Iterable

from django.db.models import Sum

from xingqu.fulfilment.domain.states import Kind, PackageState
from xingqu.fulfilment.models import PackageLine


def units_packed(*, order_nos: Iterable[str]) -> dict[str, int]:
    """Order number -> units that went off in its packages, parcels of after-sale cases left out; orders without are absent.

    A package that was put together and is not with a carrier yet does not count.
    """
    rows = PackageLine.objects.filter(order_no__in=list(order_nos), package__kind=Kind.ORDER)
    rows = rows.exclude(package__state=PackageState.PACKED)
    return dict(rows.values_list("order_no").annotate(units=Sum("quantity")))
