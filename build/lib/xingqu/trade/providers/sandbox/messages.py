"""Signed messages between platform and gateway: Ed25519 over the time and the exact bytes."""

import base64
import binascii
import time
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PLATFORM, GATEWAY = "platform", "gateway"
SIGNATURE_HEADER = "X-Sandbox-Signature"
TIME_HEADER = "X-Sandbox-Time"
MAX_AGE_S = 600


class BadMessage(ValueError):
    """Not signed by the one it claims to be from, or too long ago."""


@cache
def private_key(party: str) -> Ed25519PrivateKey:
    """The key of one party, derived from the installation's secret, so that nothing has to be set up."""
    seed = HKDF(SHA256(), 32, None, f"xingqu sandbox-pay {party}".encode()).derive(settings.SECRET_KEY.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def sign(party: str, body: bytes, *, at_s: int | None = None) -> dict[str, str]:
    """Headers that prove `body` to be from `party`, now."""
    stamp = str(at_s if at_s is not None else int(time.time()))
    signature = private_key(party).sign(stamp.encode() + b"\n" + body)
    return {TIME_HEADER: stamp, SIGNATURE_HEADER: base64.b64encode(signature).decode()}


def verify(party: str, body: bytes, stamp: str, signature: str, *, max_age_s: int = MAX_AGE_S) -> None:
    """Raises BadMessage unless `party` signed `body` at `stamp`, no longer than `max_age_s` ago."""
    try:
        private_key(party).public_key().verify(
            base64.b64decode(signature, validate=True), stamp.encode() + b"\n" + body
        )
        age_s = time.time() - int(stamp)
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise BadMessage("the signature does not fit") from error
    if abs(age_s) > max_age_s:
        raise BadMessage("the message is too old")
