"""What of an order is still in the store."""

from xingqu.trade.selectors import shop_order_for_shipping


def to_ship_of(*, order_no: str, shop_id: int) -> dict[int, int]:
    """Units by SKU that are still to be shipped; empty for an order that is over."""
    order = shop_order_for_shipping(shop_id=shop_id, order_no=order_no)
    if order.state not in ("paid", "part_shipped"):
        return {}
    return {line.sku_id: line.to_ship_quantity for line in order.lines}
