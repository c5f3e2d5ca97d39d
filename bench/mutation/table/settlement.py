"""Guards of settlement, withdrawals and deposits."""

from bench.mutation.guard import Guard

SETTLING = "xingqu/trade/services/settling.py"
DUE = "xingqu/settlement/services/settling.py"
WITHDRAWALS = "xingqu/settlement/services/withdrawals.py"
PAYOUTS = "xingqu/settlement/services/payouts.py"
DEPOSITS = "xingqu/settlement/services/deposits.py"
RULES = "xingqu/settlement/services/rules.py"
HOLDS = "xingqu/settlement/services/holds.py"
BANK = "xingqu/kit/signed_messages.py"
TESTS = "xingqu/settlement/tests/test_settling.py"
REMITTED = "xingqu/settlement/tests/test_remittances.py"
TAXES = "xingqu/settlement/services/remittances.py"
WAITING = "xingqu/settlement/selectors/remittances.py"
MONEY_OUT = "xingqu/settlement/tests/test_withdrawals.py"

PAST = (
    "    if effective_from < now:\n"
    '        raise InvalidInput(field="effective_from", expected="a moment that has not come: the past'
)
GUARDS = (
    Guard(
        "settling twice",
        SETTLING,
        "    if order.settled_at is not None:\n",
        "    if False:\n",
        f"{TESTS}::test_an_order_settles_once",
    ),
    Guard(
        "settling what was not received",
        SETTLING,
        "    if order.state != OrderState.DONE:\n",
        "    if False:\n",
        f"{TESTS}::test_only_received_orders_settle",
    ),
    Guard(
        "settling while a case is open",
        SETTLING,
        "    if order.open_cases:\n",
        "    if False:\n",
        f"{TESTS}::test_an_open_case_keeps_the_money",
    ),
    Guard(
        "settling while a refund is on its way",
        SETTLING,
        "    if Refund.objects.filter(order=order, done=False).exists():\n",
        "    if False:\n",
        f"{TESTS}::test_a_refund_on_its_way_keeps_the_money",
    ),
    Guard(
        "a settlement that is written down with what is left of it later",
        "xingqu/trade/services/settling.py",
        '    if outcome == "already":\n',
        "    if False:\n",
        "xingqu/settlement/tests/test_settling.py::test_what_was_settled_before_is_written_down_as_it_was",
    ),
    Guard(
        "settling before the period is over",
        DUE,
        "filter(state=Settlement.State.PENDING, look_at__lte=now)",
        "filter(state=Settlement.State.PENDING)",
        f"{TESTS}::test_an_order_settles_when_its_period_is_over",
    ),
    Guard(
        "settling what an operator holds",
        DUE,
        "    if active_hold(shop_id=row.shop_id, order_no=row.order_no) is not None:\n",
        "    if False:\n",
        f"{TESTS}::test_a_risk_hold_keeps_a_shops_money_until_it_is_lifted",
    ),
    Guard(
        "holding an order that is not the shop's",
        HOLDS,
        "    if order_no and earning_of(order_no=order_no).shop_id != shop_id:\n",
        "    if False:\n",
        f"{TESTS}::test_a_hold_is_on_an_order_of_the_shop",
    ),
    Guard(
        "a rule for the past",
        RULES,
        PAST,
        PAST.replace("effective_from < now", "False"),
        f"{TESTS}::test_rules_are_for_the_future_and_taken_back_only_there",
    ),
    Guard(
        "withdrawing what is not there",
        WITHDRAWALS,
        "        must_bear=[source],\n",
        "",
        f"{MONEY_OUT}::test_what_is_not_there_is_not_paid",
    ),
    Guard(
        "one key, two withdrawals",
        WITHDRAWALS,
        "    if earlier is not None:\n",
        "    if False:\n",
        f"{MONEY_OUT}::test_the_same_key_asks_once",
    ),
    Guard(
        "one key for two amounts",
        WITHDRAWALS,
        "        if (earlier.source, earlier.amount_minor + earlier.tax_minor) != (demand.source, demand.gross_minor):\n",
        "        if False:\n",
        f"{MONEY_OUT}::test_the_same_key_asks_once",
    ),
    Guard(
        "withdrawing less than the least",
        WITHDRAWALS,
        "    if demand.gross_minor < least:\n",
        "    if False:\n",
        f"{MONEY_OUT}::test_what_is_not_there_is_not_paid",
    ),
    Guard(
        "withdrawing what an operator holds",
        WITHDRAWALS,
        "    if hold is not None:\n",
        "    if False:\n",
        f"{MONEY_OUT}::test_a_hold_or_no_account_stops_withdrawals",
    ),
    Guard(
        "deciding a withdrawal twice",
        PAYOUTS,
        "asked = Withdrawal.objects.filter(withdrawal_no=withdrawal_no, state=Withdrawal.State.ASKED)",
        "asked = Withdrawal.objects.filter(withdrawal_no=withdrawal_no)",
        f"{MONEY_OUT}::test_a_withdrawal_is_decided_once",
    ),
    Guard(
        "an answer about something else",
        PAYOUTS,
        "    if (report.payout_no, report.amount_minor, report.currency) != (row.withdrawal_no, row.amount_minor, row.currency):\n",
        "    if False:\n",
        f"{MONEY_OUT}::test_an_answer_about_something_else_decides_nothing",
    ),
    Guard(
        "a bank that listens to anybody",
        BANK,
        "        except (InvalidSignature, binascii.Error, ValueError) as error:\n",
        "        except InvalidSignature:\n            age_s = 0.0\n        except (binascii.Error, ValueError) as error:\n",
        f"{MONEY_OUT}::test_the_bank_listens_to_the_platform_only",
    ),
    Guard(
        "a bank that pays a number twice",
        "xingqu/settlement/providers/sandbox/bank.py",
        "    if (row.amount_minor, row.currency, row.number) != (amount, currency, number):\n",
        "    if False:\n",
        f"{MONEY_OUT}::test_the_bank_listens_to_the_platform_only",
    ),
    Guard(
        "a deposit of what is not there",
        DEPOSITS,
        "            must_bear=[balance],\n",
        "",
        "xingqu/settlement/tests/test_deposits.py::test_out_of_the_balance_frozen_and_decided_once",
    ),
    Guard(
        "deciding a freeze twice",
        DEPOSITS,
        "filter(pk=row.pk, state=State.FROZEN)",
        "filter(pk=row.pk)",
        "xingqu/settlement/tests/test_deposits.py::test_out_of_the_balance_frozen_and_decided_once",
    ),
    Guard(
        "paying a month's tax before it is over",
        TAXES,
        "    if until > now:\n",
        "    if False:\n",
        f"{REMITTED}::test_a_month_from_payouts_to_the_receipt",
    ),
    Guard(
        "two payments of one month's tax",
        TAXES,
        "    if earlier is not None:\n        if (earlier.reference, earlier.total_minor) != (reference, total_minor):\n",
        "    if earlier is not None:\n        if False:\n",
        f"{REMITTED}::test_one_run_a_month",
    ),
    Guard(
        "one receipt for two months",
        TAXES,
        "    if used is not None:\n",
        "    if False:\n",
        f"{REMITTED}::test_one_run_a_month",
    ),
    Guard(
        "paying the authorities another sum than was seen",
        TAXES,
        "    if row.total_minor != total_minor:\n",
        "    if False:\n",
        f"{REMITTED}::test_a_month_from_payouts_to_the_receipt",
    ),
    Guard(
        "paying the tax of a payout twice",
        WAITING,
        "filter(TAXED, remittance=None, done_at__lt=until",
        "filter(TAXED, done_at__lt=until",
        f"{REMITTED}::test_withheld_is_given_back_remitted_or_outstanding",
    ),
    Guard(
        "netting given back tax twice",
        WAITING,
        "TaxReturn.objects.filter(remittance=None, withdrawal__done_at__lt=until",
        "TaxReturn.objects.filter(withdrawal__done_at__lt=until",
        f"{REMITTED}::test_what_was_given_back_is_netted",
    ),
    Guard(
        "giving back more tax than was withheld",
        TAXES,
        "    if amount_minor > most:\n",
        "    if False:\n",
        f"{REMITTED}::test_what_was_given_back_is_netted",
    ),
    Guard(
        "taxing again what was given back of tax",
        "xingqu/settlement/selectors/taxes.py",
        "    own = given_back_minor(account=account) + back\n",
        "    own = given_back_minor(account=account)\n",
        f"{REMITTED}::test_what_was_given_back_is_netted",
    ),
    Guard(
        "an auditor that does not know what the authorities were paid",
        "xingqu/settlement/selectors/audit_taxes.py",
        "        expected[TAX_REMITTED, row.currency] += row.total_minor\n",
        "",
        f"{REMITTED}::test_a_month_from_payouts_to_the_receipt",
    ),
    Guard(
        "a remittance that says another sum than its payouts",
        "xingqu/settlement/selectors/audit_taxes.py",
        "            if found != said:\n",
        "            if False:\n",
        f"{REMITTED}::test_a_row_that_says_otherwise_is_found",
    ),
)
