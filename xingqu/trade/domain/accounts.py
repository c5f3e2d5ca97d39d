"""What trade takes of a merchant's income."""


def tech_service_fee_minor(income_minor: int, rate_bp: int) -> int:
    """The platform's fee (技术服务费) in minor units of what the merchant gets (paid by the buyer or by the platform), rounded
    down in the merchant's favour; `rate_bp` in basis points."""
    return income_minor * rate_bp // 10_000
