"""Addresses of this site that providers are told."""

from urllib.parse import urlencode

from django.conf import settings

from xingqu.trade.providers.protocol import PaymentRequest


def return_address(request: PaymentRequest) -> str:
    """Where the buyer comes back to, whatever became of the payment: the page asks how it stands."""
    path, mark, fragment = request.return_path.partition("#")
    separator = "&" if "?" in path else "?"
    query = urlencode({"payment_no": request.payment_no})
    return f"{settings.ENVIRONMENT.origin}{path}{separator}{query}{mark}{fragment}"


def callback_address(provider: str) -> str:
    """Where a provider sends its notices."""
    return f"{settings.ENVIRONMENT.origin}/api/v1/payments/callback/{provider}"
