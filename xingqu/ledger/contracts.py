"""What other rooms may know of the ledger: its answers, and what accounts are called."""

from dataclasses import dataclass
from datetime import datetime

UNAPPLIED = "unapplied:buyers"  # payments that found nothing to pay and go back
PLATFORM_SUBSIDY = "subsidy:platform"  # the platform's part of discounts, owed to merchants like the buyers' payment
TECH_SERVICE_FEE = "fee:tech_service"
ALLIANCE_FEE = "fee:alliance"  # the platform's part of commissions and service fees
RETURN_PREMIUMS = "premium:return_freight"  # what shops paid for the insurance of return freight
TAX_WITHHELD = "tax:withheld"  # of commissions that were paid out, owed to the authorities
TAX_REMITTED = "remitted:tax"  # paid to the authorities
PROTECTION_FUND = "fund:protection"  # 消费者权益保障基金


@dataclass(frozen=True, slots=True)
class Balance:
    """One account: everything ever debited and credited to it, and its balance on its own side.

    `kept_aside_minor` of the balance is promised by pending journals.
    """

    account: str
    currency: str
    debits_minor: int
    credits_minor: int
    balance_minor: int
    kept_aside_minor: int = 0


@dataclass(frozen=True, slots=True)
class AccountLine:
    """What one journal did to one credit account: gained (> 0) or lost. `position` is where a reader goes on from."""

    journal_id: int
    key: str
    reference: str
    at: datetime
    account: str
    amount_minor: int
    position: int


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """Result of checking the books. `problems` is empty when they are right."""

    transfer_count: int
    account_count: int
    problems: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        return not self.problems


def provider_account(provider: str) -> str:
    """Money lying with a payment provider."""
    return f"provider:{provider}"


def escrow_account(shop_id: int) -> str:
    """Paid by buyers for a shop's orders, not yet earned."""
    return f"escrow:shop:{shop_id}"


def presale_account(shop_id: int) -> str:
    """Deposits of a shop's presales whose rest is not paid yet."""
    return f"presale:shop:{shop_id}"


def receivable_account(shop_id: int) -> str:
    """Earned by a merchant, not yet settled (货款)."""
    return f"receivable:shop:{shop_id}"


def balance_account(shop_id: int) -> str:
    """Settled with a merchant: what can be withdrawn, or (below zero) what refunds after the settlement left owing."""
    return f"balance:shop:{shop_id}"


def deposit_account(shop_id: int) -> str:
    """A merchant's security deposit (保证金)."""
    return f"deposit:shop:{shop_id}"


def commission_account(payee: str, payee_id: int) -> str:
    """Commission that is a creator's ("creator"), an agency's ("mcn") or a colonel's ("colonel")."""
    return f"commission:{payee}:{payee_id}"


def custody_account(reference: str) -> str:
    """Money kept between two sides until it is clear whose it is: a slot fee, the deposit for a sample."""
    return f"custody:{reference}"


def carrier_account(carrier_code: str) -> str:
    """Owed to a carrier for carriage that the platform pays."""
    return f"freight:carrier:{carrier_code}"


def payout_account(bank: str) -> str:
    """What a bank has paid out to merchants for the platform."""
    return f"payout:{bank}"
