"""Guards of stock."""

from bench.mutation.guard import Guard

LEVELS = "xingqu/catalogue/services/stock_levels.py"
STOCK = "xingqu/catalogue/services/stock.py"
ALLOTMENTS = "xingqu/catalogue/services/allotments.py"
TABLES = "xingqu/catalogue/migrations/0005_stock_levels.py"
TESTS = "xingqu/catalogue/tests/test_stock.py"
SHARED = "xingqu/catalogue/tests/test_allotments.py"

GUARDS = (
    Guard(
        "holding more than is free",
        LEVELS,
        "    if lacking:\n",
        "    if False:\n",
        f"{TESTS}::test_all_or_nothing",
    ),
    Guard(
        "holding twice for one order",
        LEVELS,
        "    if len(written) != len(rows):\n",
        "    if False:\n",
        f"{TESTS}::test_an_order_holds_once",
    ),
    Guard(
        "holding a SKU that was replaced",
        LEVELS,
        "    if active_only:\n",
        "    if False:\n",
        f"{TESTS}::test_a_replaced_sku_cannot_be_held",
    ),
    Guard(
        "resolving a hold twice",
        LEVELS,
        'WHERE order_ref IN ({marks}) AND state = %s"',
        'WHERE order_ref IN ({marks}) AND (state = %s OR TRUE)"',
        f"{TESTS}::test_a_hold_is_consumed_once",
    ),
    Guard(
        "bringing back more than was taken",
        LEVELS,
        "        if left:\n            raise HoldResolved(",
        "        if False:\n            raise HoldResolved(",
        f"{TESTS}::test_units_of_a_refunded_order_come_back_once",
    ),
    Guard(
        "a merchant taking units that orders hold",
        STOCK,
        "AND free + %s >= 0 RETURNING id",
        "AND (free + %s >= 0 OR TRUE) RETURNING id",
        f"{TESTS}::test_a_merchant_cannot_take_held_units",
    ),
    Guard(
        "impossible quantities",
        STOCK,
        "if not 1 <= quantity <= MAX_QUANTITY:",
        "if quantity > MAX_QUANTITY:",
        f"{TESTS}::test_impossible_quantities_are_refused",
    ),
    Guard(
        "one SKU of an order from two places",
        STOCK,
        "if campaigns.setdefault(sku_id, campaign) != campaign:",
        "if campaigns.setdefault(sku_id, campaign) is None:",
        f"{SHARED}::test_one_sku_comes_from_one_place",
    ),
    Guard(
        "releasing a hold before its time",
        STOCK,
        "filter(state=StockHold.State.HELD, expires_at__lte=until)",
        "filter(state=StockHold.State.HELD)",
        f"{TESTS}::test_only_expired_holds_are_released",
    ),
    Guard(
        "changing another shop's stock",
        STOCK,
        "product_id=product_id, product__shop_id=shop_id, is_active=True)",
        "product_id=product_id, is_active=True)",
        f"{TESTS}::test_another_shops_stock_is_not_found",
    ),
    Guard(
        "setting more aside than general stock has",
        ALLOTMENTS,
        "    if sum(level.free for level in general) < quantity:",
        "    if False:",
        f"{SHARED}::test_more_than_general_stock_cannot_be_set_aside",
    ),
    Guard(
        "setting aside twice for one campaign",
        ALLOTMENTS,
        "    if levels.get((sku_id, campaign)):",
        "    if False:",
        f"{SHARED}::test_a_campaign_sets_aside_once",
    ),
    Guard(
        "received is not sold + held + free",
        TABLES,
        'models.F("sold") + models.F("held") + models.F("free")',
        'models.F("received")',
        f"{TESTS}::test_the_database_itself_refuses_impossible_stock",
    ),
    Guard(
        "less than nothing on sale",
        TABLES,
        'models.Q(("free__gte", 0))',
        'models.Q(("free__gte", -1_000_000))',
        f"{TESTS}::test_the_database_itself_refuses_impossible_stock",
    ),
    Guard(
        "less than nothing held",
        TABLES,
        'models.Q(("held__gte", 0))',
        'models.Q(("held__gte", -1_000_000))',
        f"{TESTS}::test_the_database_itself_refuses_impossible_stock",
    ),
    Guard(
        "a level twice",
        TABLES,
        'models.UniqueConstraint(fields=("sku", "campaign", "warehouse", "bucket"), name="stock_level_once")',
        'models.UniqueConstraint(fields=("sku", "campaign", "warehouse", "bucket", "id"), name="stock_level_once")',
        f"{SHARED}::test_the_database_keeps_each_row_and_each_line_once",
    ),
    Guard(
        "holding more than is free, by one statement",
        LEVELS,
        "        AND c.free >= w.quantity AND EXISTS",
        "        AND EXISTS",
        f"{TESTS}::test_more_than_is_free_is_not_held",
        "postgresql",
    ),
    Guard(
        "holding some lines of an order only, by one statement",
        LEVELS,
        "    AND (SELECT COUNT(*) FROM picked) = %s AND NOT EXISTS (",
        "    AND (SELECT COUNT(*) FROM picked) <= %s AND NOT EXISTS (",
        f"{TESTS}::test_all_or_nothing",
        "postgresql",
    ),
    Guard(
        "resolving a hold twice, by one statement",
        LEVELS,
        "WHERE order_ref = ANY(%s::text[]) AND state = %s::text RETURNING",
        "WHERE order_ref = ANY(%s::text[]) AND (state = %s::text OR TRUE) RETURNING",
        f"{TESTS}::test_a_hold_is_consumed_once",
        "postgresql",
    ),
    Guard(
        "two who look at the same level at once",
        LEVELS,
        '        condition += " FOR NO KEY UPDATE OF l"\n',
        '        condition += ""\n',
        "xingqu/catalogue/tests/test_stock_race.py::test_two_orders_that_need_the_same_two_levels",
        "postgresql",
    ),
)
