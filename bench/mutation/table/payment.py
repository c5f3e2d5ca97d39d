"""Guards of payments, providers and refunds."""

from bench.mutation.guard import Guard

PAYMENTS = "xingqu/trade/services/payments.py"
APPLYING = "xingqu/trade/services/applying.py"
ORDERS = "xingqu/trade/services/orders.py"
TRANSITION = "xingqu/trade/services/transition.py"
SANDBOX = "xingqu/kit/signed_messages.py"
GATEWAY = "xingqu/trade/providers/sandbox/gateway.py"
REFUNDS = "xingqu/trade/services/refunds.py"
REFUNDED = "xingqu/trade/services/refunded.py"
TABLES = "xingqu/trade/migrations/0005_partial_refunds.py"
TESTS = "xingqu/trade/tests/test_payment.py"
PROVIDERS = "xingqu/trade/tests/test_providers.py"
BACK = "xingqu/trade/tests/test_refunds.py"
STEPS = "xingqu/trade/tests/test_orders.py"

GUARDS = (
    Guard(
        "taking in an event twice",
        PAYMENTS,
        "        if not _receive_once(provider, notice.event_id, number[:32]):\n",
        "        if _receive_once(provider, notice.event_id, number[:32]) is None:\n",
        f"{TESTS}::test_an_event_is_taken_in_once_whatever_it_says_the_second_time",
    ),
    Guard(
        "a payment of another amount or currency",
        PAYMENTS,
        "    if (report.amount_minor, report.currency) != (attempt.amount_minor, attempt.currency):\n",
        "    if False:\n",
        f"{TESTS}::test_signed_notices_that_do_not_fit_change_nothing",
    ),
    Guard(
        "booking an attempt twice",
        PAYMENTS,
        "\" WHERE id = %s AND state IN ('pending', 'failed', 'closed')\"",
        '" WHERE id = %s"',
        f"{TESTS}::test_a_notice_pays_the_order_once",
    ),
    Guard(
        "paying an order twice",
        APPLYING,
        "WHERE id = %s AND state = 'unpaid'\"",
        'WHERE id = %s"',
        f"{TESTS}::test_the_second_of_two_payments_goes_back",
    ),
    Guard(
        "another provider's word for a payment",
        PAYMENTS,
        "WHERE a.payment_no = %s AND a.provider = %s",
        "WHERE a.payment_no = %s AND (a.provider = %s OR TRUE)",
        f"{PROVIDERS}::test_another_providers_word_is_none",
    ),
    Guard(
        "paying another's order",
        PAYMENTS,
        "WHERE o.buyer_key = %s AND {column}",
        "WHERE (o.buyer_key = %s OR TRUE) AND {column}",
        f"{TESTS}::test_paying_needs_an_unpaid_order_of_ones_own_in_time",
    ),
    Guard(
        "starting to pay what is not unpaid",
        "xingqu/trade/services/phases.py",
        "    if state != OrderState.PART_PAID or deposit_minor is None:\n",
        "    if False:\n",
        f"{TESTS}::test_paying_needs_an_unpaid_order_of_ones_own_in_time",
    ),
    Guard(
        "starting to pay too late",
        PAYMENTS,
        "    if expires_at <= now:\n",
        "    if False:\n",
        f"{TESTS}::test_paying_needs_an_unpaid_order_of_ones_own_in_time",
    ),
    Guard(
        "reviving an order that its buyer cancelled",
        APPLYING,
        "rows.filter(state=OrderState.CANCELLED, cancel_reason=CancelReason.TIMEOUT)",
        "rows.filter(state=OrderState.CANCELLED)",
        f"{TESTS}::test_a_payment_of_an_order_its_buyer_cancelled_goes_back",
    ),
    Guard(
        "reviving an order whose discounts another has",
        APPLYING,
        "                    take_again(order_ref=attempt.parent_no)\n",
        "                    pass\n",
        "xingqu/trade/tests/test_promotions.py::test_a_late_payment_whose_coupon_pays_for_another_order_goes_back",
    ),
    Guard(
        "a paid order without its units",
        APPLYING,
        "        if order.hold_ref not in taken:\n",
        "        if order.hold_ref is None:\n",
        f"{TESTS}::test_a_hold_that_ran_out_before_the_payment",
    ),
    Guard(
        "keeping a payment that found nothing to pay",
        APPLYING,
        "        outcome = why_not(attempt.parent_id)\n        _send_back(attempt, now, outcome)\n",
        "        outcome = why_not(attempt.parent_id)\n",
        f"{TESTS}::test_the_second_of_two_payments_goes_back",
    ),
    Guard(
        "cancelling what is paid",
        ORDERS,
        "ParentOrder.objects.filter(pk=parent.pk, state=OrderState.UNPAID)",
        "ParentOrder.objects.filter(pk=parent.pk)",
        f"{STEPS}::test_what_is_paid_is_not_cancelled",
    ),
    Guard(
        "ending an order before its time",
        ORDERS,
        "filter(state=OrderState.UNPAID, expires_at__lte=at)",
        "filter(state=OrderState.UNPAID)",
        f"{STEPS}::test_unpaid_orders_end_when_their_time_is_over",
    ),
    Guard(
        "receiving an order before its time",
        ORDERS,
        "filter(pk=order.pk, receive_by__lte=at)",
        "filter(pk=order.pk)",
        "xingqu/trade/tests/test_times.py::test_what_got_more_time_since_the_worker_looked_is_not_received",
    ),
    Guard(
        "another's order",
        ORDERS,
        "filter(buyer_key=buyer_key, **{column: order_no})",
        "filter(**{column: order_no})",
        f"{STEPS}::test_anothers_orders_are_not_there",
    ),
    Guard(
        "a step that the table does not know",
        TRANSITION,
        'f"UPDATE trade_shoporder SET {settings} WHERE state IN ({allowed}) AND id IN ({marks})"',
        'f"UPDATE trade_shoporder SET {settings} WHERE (state IN ({allowed}) OR TRUE) AND id IN ({marks})"',
        f"{STEPS}::test_every_step_is_guarded_by_the_table",
    ),
    Guard(
        "a notice that the sandbox did not sign",
        SANDBOX,
        "        except (InvalidSignature, binascii.Error, ValueError) as error:\n",
        "        except InvalidSignature:\n            age_s = 0.0\n        except (binascii.Error, ValueError) as error:\n",
        f"{TESTS}::test_forged_and_stale_notices_change_nothing",
    ),
    Guard(
        "a notice of long ago",
        SANDBOX,
        "        if abs(age_s) > max_age_s:\n",
        "        if False:\n",
        f"{TESTS}::test_forged_and_stale_notices_change_nothing",
    ),
    Guard(
        "a notice that Alipay did not sign",
        "xingqu/trade/providers/alipay.py",
        "or not self._client.verify(dict(fields), signature):",
        "or not signature:",
        f"{PROVIDERS}::test_forged_notices_change_nothing",
    ),
    Guard(
        "a notice for another of Alipay's apps",
        "xingqu/trade/providers/alipay.py",
        '        if fields["app_id"] != self._keys.app_id:\n',
        "        if False:\n",
        f"{PROVIDERS}::test_signed_notices_that_do_not_fit_change_nothing",
    ),
    Guard(
        "a notice for another of WeChat's merchants",
        "xingqu/trade/providers/wechat.py",
        "            if content[name] != value:\n",
        "            if False:\n",
        f"{PROVIDERS}::test_signed_notices_that_do_not_fit_change_nothing",
    ),
    Guard(
        "a test notice of Stripe for real money",
        "xingqu/trade/providers/stripe_checkout.py",
        '            if event["livemode"] is not self._is_live:\n',
        "            if False:\n",
        f"{PROVIDERS}::test_signed_notices_that_do_not_fit_change_nothing",
    ),
    Guard(
        "more back than was paid for a line",
        REFUNDS,
        "    if part.amount_minor > paid - before or part.quantity > line.quantity - returned:\n",
        "    if False:\n",
        f"{BACK}::test_nothing_goes_back_twice",
    ),
    Guard(
        "more freight back than was paid",
        REFUNDS,
        "    if amount_minor > left:\n",
        "    if False:\n",
        f"{BACK}::test_nothing_goes_back_twice",
    ),
    Guard(
        "one reference for two refunds",
        REFUNDS,
        "        if not same:\n",
        "        if False:\n",
        f"{BACK}::test_a_reference_is_of_one_order",
    ),
    Guard(
        "a refund of an order that was not paid",
        REFUNDS,
        "    if order.state not in REFUNDABLE:\n",
        "    if False:\n",
        f"{BACK}::test_refunds_need_an_order_that_was_paid_and_is_not_over",
    ),
    Guard(
        "booking a refund twice",
        REFUNDED,
        "Refund.objects.filter(pk=refund.pk, done=False).update(done=True, done_at=now)",
        "Refund.objects.filter(pk=refund.pk).update(done=True, done_at=now)",
        f"{TESTS}::test_a_refund_is_booked_once_by_whoever_is_first",
    ),
    Guard(
        "the gateway giving more back than it took",
        GATEWAY,
        'filter(pk=row.pk, refunded_minor__lte=F("amount_minor") - amount)',
        "filter(pk=row.pk)",
        "xingqu/trade/tests/test_sandbox_gateway.py::test_the_gateway_gives_back_what_it_took_and_no_more",
    ),
    Guard(
        "a refund at the gateway twice",
        GATEWAY,
        "        if earlier is not None:\n",
        "        if False:\n",
        f"{TESTS}::test_a_refund_whose_answer_is_lost_is_not_paid_twice",
    ),
    Guard(
        "a line of which more goes back than was paid, in the database",
        TABLES,
        '                models.F("discount_minor"), "+", models.F("refunded_minor")\n',
        '                models.F("discount_minor"), "-", models.F("refunded_minor")\n',
        f"{BACK}::test_the_database_itself_keeps_refunds_below_what_was_paid",
    ),
    Guard(
        "an order of which more goes back than was paid, in the database",
        TABLES,
        '("refunded_minor__lte", models.F("payable_minor")),',
        '("refunded_minor__lte", 10**15),',
        f"{BACK}::test_the_database_itself_keeps_refunds_below_what_was_paid",
    ),
)
