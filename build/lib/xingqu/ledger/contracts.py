"""What other rooms may know of the ledger."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Balance:
    """One account: everything ever debited and credited to it, and its balance on its own side."""

    account: str
    currency: str
    debits_minor: int
    credits_minor: int
    balance_minor: int


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """Result of checking the books. `problems` is empty when they are right."""

    transfer_count: int
    account_count: int
    problems: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        return not self.problems
