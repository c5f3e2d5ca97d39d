"""What each provider is reached with, read from the settings. Keys are never shown: not in logs, not in a repr."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr


class Misconfigured(Exception):
    """A provider's settings are incomplete or unreadable. The message names the setting, never its content."""


@dataclass(frozen=True, slots=True)
class AlipayKeys:
    app_id: str
    seller_id: str
    private_key: str = field(repr=False)
    public_key: str = field(repr=False)
    gateway: str
    desktop: str
    timeout_s: float


@dataclass(frozen=True, slots=True)
class WechatKeys:
    app_id: str
    merchant_id: str
    certificate_serial: str
    private_key: str = field(repr=False)
    public_key: str = field(repr=False)
    public_key_id: str
    api_v3_key: str = field(repr=False)
    gateway: str
    timeout_s: float


@dataclass(frozen=True, slots=True)
class StripeKeys:
    secret_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    gateway: str
    timeout_s: float


def alipay_keys(environment: Any) -> AlipayKeys | None:
    """None when Alipay is not set up. Raises Misconfigured."""
    if not environment.alipay_app_id:
        return None
    return AlipayKeys(
        app_id=environment.alipay_app_id,
        seller_id=environment.alipay_seller_id,
        private_key=as_pem(_secret(environment, "alipay_private_key"), "RSA PRIVATE KEY"),
        public_key=as_pem(_secret(environment, "alipay_public_key"), "PUBLIC KEY"),
        gateway=environment.alipay_gateway,
        desktop=environment.alipay_desktop,
        timeout_s=environment.payment_timeout_s,
    )


def wechat_keys(environment: Any) -> WechatKeys | None:
    """None when WeChat Pay is not set up. Raises Misconfigured."""
    if not environment.wechat_app_id:
        return None
    api_v3_key = _secret(environment, "wechat_api_v3_key")
    if len(api_v3_key.encode()) != 32:
        raise Misconfigured("XINGQU_WECHAT_API_V3_KEY must have 32 characters")
    return WechatKeys(
        app_id=environment.wechat_app_id,
        merchant_id=_text(environment, "wechat_merchant_id"),
        certificate_serial=_text(environment, "wechat_certificate_serial"),
        private_key=_secret(environment, "wechat_private_key"),
        public_key=_secret(environment, "wechat_public_key"),
        public_key_id=_text(environment, "wechat_public_key_id"),
        api_v3_key=api_v3_key,
        gateway=environment.wechat_gateway.rstrip("/"),
        timeout_s=environment.payment_timeout_s,
    )


def stripe_keys(environment: Any) -> StripeKeys | None:
    """None when Stripe is not set up. Raises Misconfigured."""
    if not environment.stripe_secret_key.get_secret_value() and environment.stripe_secret_key_file is None:
        return None
    return StripeKeys(
        secret_key=_secret(environment, "stripe_secret_key"),
        webhook_secret=_secret(environment, "stripe_webhook_secret"),
        gateway=environment.stripe_gateway.rstrip("/"),
        timeout_s=environment.payment_timeout_s,
    )


def as_pem(text: str, kind: str) -> str:
    """PEM of a key that may be given as the one line of base64 that Alipay's tools make."""
    if text.startswith("-----"):
        return text
    body = "".join(text.split())
    lines = [body[start : start + 64] for start in range(0, len(body), 64)]
    return "\n".join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----"])


def _text(environment: Any, name: str) -> str:
    value = str(getattr(environment, name)).strip()
    if not value:
        raise Misconfigured(f"XINGQU_{name.upper()} is missing")
    return value


def _secret(environment: Any, name: str) -> str:
    """The setting itself, or the content of the file that `<name>_file` names."""
    secret: SecretStr = getattr(environment, name)
    value = secret.get_secret_value().strip()
    path: Path | None = getattr(environment, f"{name}_file")
    if not value and path is not None:
        try:
            value = path.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise Misconfigured(f"XINGQU_{name.upper()}_FILE can't be read: {type(error).__name__}") from error
    if not value:
        raise Misconfigured(f"XINGQU_{name.upper()} or XINGQU_{name.upper()}_FILE is missing")
    return value
