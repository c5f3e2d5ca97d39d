"""Orders as goods, as information and as money: three stories of each, and the shops' sums of them."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from xingqu.catalogue.selectors import units_taken
from xingqu.fulfilment.selectors import audited_covers, units_packed
from xingqu.kit import clock
from xingqu.ledger.contracts import PLATFORM_SUBSIDY, RETURN_PREMIUMS, balance_account, carrier_account
from xingqu.ledger.selectors import booked_amounts
from xingqu.settlement.contracts import Difference
from xingqu.settlement.models import Settlement
from xingqu.settlement.selectors.audit_accounts import Totals
from xingqu.trade.contracts import AuditedOrder
from xingqu.trade.selectors import audited_orders, audited_shares

Count = Callable[[str, int], None]
# The facts of an order reach this room a little after it.
KNOWN_AFTER = timedelta(minutes=10)
COVERS_AT_ONCE = 500


def look_at_orders(count: Count, totals: Totals) -> Iterator[Difference]:
    """Each paid order against its lines, refunds, stock, packages, settlement and journals."""
    for orders in audited_orders():
        count("orders", len(orders))
        numbers = [order.order_no for order in orders]
        taken = units_taken(order_refs=[order.hold_ref for order in orders])
        packed = units_packed(order_nos=numbers)
        planned = {row.order_no: row for row in Settlement.objects.filter(order_no__in=numbers)}
        earned = booked_amounts(keys=[f"received:{number}" for number in numbers], kind="escrow")
        settled = booked_amounts(keys=[f"settled:{number}" for number in numbers], kind="balance")
        for order in orders:
            totals.add(order)
            yield from _goods(order, taken.get(order.hold_ref, (0, 0)), packed.get(order.order_no, 0))
            yield from _information(order)
            yield from _settlement(order, planned.get(order.order_no))
            yield from _journals(
                order,
                planned.get(order.order_no),
                earned.get(f"received:{order.order_no}"),
                settled.get(f"settled:{order.order_no}"),
            )


def _goods(order: AuditedOrder, taken: tuple[int, int], packed: int) -> Iterator[Difference]:
    yield from _same("goods", "units_taken", order, order.units, taken[0])
    yield from _same("goods", "units_returned", order, order.returned_units, taken[1])
    yield from _same("goods", "units_shipped", order, order.shipped_units, packed)
    yield from _same("goods", "units_refunded", order, order.refund_units, order.returned_units)


def _information(order: AuditedOrder) -> Iterator[Difference]:
    yield from _same("information", "order_sum", order, order.payable_minor, order.lines_minor)
    yield from _same("information", "refund_sum", order, order.refunds_minor, order.refunded_minor)
    yield from _same("information", "refund_subsidy", order, order.refunds_subsidy_minor, order.refunded_subsidy_minor)
    yield from _same("information", "refund_lines", order, order.refunded_minor, order.lines_refunded_minor)
    left = order.payable_minor + order.subsidy_minor - order.refunded_minor - order.refunded_subsidy_minor
    if order.state == "refunded" and left:
        yield Difference("information", "refunded_state", order.order_no, order.shop_id, "nothing left", str(left))
    if order.state in ("paid", "part_shipped", "shipped", "done") and not left and order.payable_minor:
        yield Difference("information", "refunded_state", order.order_no, order.shop_id, "refunded", order.state)


def _settlement(order: AuditedOrder, planned: Settlement | None) -> Iterator[Difference]:
    if order.done_at is None:
        if planned is not None:
            yield Difference(
                "information", "settlement_early", order.order_no, order.shop_id, "no settlement", planned.state
            )
        return
    if planned is None:
        if order.done_at + KNOWN_AFTER < clock.now():
            yield Difference("information", "settlement_missing", order.order_no, order.shop_id, "planned", "nothing")
        return
    ours = planned.state == Settlement.State.SETTLED
    if ours != (order.settled_at is not None):
        expected = "settled" if order.settled_at is not None else "not settled"
        yield Difference("information", "settlement_state", order.order_no, order.shop_id, expected, planned.state)


def _journals(
    order: AuditedOrder, planned: Settlement | None, earned: int | None, settled: int | None
) -> Iterator[Difference]:
    if order.done_at is not None and earned != order.income_minor:
        yield _money("receipt_booked", order, order.income_minor, earned)
    if order.settled_at is not None and planned is not None and settled != -planned.net_minor:
        yield _money("settlement_booked", order, -planned.net_minor, settled)
    if order.settled_at is None and settled is not None:
        yield _money("settlement_booked", order, None, settled)


def _money(kind: str, order: AuditedOrder, expected: int | None, found: int | None) -> Difference:
    words = ["nothing" if amount is None else str(amount) for amount in (expected, found)]
    return Difference("money", kind, order.order_no, order.shop_id, words[0], words[1])


def _same(flow: str, kind: str, order: AuditedOrder, expected: int, found: int) -> Iterator[Difference]:
    if expected != found:
        yield Difference(flow, kind, order.order_no, order.shop_id, str(expected), str(found))


def look_at_covers(count: Count, totals: Totals) -> Iterator[Difference]:
    """Each insurance of return freight against its two journals: the shop's premium, and what the carrier is owed."""
    rows = audited_covers()
    count("covers", len(rows))
    for start in range(0, len(rows), COVERS_AT_ONCE):
        batch = rows[start : start + COVERS_AT_ONCE]
        taken = booked_amounts(keys=[f"cover_premium:{row.order_no}" for row in batch], kind="balance")
        claims = [f"cover_claim:{row.order_no}" for row in batch]
        owed, pooled = booked_amounts(keys=claims, kind="freight"), booked_amounts(keys=claims, kind="premium")
        for row in batch:
            # How much of a claim the premiums held then is what its journal says; the platform bears the rest.
            of_pool = pooled.get(f"cover_claim:{row.order_no}", 0)
            totals.expected[balance_account(row.shop_id), "CNY"] -= row.premium_minor
            totals.expected[RETURN_PREMIUMS, "CNY"] += row.premium_minor - of_pool
            totals.expected[PLATFORM_SUBSIDY, "CNY"] += row.paid_minor - of_pool
            if row.carrier_code:
                totals.expected[carrier_account(row.carrier_code), "CNY"] += row.paid_minor
            found = taken.get(f"cover_premium:{row.order_no}", 0)
            if found != row.premium_minor:
                yield Difference(
                    "money", "cover_premium", row.order_no, row.shop_id, str(row.premium_minor), str(found)
                )
            paid = -owed.get(f"cover_claim:{row.order_no}", 0)
            if paid != row.paid_minor:
                yield Difference("money", "cover_claim", row.order_no, row.shop_id, str(row.paid_minor), str(paid))


def look_at_shares(count: Count, totals: Totals) -> Iterator[Difference]:
    """What creators, agencies, colonels and the platform have of settled orders, against what the lines say."""
    for orders in audited_shares():
        count("shares", len(orders))
        left = booked_amounts(keys=[f"commission:{order.order_no}" for order in orders], kind="balance")
        back = booked_amounts(
            keys=[f"commission_back:{number}" for order in orders for number in order.refund_nos], kind="balance"
        )
        for order in orders:
            totals.expected[balance_account(order.shop_id), order.currency] -= order.shared_minor
            for account, amount in order.due.items():
                totals.expected[account, order.currency] += amount
            if sum(order.due.values()) != order.shared_minor:
                words = str(sum(order.due.values())), str(order.shared_minor)
                yield Difference("money", "shares", order.order_no, order.shop_id, *words)
            booked = left.get(f"commission:{order.order_no}", 0)
            booked += sum(back.get(f"commission_back:{number}", 0) for number in order.refund_nos)
            if booked != order.shared_minor:
                words = str(order.shared_minor), str(booked)
                yield Difference("money", "shares_booked", order.order_no, order.shop_id, *words)
