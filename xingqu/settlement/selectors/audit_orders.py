"""Orders as goods, as information and as money: three stories of each, and the shops' sums of them."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Sum

from xingqu.catalogue.selectors import units_taken
from xingqu.fulfilment.selectors import audited_covers, units_packed
from xingqu.kit import clock
from xingqu.ledger.contracts import (
    ALLIANCE_FEE,
    TAX_WITHHELD,
    balance_account,
    escrow_account,
    presale_account,
    receivable_account,
)
from xingqu.ledger.selectors import balances_of_kind, booked_amounts
from xingqu.settlement.contracts import Difference
from xingqu.settlement.models import Settlement, Withdrawal
from xingqu.settlement.selectors.audit_deposits import add_deposits
from xingqu.trade.contracts import AuditedOrder
from xingqu.trade.selectors import audited_deposits, audited_orders, audited_shares

Count = Callable[[str, int], None]
# The facts of an order reach this room a little after it.
KNOWN_AFTER = timedelta(minutes=10)
COVERS_AT_ONCE = 500


@dataclass
class Totals:
    """What orders say that the accounts should hold: (account, currency) -> minor units."""

    expected: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, order: AuditedOrder) -> None:
        """An order's money is in escrow, in the receivable or in the balance."""
        sold, back = order.payable_minor + order.subsidy_minor, order.refunded_minor + order.refunded_subsidy_minor
        if order.done_at is None:
            self.expected[escrow_account(order.shop_id), order.currency] += sold - back
            return
        since_receipt = back - (sold - order.income_minor)
        net = order.income_minor - since_receipt - (order.fee_minor - order.fee_returned_minor)
        account = receivable_account if order.settled_at is None else balance_account
        self.expected[account(order.shop_id), order.currency] += net


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
        owed = booked_amounts(keys=[f"cover_claim:{row.order_no}" for row in batch], kind="freight")
        for row in batch:
            totals.expected[balance_account(row.shop_id), "CNY"] -= row.premium_minor
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
        for order in orders:
            totals.expected[balance_account(order.shop_id), order.currency] -= order.shared_minor
            for account, amount in order.due.items():
                totals.expected[account, order.currency] += amount
            if sum(order.due.values()) != order.shared_minor:
                words = str(sum(order.due.values())), str(order.shared_minor)
                yield Difference("money", "shares", order.order_no, order.shop_id, *words)


def look_at_totals(totals: Totals) -> Iterator[Difference]:
    """The accounts of shops against the sums of their orders, withdrawals and deposits."""
    expected = totals.expected
    paid = Withdrawal.objects.filter(state=Withdrawal.State.PAID).values_list("shop_id", "source", "currency")
    for shop_id, source, currency, net, tax in paid.annotate(net=Sum("amount_minor"), tax=Sum("tax_minor")):
        expected[source or balance_account(shop_id), currency] -= net + tax
        expected[TAX_WITHHELD, currency] += tax
    for shop_id, currency, held, lost in audited_deposits():
        expected[presale_account(shop_id), currency] += held
        expected[balance_account(shop_id), currency] += lost
    add_deposits(expected)
    found = {
        key: minor
        for kind in ("escrow", "receivable", "balance", "deposit", "commission", "custody", "presale", "tax")
        for key, minor in balances_of_kind(kind=kind).items()
    }
    found.update({key: minor for key, minor in balances_of_kind(kind="fee").items() if key[0] == ALLIANCE_FEE})
    for account, currency in sorted(expected.keys() | found.keys()):
        amounts = expected.get((account, currency), 0), found.get((account, currency), 0)
        if amounts[0] != amounts[1]:
            shop = account.rpartition(":")[2]
            yield Difference(
                "money",
                "account_total",
                f"{account} {currency}",
                int(shop) if shop.isdigit() else None,
                str(amounts[0]),
                str(amounts[1]),
            )
