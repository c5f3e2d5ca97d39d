"""Guards of one payment of several checkouts."""

from bench.mutation.guard import Guard

TOGETHER = "xingqu/trade/services/together.py"
SHARES = "xingqu/trade/services/applying_shares.py"
QUERIES = "xingqu/trade/services/queries.py"
TABLES = "xingqu/trade/migrations/0016_payment_shares.py"
TRIGGERS = "xingqu/trade/migrations/0017_captured_by_one_payment.py"
TESTS = "xingqu/trade/tests/test_together.py"
REFUSALS = f"{TESTS}::test_what_cannot_be_paid_together"

GUARDS = (
    Guard(
        "paying another's orders together with one's own",
        TOGETHER,
        "filter(named, buyer_key=buyer_key)",
        "filter(named)",
        REFUSALS,
    ),
    Guard(
        "paying together what is not unpaid",
        TOGETHER,
        "        if parent.state != OrderState.UNPAID:\n",
        "        if False:\n",
        REFUSALS,
    ),
    Guard(
        "paying together too late",
        TOGETHER,
        "        if parent.expires_at <= now:\n",
        "        if False:\n",
        REFUSALS,
    ),
    Guard(
        "a presale's whole sum in a payment together",
        TOGETHER,
        "        if parent.is_presale:\n",
        "        if False:\n",
        REFUSALS,
    ),
    Guard(
        "two currencies in one payment",
        TOGETHER,
        "    if len({parent.currency for parent in parents}) > 1:\n",
        "    if False:\n",
        REFUSALS,
    ),
    Guard(
        "paying anew, of several, what was paid meanwhile",
        SHARES,
        "[part for part in parts if mark_paid(part.parent_id, now)]",
        "[part for part in parts if mark_paid(part.parent_id, now) or part.amount_minor]",
        f"{TESTS}::test_what_was_paid_meanwhile_goes_back",
    ),
    Guard(
        "keeping the part of a payment that found nothing to pay",
        SHARES,
        "    if surplus:\n",
        "    if False:\n",
        f"{TESTS}::test_what_its_buyer_cancelled_goes_back",
    ),
    Guard(
        "all of a payment back when one of its orders has no units",
        SHARES,
        "        if part.parent_id not in booked:\n",
        "        if False:\n",
        f"{TESTS}::test_units_of_one_that_are_gone_leave_the_others",
    ),
    Guard(
        "a payment of several that goes on when one of them is over",
        QUERIES,
        " AND p.state <> 'unpaid')))\"",
        " AND p.state = 'none')))\"",
        f"{TESTS}::test_an_order_that_ends_closes_the_payment_and_the_others_are_paid_anew",
    ),
    Guard(
        "a refund above the share of its payment",
        "xingqu/trade/services/captures.py",
        "return [(share.attempt, share.amount_minor) for share in shares]",
        "return [(share.attempt, share.amount_minor) for share in shares for _ in range(2)]",
        f"{TESTS}::test_money_back_goes_against_the_share",
    ),
    Guard(
        "a checkout captured by two shares, in the database",
        TABLES,
        'fields=("parent",), name="share_captured_once"',
        'fields=("parent", "id"), name="share_captured_once"',
        f"{TESTS}::test_the_database_captures_a_share_once",
    ),
    Guard(
        "two shares of one payment for one checkout, in the database",
        TABLES,
        'fields=("attempt", "parent"), name="payment_share_once"',
        'fields=("attempt", "parent", "id"), name="payment_share_once"',
        f"{TESTS}::test_the_database_captures_a_share_once",
    ),
    Guard(
        "a share that pays a checkout which was paid alone, in the database",
        TRIGGERS,
        "WHEN NEW.outcome = 'applied'\n",
        "WHEN NEW.outcome = 'applied' AND '{table}' <> 'trade_paymentshare'\n",
        f"{TESTS}::test_the_database_captures_an_order_alone_or_with_others",
    ),
    Guard(
        "a payment that pays a checkout which a share paid, in the database",
        TRIGGERS,
        "WHEN NEW.outcome = 'applied'\n",
        "WHEN NEW.outcome = 'applied' AND '{table}' <> 'trade_paymentattempt'\n",
        f"{TESTS}::test_the_database_captures_an_order_alone_or_with_others",
    ),
    Guard(
        "an alone and a shared capture at the same moment, in the database",
        TRIGGERS,
        "          PERFORM 1 FROM trade_parentorder WHERE id = NEW.parent_id FOR NO KEY UPDATE;\n",
        "",
        "xingqu/trade/tests/test_together_race.py::test_the_database_itself_captures_once",
        "postgresql",
    ),
)
