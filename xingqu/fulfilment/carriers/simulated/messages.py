"""Signed messages between platform and carrier: HMAC-SHA256 over the time and the exact bytes, a key for each direction."""

import hashlib
import hmac
import time

from django.conf import settings

PLATFORM, CARRIER = "platform", "carrier"
SIGNATURE_HEADER = "X-Carrier-Signature"
TIME_HEADER = "X-Carrier-Time"
MAX_AGE_S = 600


class BadMessage(ValueError):
    """Not signed by the one it claims to be from, or too long ago."""


def _signature(key: bytes, body: bytes, stamp: str) -> str:
    return hmac.new(key, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _key(party: str) -> bytes:
    return hashlib.sha256(f"xingqu sandbox-carrier {party} {settings.SECRET_KEY}".encode()).digest()


def sign(party: str, body: bytes) -> dict[str, str]:
    """Headers that prove `body` to be from `party`, now."""
    return sign_with(_key(party), body)


def sign_with(key: bytes, body: bytes) -> dict[str, str]:
    """The same with a key that two parties share."""
    stamp = str(int(time.time()))
    return {TIME_HEADER: stamp, SIGNATURE_HEADER: _signature(key, body, stamp)}


def verify(party: str, body: bytes, stamp: str, signature: str) -> None:
    """Raises BadMessage unless `party` signed `body` lately."""
    verify_with(_key(party), body, stamp, signature)


def verify_with(key: bytes, body: bytes, stamp: str, signature: str) -> None:
    """The same with a key that two parties share."""
    if not hmac.compare_digest(_signature(key, body, stamp).encode(), signature.encode()):
        raise BadMessage("the signature does not fit")
    if not stamp.isascii() or not stamp.isdigit() or abs(time.time() - int(stamp)) > MAX_AGE_S:
        raise BadMessage("the message is too old")
