"""Signed messages between platform and bank: Ed25519 over the time and the exact bytes."""

import base64
import binascii
import time
from collections.abc import Mapping
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PLATFORM, BANK = "platform", "bank"
SIGNATURE_HEADER, TIME_HEADER = "X-Bank-Signature", "X-Bank-Time"
MAX_AGE_S = 600


class BadMessage(ValueError):
    """Not signed by the one it claims to be from, or too long ago."""


@cache
def private_key(party: str) -> Ed25519PrivateKey:
    """The key of one party, derived from the installation's secret, so that nothing has to be set up."""
    seed = HKDF(SHA256(), 32, None, f"xingqu sandbox-bank {party}".encode()).derive(settings.SECRET_KEY.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def sign(party: str, body: bytes, *, at_s: int | None = None) -> dict[str, str]:
    """Headers that prove `body` to be from `party`, now."""
    stamp = str(at_s if at_s is not None else int(time.time()))
    signature = private_key(party).sign(stamp.encode() + b"\n" + body)
    return {TIME_HEADER: stamp, SIGNATURE_HEADER: base64.b64encode(signature).decode()}


def verify(party: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Raises BadMessage unless `party` signed `body` a short while ago."""
    try:
        stamp = headers.get(TIME_HEADER, "")
        signature = base64.b64decode(headers.get(SIGNATURE_HEADER, ""), validate=True)
        private_key(party).public_key().verify(signature, stamp.encode() + b"\n" + body)
        age_s = time.time() - int(stamp)
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise BadMessage("the signature does not fit") from error
    if abs(age_s) > MAX_AGE_S:
        raise BadMessage("the message is too old")
