"""Payment providers behind one protocol."""

from functools import cache

from xingqu.kit.errors import NotFound
from xingqu.trade.providers.protocol import PaymentProvider
from xingqu.trade.providers.sandbox.client import SandboxProvider


@cache
def _providers() -> dict[str, PaymentProvider]:
    return {"sandbox": SandboxProvider()}


def get_provider(name: str) -> PaymentProvider:
    """The provider of this name. Raises NotFound."""
    provider = _providers().get(name)
    if provider is None:
        raise NotFound(field="provider", expected=", ".join(_providers()))
    return provider
