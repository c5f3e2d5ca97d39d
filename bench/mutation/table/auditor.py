"""Guards of what compensations cost and payouts withhold, and of the auditor itself."""

from bench.mutation.guard import Guard

SHARES = "xingqu/trade/selectors/shares.py"
ACCOUNTS = "xingqu/settlement/selectors/audit_accounts.py"
JOURNALS = "xingqu/settlement/selectors/audit_journals.py"
ORDERS = "xingqu/settlement/selectors/audit_orders.py"
COMPENSATIONS = "xingqu/alliance/tests/test_compensations.py"
SAMPLES = "xingqu/collaboration/tests/test_sample_money.py::test_a_deposit_that_came_back_is_no_income"
AUDITED = "xingqu/settlement/tests/test_audited_accounts.py"

GUARDS = (
    Guard(
        "a shop that gains by a compensation: commission that came back",
        SHARES,
        "-back[key] if (key :=",
        "0 if (key :=",
        f"{COMPENSATIONS}::test_a_compensation_leaves_the_shop_as_it_was",
    ),
    Guard(
        "a shop that gains by a compensation: commission it will not owe",
        SHARES,
        "in back else _not_earned_minor(number)",
        "in back else 0",
        f"{COMPENSATIONS}::test_a_compensation_leaves_the_shop_as_it_was",
    ),
    Guard(
        "a shop that pays half of a compensation: an order of two payments",
        SHARES,
        'asked = Q(reference=reference) | Q(reference__startswith=f"{reference}{MORE}")',
        "asked = Q(reference=reference)",
        f"{COMPENSATIONS}::test_an_order_that_was_paid_in_two_parts",
    ),
    Guard(
        "tax on a deposit that came back",
        "xingqu/collaboration/services/sample_moves.py",
        "is_own=not to_shop",
        "is_own=False",
        SAMPLES,
    ),
    Guard(
        "no tax on commission that went through a deposit",
        "xingqu/settlement/selectors/custody.py",
        "left[reference] += -total if into else total",
        "left[reference] += 0 if into else total",
        SAMPLES,
    ),
    Guard(
        "one deposit that frees two payouts of tax",
        "xingqu/settlement/selectors/taxes.py",
        ' - (paid.aggregate(total=Sum("exempt_minor"))["total"] or 0), 0)',
        ", 0)",
        SAMPLES,
    ),
    Guard(
        "an audit blind to a journal that no row asks for",
        ACCOUNTS,
        "sorted(expected.keys() | rows.keys() | aside.keys())",
        "sorted(expected.keys())",
        f"{AUDITED}::test_a_stray_journal_shows_in_every_account",
    ),
    Guard(
        "an audit blind to what is kept aside",
        ACCOUNTS,
        'yield from _same("account_aside", key, aside.get(key, 0), found[1])',
        "yield from ()",
        f"{AUDITED}::test_a_row_that_says_a_cent_more_is_found",
    ),
    Guard(
        "an audit blind to a withdrawal's, deposit's, custody's or presale's journal",
        JOURNALS,
        "if found.get(row.key) != row.amount_minor:",
        "if False:",
        f"{AUDITED}::test_a_row_that_says_a_cent_more_is_found",
    ),
    Guard(
        "an audit blind to the journals of shares",
        ORDERS,
        "if booked != order.shared_minor:",
        "if False:",
        f"{COMPENSATIONS}::test_the_auditor_compares_shares_with_their_journals",
    ),
)
