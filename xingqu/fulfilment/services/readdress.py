"""Another address for an order that is neither shipped nor packed."""

from django.db import transaction

from xingqu.fulfilment.domain.errors import PackedAlready
from xingqu.fulfilment.domain.states import PackageState
from xingqu.fulfilment.models import Package
from xingqu.kit.transactions import hold_names, retried
from xingqu.trade.services import change_order_address


@retried
@transaction.atomic
def change_address(*, buyer_key: str, order_no: str, address_id: int) -> None:
    """As trade's `change_order_address`, unless the shop has packed it: its label may be printed. Raises PackedAlready besides."""
    hold_names(f"pack:{order_no}")
    change_order_address(buyer_key=buyer_key, order_no=order_no, address_id=address_id)
    packed = Package.objects.filter(state=PackageState.PACKED, lines__order_no=order_no)
    if packed.exists():
        raise PackedAlready(field="order_no")
