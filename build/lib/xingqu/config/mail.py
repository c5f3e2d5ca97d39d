"""Turns the one mail address of the environment into Django's mail settings."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


def mail_settings(url: str) -> dict[str, Any]:
    """Settings for `console:` or `smtp://user:password@host:port?tls=1`.

    Raises ValueError for any other scheme, naming what would be right.
    """
    parts = urlsplit(url)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "smtp" and parts.hostname:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or 25,
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_TLS": parse_qs(parts.query).get("tls", ["0"])[0] == "1",
        }
    raise ValueError(f"XINGQU_EMAIL_URL is {url!r}; it must be 'console:' or 'smtp://user:password@host:port?tls=1'")
