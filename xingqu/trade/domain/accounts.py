"""Codes of the ledger accounts that trade posts to."""


def provider_account(provider: str) -> str:
    """Money lying with a payment provider."""
    return f"provider:{provider}"


def escrow_account(shop_id: int) -> str:
    """Paid by buyers for a shop's orders, not yet earned."""
    return f"escrow:shop:{shop_id}"


def receivable_account(shop_id: int) -> str:
    """Earned by a merchant, not yet paid out (货款)."""
    return f"receivable:shop:{shop_id}"


def balance_account(shop_id: int) -> str:
    """Settled with a merchant: what can be withdrawn, or (below zero) what refunds after the settlement left owing."""
    return f"balance:shop:{shop_id}"


UNAPPLIED = "unapplied:buyers"  # payments that found nothing to pay and go back
PLATFORM_SUBSIDY = "subsidy:platform"  # the platform's part of discounts, owed to merchants like the buyers' payment
TECH_SERVICE_FEE = "fee:tech_service"


def tech_service_fee_minor(income_minor: int, rate_bp: int) -> int:
    """The platform's fee (技术服务费) in minor units of what the merchant gets (paid by the buyer or by the platform), rounded
    down in the merchant's favour; `rate_bp` in basis points."""
    return income_minor * rate_bp // 10_000
