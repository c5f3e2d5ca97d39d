"""The arithmetic of double entry, pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from xingqu.kit.money import EXPONENTS, MAX_MINOR


class Nature(StrEnum):
    """On which side an account grows."""

    DEBIT = "debit"  # assets and costs: what the platform has or has spent
    CREDIT = "credit"  # liabilities and income: what it owes or has earned


@dataclass(frozen=True, slots=True)
class AccountKind:
    """`covered`: the account may never fall below zero on its own side; the database refuses the transfer that would do it."""

    nature: Nature
    covered: bool


class Phase(StrEnum):
    """What a journal does. A pending one keeps its amounts aside until a second one posts or voids it, exactly one."""

    POSTED = "posted"
    PENDING = "pending"
    POST = "post"
    VOID = "void"
    REVERSAL = "reversal"


# The first part of an account's code says what it is; the rest says whose.
ACCOUNT_KINDS = {
    "provider": AccountKind(Nature.DEBIT, covered=True),  # money lying with a payment provider: "provider:sandbox"
    "escrow": AccountKind(Nature.CREDIT, covered=True),  # buyer funds, not yet earned by the shop: "escrow:shop:7"
    "presale": AccountKind(Nature.CREDIT, covered=True),  # deposits of presales: "presale:shop:7"
    "receivable": AccountKind(Nature.CREDIT, covered=True),  # 货款, earned by a merchant: "receivable:shop:7"
    "balance": AccountKind(Nature.CREDIT, covered=False),  # settled with a merchant, below zero after late refunds
    "unapplied": AccountKind(Nature.CREDIT, covered=True),  # a buyer's payment that must go back: "unapplied:buyers"
    "subsidy": AccountKind(Nature.DEBIT, covered=True),  # what the platform pays of a buyer's price: "subsidy:platform"
    "fee": AccountKind(Nature.CREDIT, covered=True),  # the platform's income: "fee:tech_service"
    # Owed to creators, their agencies and colonels, below zero after late refunds: "commission:creator:7"
    "commission": AccountKind(Nature.CREDIT, covered=False),
    "tax": AccountKind(Nature.CREDIT, covered=True),  # withheld, owed to the authorities: "tax:withheld"
    "remitted": AccountKind(Nature.CREDIT, covered=True),  # paid to them, to be made good by a bank: "remitted:tax"
    "freight": AccountKind(Nature.CREDIT, covered=True),  # owed for carriage and its insurance: "freight:carrier:sf"
    "premium": AccountKind(Nature.CREDIT, covered=True),  # paid by shops for insurance: "premium:return_freight"
    "deposit": AccountKind(Nature.CREDIT, covered=True),  # 保证金 of a merchant: "deposit:shop:7"
    "fund": AccountKind(Nature.CREDIT, covered=True),  # set aside for consumers: "fund:protection"
    # Kept between two sides until it is clear whose it is, an account for each matter: "custody:C2611239k..."
    "custody": AccountKind(Nature.CREDIT, covered=True),
    "payout": AccountKind(Nature.CREDIT, covered=True),  # paid out by a bank, to be made good: "payout:sandbox_bank"
}


class Unbalanced(ValueError):
    """Entries that do not sum to zero, or that are no entries at all."""


class UnknownAccountKind(ValueError):
    """An account whose first part is not in `ACCOUNT_KINDS`."""


@dataclass(frozen=True, slots=True)
class TransferLine:
    """`amount_minor` (> 0) leaves `credit_account` and arrives in `debit_account`."""

    debit_account: str
    credit_account: str
    amount_minor: int


def kind_of(account: str) -> AccountKind:
    """Kind of an account by its code. Raises UnknownAccountKind."""
    kind = ACCOUNT_KINDS.get(account.partition(":")[0])
    if kind is None or len(account) > 80 or account.endswith(":") or ":" not in account:
        raise UnknownAccountKind(f"{account!r} must be <kind>:<whose>, the kind one of {', '.join(ACCOUNT_KINDS)}")
    return kind


def pair_entries(entries: Iterable[tuple[str, int]], currency: str) -> tuple[TransferLine, ...]:
    """Turn signed entries (positive = debit) into transfers, each of which is zero-sum by construction.

    Entries of one account are summed first; what cancels out disappears. At most one transfer fewer than accounts results.
    Raises Unbalanced, UnknownAccountKind; ValueError for an unknown currency or an amount out of range.
    """
    if currency not in EXPONENTS:
        raise ValueError(f"unknown currency {currency!r}")
    sums: dict[str, int] = {}
    for account, amount_minor in entries:
        kind_of(account)
        if not isinstance(amount_minor, int) or isinstance(amount_minor, bool) or abs(amount_minor) > MAX_MINOR:
            raise ValueError(f"{amount_minor!r} is no amount of minor units")
        sums[account] = sums.get(account, 0) + amount_minor
    if sum(sums.values()) != 0:
        raise Unbalanced(f"entries sum to {sum(sums.values())}, not to zero")
    debits = [(account, amount) for account, amount in sums.items() if amount > 0]
    credits = [(account, -amount) for account, amount in sums.items() if amount < 0]
    lines: list[TransferLine] = []
    debit_index = credit_index = 0
    debit_left = debits[0][1] if debits else 0
    credit_left = credits[0][1] if credits else 0
    while debit_index < len(debits) and credit_index < len(credits):
        amount = min(debit_left, credit_left)
        lines.append(TransferLine(debits[debit_index][0], credits[credit_index][0], amount))
        debit_left -= amount
        credit_left -= amount
        if debit_left == 0:
            debit_index += 1
            debit_left = debits[debit_index][1] if debit_index < len(debits) else 0
        if credit_left == 0:
            credit_index += 1
            credit_left = credits[credit_index][1] if credit_index < len(credits) else 0
    return tuple(lines)
