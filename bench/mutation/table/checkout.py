"""Guards of coupons, flash sales, quotes and checkout."""

from bench.mutation.guard import Guard

CLAIMING = "xingqu/programmes/services/claiming.py"
TAKING = "xingqu/programmes/services/taking.py"
QUOTES = "xingqu/trade/services/quotes.py"
CHECKOUT = "xingqu/trade/services/checkout.py"
ADDRESSES = "xingqu/trade/selectors/addresses.py"
CLAIMS = "xingqu/programmes/tests/test_claiming.py"
TAKES = "xingqu/programmes/tests/test_taking.py"
PROMOTIONS = "xingqu/trade/tests/test_promotions.py"
TESTS = "xingqu/trade/tests/test_checkout.py"

ANY_SIGNATURE = (
    'bare = token.rpartition(":")[0]\n'
    '        token = f"{bare}:{signing.TimestampSigner(salt=SALT).signature(bare)}"\n'
    "        content = signing.loads(token, salt=SALT)"
)

GUARDS = (
    Guard(
        "more coupons than there are",
        CLAIMING,
        "AND claimed < stock AND state",
        "AND state",
        f"{CLAIMS}::test_never_more_than_the_stock",
    ),
    Guard(
        "more coupons a person than allowed",
        CLAIMING,
        "range(has + 1, coupon.limit_per_person + 1)",
        "range(has + 1, coupon.limit_per_person + 100)",
        f"{CLAIMS}::test_never_more_a_person_than_the_limit",
    ),
    Guard(
        "a newcomers' coupon for somebody who is none",
        CLAIMING,
        'and coupon.audience == "new_customer"',
        'and coupon.audience == ""',
        f"{PROMOTIONS}::test_who_has_bought_claims_no_newcomers_coupon",
    ),
    Guard(
        "claiming at the wrong time",
        CLAIMING,
        "    if reason is not None:\n",
        "    if False:\n",
        f"{CLAIMS}::test_why_not_now",
    ),
    Guard(
        "paying with another's coupon",
        TAKING,
        "WHERE cl.id = %s AND cl.person_id = %s",
        "WHERE cl.id = %s AND (cl.person_id = %s OR TRUE)",
        f"{CLAIMS}::test_anothers_coupon_and_one_that_is_over_do_not_lock",
    ),
    Guard(
        "paying with a coupon that is over",
        TAKING,
        "AND (%s OR cl.valid_until > %s)",
        "AND (%s OR TRUE OR cl.valid_until > %s)",
        f"{CLAIMS}::test_anothers_coupon_and_one_that_is_over_do_not_lock",
    ),
    Guard(
        "more flash units a person than allowed",
        TAKING,
        " WHERE programmes_flashquota.taken + excluded.taken <= %s RETURNING id",
        " WHERE programmes_flashquota.taken + excluded.taken <= %s + 100 RETURNING id",
        f"{TAKES}::test_one_person_in_several_orders_stays_within_the_limit",
    ),
    Guard(
        "more flash units in one order than allowed",
        TAKING,
        "if row is None or quantity > row[0]:",
        "if row is None:",
        f"{TAKES}::test_one_order_stays_within_the_limit",
    ),
    Guard(
        "flash units of a sale that is paused or over",
        TAKING,
        "AND (%s OR (s.state = 'running' AND",
        "AND (%s OR TRUE OR (s.state = 'running' AND",
        f"{TAKES}::test_a_sale_that_is_paused_or_over_gives_no_units",
    ),
    Guard(
        "giving flash units back twice",
        TAKING,
        "        if mine:\n",
        "        if True:\n",
        f"{TAKES}::test_two_who_give_back_at_once_give_back_once",
    ),
    Guard(
        "a quote nobody signed",
        QUOTES,
        "content = signing.loads(token, salt=SALT)",
        ANY_SIGNATURE,
        f"{TESTS}::test_a_forged_token_is_refused",
    ),
    Guard(
        "another's quote",
        QUOTES,
        'fresh=content["k"] == actor_key and age_ms',
        "fresh=age_ms",
        f"{TESTS}::test_anothers_quote_is_asked_again",
    ),
    Guard(
        "an old quote",
        QUOTES,
        "and age_ms <= settings.ENVIRONMENT.quote_valid_s * 1000",
        "and age_ms >= 0",
        f"{TESTS}::test_an_old_quote_is_asked_again",
    ),
    Guard(
        "a price that has changed",
        CHECKOUT,
        "same = unit_prices(quote) == content.prices_minor and quote.payable_minor == content.payable_minor",
        "same = True",
        f"{TESTS}::test_a_changed_price_is_shown_and_asked",
    ),
    Guard(
        "a sum that has changed",
        CHECKOUT,
        "content.prices_minor and quote.payable_minor == content.payable_minor",
        "content.prices_minor",
        f"{TESTS}::test_freight_to_another_address_is_a_changed_price",
    ),
    Guard(
        "goods that are not for sale",
        CHECKOUT,
        "    refuse_problems(quote)\n",
        "",
        f"{TESTS}::test_what_went_offline_is_refused",
    ),
    Guard(
        "an offer that changed between look and lock",
        CHECKOUT,
        "    if not _still_holds(plan):\n",
        "    if False:\n",
        f"{TESTS}::test_a_price_that_changes_between_look_and_lock_is_asked",
    ),
    Guard(
        "one key for two requests",
        CHECKOUT,
        "    if row[0] != request.fingerprint():\n",
        "    if False:\n",
        f"{TESTS}::test_the_same_key_with_another_body_is_refused",
    ),
    Guard(
        "one key, two orders",
        CHECKOUT,
        "    if row is None:\n        return None\n    if row[0]",
        "    if True:\n        return None\n    if row[0]",
        f"{TESTS}::test_the_same_key_gives_the_same_order_when_its_goods_are_gone",
    ),
    Guard(
        "two buyers with one key",
        CHECKOUT,
        "WHERE k.buyer_key = %s AND k.key = %s",
        "WHERE (k.buyer_key = %s OR TRUE) AND k.key = %s",
        f"{TESTS}::test_keys_of_two_buyers_do_not_meet",
    ),
    Guard(
        "sending to another's address",
        ADDRESSES,
        'WHERE owner_key = %s AND id = %s"',
        'WHERE (owner_key = %s OR TRUE) AND id = %s"',
        f"{TESTS}::test_anothers_address_is_not_there",
    ),
    Guard(
        "an order that costs nothing",
        CHECKOUT,
        "    if quote.payable_minor == 0:\n",
        "    if False:\n",
        f"{TESTS}::test_an_order_costs_something",
    ),
    Guard(
        "a coupon that pays for two orders",
        "xingqu/programmes/migrations/0001_initial.py",
        'condition=models.Q(("state", "released"), _negated=True), fields=("claimed",), name="coupon_used_once"',
        'condition=models.Q(("state", "released"), _negated=True), fields=("claimed", "id"), name="coupon_used_once"',
        f"{CLAIMS}::test_a_coupon_pays_for_one_order",
    ),
)
