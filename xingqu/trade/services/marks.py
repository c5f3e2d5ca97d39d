"""A merchant's own note and flag on an order."""

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.transactions import retried
from xingqu.trade.models import OrderMark, ShopOrder


@retried
@transaction.atomic
def mark_order(*, shop_id: int, order_no: str, flag: str, note: str, person_id: int) -> None:
    """Set both, or neither with empty texts. Raises NotFound for another shop's order."""
    order_id = ShopOrder.objects.filter(shop_id=shop_id, order_no=order_no).values_list("pk", flat=True).first()
    if order_id is None:
        raise NotFound(field="order_no", expected="the number of an order of this shop")
    if not flag and not note:
        OrderMark.objects.filter(order_id=order_id).delete()
        return
    values = {"shop_id": shop_id, "flag": flag, "note": note, "person_id": person_id, "updated_at": clock.now()}
    OrderMark.objects.update_or_create(order_id=order_id, defaults=values)
