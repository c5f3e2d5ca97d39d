"""Payment providers behind one protocol. Which of them a site has follows from its settings."""

import logging
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from django.conf import settings

from xingqu.kit.errors import NotFound
from xingqu.trade.domain.errors import MethodUnavailable
from xingqu.trade.providers.keys import Misconfigured, alipay_keys, stripe_keys, wechat_keys
from xingqu.trade.providers.protocol import PaymentProvider
from xingqu.trade.providers.sandbox.client import SandboxProvider

log = logging.getLogger(__name__)
# The SDKs are the extra `payments`: a site that has no use for them does not load them, nor need them.
INSTALL = "the packages of the extra `payments` are missing: pip install 'xingqu[payments]'"


def _alipay(keys: Any) -> PaymentProvider:
    from xingqu.trade.providers.alipay import AlipayProvider

    return AlipayProvider(keys)


def _wechat(keys: Any) -> PaymentProvider:
    from xingqu.trade.providers.wechat import WechatProvider

    return WechatProvider(keys)


def _stripe(keys: Any) -> PaymentProvider:
    from xingqu.trade.providers.stripe_checkout import StripeProvider

    return StripeProvider(keys)


Keys = Callable[[Any], Any]
Make = Callable[[Any], PaymentProvider]
# Name -> (what it is reached with, from the settings; the adapter). In the order in which buyers see them.
ADAPTERS: dict[str, tuple[Keys, Make]] = {
    "alipay": (alipay_keys, _alipay),
    "wechat": (wechat_keys, _wechat),
    "stripe": (stripe_keys, _stripe),
}
NAMES = (*ADAPTERS, "sandbox")
_sandbox = SandboxProvider()


def get_provider(name: str) -> PaymentProvider:
    """The provider of this name. Raises NotFound for one that is not set up, or not rightly."""
    if name == "sandbox":
        return _sandbox
    if name in ADAPTERS:
        try:
            provider = _made(name)
        except Misconfigured as error:
            log.error("payments by %s are down: %s", name, error)
            provider = None
        if provider is not None:
            return provider
    raise NotFound(field="provider", expected=", ".join(configured()))


def configured() -> list[str]:
    """Names of the providers that work: their notices are taken, their payments asked about, their bills compared."""
    return [name for name in NAMES if name == "sandbox" or _works(name)]


def offered(currency: str) -> list[str]:
    """Names of the providers by which an order of this currency can be paid, in the order in which to show them."""
    found = [name for name in ADAPTERS if _works(name) and _charges(name, currency)]
    wanted: bool | None = settings.ENVIRONMENT.payment_sandbox
    if wanted if wanted is not None else settings.ENVIRONMENT.demo or not any(map(_works, ADAPTERS)):
        found.append("sandbox")
    return found


def offered_provider(name: str | None, currency: str) -> tuple[str, PaymentProvider]:
    """The provider a buyer has chosen, the first one without a choice. Raises MethodUnavailable."""
    names = offered(currency)
    chosen = name if name is not None else next(iter(names), "")
    if chosen not in names:
        raise MethodUnavailable(field="provider", expected=", ".join(names), data={"methods": names})
    return chosen, get_provider(chosen)


def problems() -> list[tuple[str, str]]:
    """(provider, what is wrong) of each that is set up but can't work. No message holds a key."""
    found = []
    for name in ADAPTERS:
        try:
            _made(name)
        except Misconfigured as error:
            found.append((name, str(error)))
    return found


def _charges(name: str, currency: str) -> bool:
    currencies = get_provider(name).currencies
    return currencies is None or currency in currencies


def _works(name: str) -> bool:
    try:
        return _made(name) is not None
    except Misconfigured:
        return False


def _made(name: str) -> PaymentProvider | None:
    """None when it is not set up. Raises Misconfigured."""
    environment = settings.ENVIRONMENT
    return _make(name, tuple((field, getattr(environment, field)) for field in _fields(name)))


@cache
def _fields(name: str) -> tuple[str, ...]:
    known = type(settings.ENVIRONMENT).model_fields
    return tuple(field for field in known if field.startswith((f"{name}_", "payment_timeout")))


@lru_cache(maxsize=16)
def _make(name: str, fields: tuple[tuple[str, Any], ...]) -> PaymentProvider | None:
    """Made once for the same settings; a file of a key is read again when the process starts."""
    read, make = ADAPTERS[name]
    keys = read(settings.ENVIRONMENT)
    if keys is None:
        return None
    try:
        return make(keys)
    except ImportError as error:
        raise Misconfigured(INSTALL) from error
    except Exception as error:  # the SDKs raise whatever their crypto library does; the message may hold key material
        raise Misconfigured(f"its keys can't be read ({type(error).__name__})") from None
