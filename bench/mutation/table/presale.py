"""Guards of presales: two phases, each captured once, and where a deposit goes."""

from bench.mutation.guard import Guard

PHASES = "xingqu/trade/services/phases.py"
PRESALES = "xingqu/trade/services/presales.py"
FINALS = "xingqu/trade/services/finals.py"
CAPTURES = "xingqu/trade/services/captures.py"
MAKING = "xingqu/programmes/services/presales.py"
TESTS = "xingqu/trade/tests/test_presale.py"

GUARDS = (
    Guard(
        "taking a deposit twice",
        PHASES,
        "WHERE id = %s AND state = 'unpaid' AND EXISTS",
        "WHERE id = %s AND EXISTS",
        f"{TESTS}::test_a_payment_that_no_longer_fits_goes_back",
    ),
    Guard(
        "taking the rest twice",
        PHASES,
        "WHERE id = %s AND state = 'part_paid'\"",
        'WHERE id = %s"',
        f"{TESTS}::test_a_payment_that_no_longer_fits_goes_back",
    ),
    Guard(
        "a rest of another amount",
        PHASES,
        "AND payable_minor = %s + (SELECT",
        "AND payable_minor + 10000000000 > %s + (SELECT",
        f"{TESTS}::test_a_payment_that_no_longer_fits_goes_back",
    ),
    Guard(
        "the rest before its time",
        PHASES,
        "    if now < opens:\n",
        "    if False:\n",
        f"{TESTS}::test_a_deposit_then_the_rest_with_a_coupon",
    ),
    Guard(
        "coupons of the rest out of its time",
        FINALS,
        "    if parent.state != OrderState.PART_PAID or not terms.final_from <= now < terms.final_until:\n",
        "    if False:\n",
        f"{TESTS}::test_a_deposit_then_the_rest_with_a_coupon",
    ),
    Guard(
        "closing a reserved order before payments made in time are heard of",
        PRESALES,
        "expires_at__lte=at - FINAL_GRACE",
        "expires_at__lte=at",
        f"{TESTS}::test_the_rest_is_not_paid",
    ),
    Guard(
        "ending a reserved order twice",
        PRESALES,
        "ParentOrder.objects.filter(pk=parent.pk, state=OrderState.PART_PAID)",
        "ParentOrder.objects.filter(pk=parent.pk)",
        f"{TESTS}::test_who_may_give_up_a_reserved_order",
    ),
    Guard(
        "a deposit that the merchant keeps though it gave up",
        PRESALES,
        "forfeits = terms.forfeits and reason is CancelReason.FINAL_UNPAID",
        "forfeits = terms.forfeits",
        f"{TESTS}::test_who_may_give_up_a_reserved_order",
    ),
    Guard(
        "a buyer who takes back a deposit that is lost",
        PRESALES,
        "if terms is None or terms.forfeits or not close_reserved",
        "if terms is None or not close_reserved",
        f"{TESTS}::test_who_may_give_up_a_reserved_order",
    ),
    Guard(
        "another shop's reserved order",
        PRESALES,
        "filter(shop_id=shop_id, order_no=order_no)",
        "filter(order_no=order_no)",
        f"{TESTS}::test_who_may_give_up_a_reserved_order",
    ),
    Guard(
        "one key for two presale orders",
        PRESALES,
        "    if row[0] != request.fingerprint():\n",
        "    if False:\n",
        f"{TESTS}::test_a_deposit_then_the_rest_with_a_coupon",
    ),
    Guard(
        "a refund over two payments told before all of it is back",
        CAPTURES,
        "    return Refund.objects.filter(\n        order_id=refund.order_id, reference__startswith",
        "    return False and Refund.objects.filter(\n        order_id=refund.order_id, reference__startswith",
        f"{TESTS}::test_money_back_over_both_payments",
    ),
    Guard(
        "a presale of another shop's goods",
        MAKING,
        "        if offer is None or offer.shop_id != shop_id:\n",
        "        if offer is None:\n",
        f"{TESTS}::test_terms_and_strangers",
    ),
    Guard(
        "one option in two presales at a time",
        MAKING,
        '    if found := sorted(set(taken.values_list("sku_id", flat=True))):\n',
        "    if found := sorted(set[int]()):\n",
        f"{TESTS}::test_terms_and_strangers",
    ),
    Guard(
        "a phase captured twice, in the database",
        "xingqu/trade/migrations/0015_presales.py",
        'fields=("parent", "phase"), name="payment_captured_once"',
        'fields=("parent", "phase", "id"), name="payment_captured_once"',
        f"{TESTS}::test_the_database_captures_a_phase_once",
    ),
    Guard(
        "keeping the deposit of who paid the rest and found the units gone",
        "xingqu/trade/services/applying.py",
        "            keep_no_deposit(attempt.parent_id)\n",
        "            pass\n",
        "xingqu/trade/tests/test_presale_finds.py::test_who_pays_the_rest_of_units_that_are_gone_loses_no_deposit",
    ),
)
