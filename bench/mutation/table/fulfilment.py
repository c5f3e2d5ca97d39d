"""Guards of shipping, packing and what carriers tell."""

from bench.mutation.guard import Guard

SHIPPING = "xingqu/trade/services/shipping.py"
HANDING = "xingqu/fulfilment/services/shipping.py"
PACKING = "xingqu/fulfilment/services/packing.py"
PARTS = "xingqu/fulfilment/tests/test_parts.py"
PACKS = "xingqu/fulfilment/tests/test_packing.py"
TESTS = "xingqu/fulfilment/tests/test_fulfilment.py"
CARRIERS = "xingqu/fulfilment/tests/test_carriers.py"

GUARDS = (
    Guard(
        "shipping a unit twice",
        SHIPPING,
        '_LEFT = "quantity - shipped_quantity - dropped_quantity >= %s"',
        '_LEFT = "quantity - shipped_quantity - dropped_quantity >= %s - 100"',
        f"{PARTS}::test_no_line_goes_twice",
    ),
    Guard(
        "shipping what is not paid",
        "xingqu/trade/domain/transitions.py",
        "TO_SHIP = (OrderState.PAID,",
        "TO_SHIP = (OrderState.UNPAID, OrderState.PAID,",
        "xingqu/trade/tests/test_orders.py::test_what_is_not_paid_is_not_shipped",
    ),
    Guard(
        "counting units of what is not to be shipped",
        SHIPPING,
        '    if order.state not in TO_SHIP:\n        raise WrongState(expected="a paid order"',
        '    if False:\n        raise WrongState(expected="a paid order"',
        "xingqu/trade/tests/test_orders.py::test_what_is_not_paid_is_not_shipped",
    ),
    Guard(
        "shipping while a refund is asked for",
        SHIPPING,
        "    if order.shipping_stopped_at is not None:\n",
        "    if False:\n",
        f"{PARTS}::test_a_refund_asked_for_stops_shipping",
    ),
    Guard(
        "shipping another shop's order",
        SHIPPING,
        "filter(order_no=order_no, shop_id=shop_id).first()",
        "filter(order_no=order_no).first()",
        f"{PARTS}::test_another_shops_order_is_not_shipped",
    ),
    Guard(
        "another shop's tracking number",
        HANDING,
        "    if same.exclude(shop_id=shop_id).exists():\n",
        "    if False:\n",
        f"{TESTS}::test_another_shops_number_is_refused",
    ),
    Guard(
        "shipping what waits in a package",
        HANDING,
        "    if found := sorted(set(packed)):\n",
        "    if found := sorted(set(packed))[:0]:\n",
        f"{PACKS}::test_what_is_packed_is_not_left",
    ),
    Guard(
        "packing what is packed",
        PACKING,
        "        left[sku_id] -= quantity\n",
        "        left[sku_id] -= 0\n",
        f"{PACKS}::test_what_is_packed_is_not_left",
    ),
    Guard(
        "two buyers' orders in one package",
        PACKING,
        "    if len({row.buyer_key for row in rows}) > 1 or any(row.address != rows[0].address for row in rows):\n",
        "    if False:\n",
        f"{PACKS}::test_orders_that_do_not_go_together",
    ),
    Guard(
        "another shop's package",
        PACKING,
        "rows.filter(pk=package_id, shop_id=shop_id, kind=Kind.ORDER).first()",
        "rows.filter(pk=package_id, kind=Kind.ORDER).first()",
        f"{PACKS}::test_a_package_is_its_shops",
    ),
    Guard(
        "a package that is split into nothing",
        PACKING,
        "    if not fits or sum(taken.values()) >= sum(line.quantity for line in inside.values()):\n",
        "    if False:\n",
        f"{PACKS}::test_splits_that_make_no_sense",
    ),
    Guard(
        "news that no carrier signed",
        "xingqu/fulfilment/carriers/simulated/messages.py",
        "    if not hmac.compare_digest(_signature(key, body, stamp).encode(), signature.encode()):\n",
        "    if False:\n",
        f"{CARRIERS}::test_forged_and_unbelievable_news",
    ),
    Guard(
        "news that kuaidi100 did not sign",
        "xingqu/fulfilment/carriers/kuaidi100.py",
        "            if not hmac.compare_digest(_md5(param, salt).encode(), sign.upper().encode()):\n",
        "            if False:\n",
        "xingqu/fulfilment/tests/test_kuaidi100.py::test_kuaidi100_from_subscription_to_delivery",
    ),
    Guard(
        "more time to receive, twice",
        "xingqu/trade/services/receipt.py",
        "mine = ShopOrder.objects.filter(pk=order.pk, state=OrderState.SHIPPED, receipt_extended_at=None)",
        "mine = ShopOrder.objects.filter(pk=order.pk, state=OrderState.SHIPPED)",
        "xingqu/trade/tests/test_times.py::test_receipt_counts_from_delivery_and_is_extended_once",
    ),
    Guard(
        "two who pack the same line at once",
        PACKING,
        '    hold_names(*(f"pack:{order_no}" for order_no in orders))\n',
        "",
        "xingqu/fulfilment/tests/test_side_by_side.py::test_two_pack_the_same_line",
        "postgresql",
    ),
)
