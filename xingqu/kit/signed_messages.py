"""Messages between the platform and its own simulated partners: Ed25519 over the time and the exact bytes (RFC 8032).

A line is one such relation: its name goes into the keys, so that a message of one line is worth nothing on another.
"""

import base64
import binascii
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx
import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MAX_AGE_S = 600
TIMEOUT_S = 5.0


class BadMessage(ValueError):
    """Not signed by the one it claims to be from, or too long ago."""


class NoAnswer(Exception):
    """Asked, and no answer that can be believed: what was asked for may have happened or not."""


@dataclass(frozen=True, slots=True)
class Line:
    """One relation: `name` (in the keys) and the prefix of its two headers."""

    name: str
    header: str

    @property
    def signature_header(self) -> str:
        return f"{self.header}-Signature"

    @property
    def time_header(self) -> str:
        return f"{self.header}-Time"

    def sign(self, party: str, body: bytes, *, at_s: int | None = None) -> dict[str, str]:
        """Headers that prove `body` to be from `party`, at `at_s` (seconds since 1970; now)."""
        stamp = str(at_s if at_s is not None else int(time.time()))
        signature = _private_key(self.name, party).sign(stamp.encode() + b"\n" + body)
        return {self.time_header: stamp, self.signature_header: base64.b64encode(signature).decode()}

    def verify(self, party: str, body: bytes, headers: Mapping[str, str], *, max_age_s: int = MAX_AGE_S) -> None:
        """Raises BadMessage unless `headers` prove that `party` signed `body` no longer than `max_age_s` ago."""
        stamp = headers.get(self.time_header, "")
        try:
            signature = base64.b64decode(headers.get(self.signature_header, ""), validate=True)
            _public_key(self.name, party).verify(signature, stamp.encode() + b"\n" + body)
            age_s = time.time() - int(stamp)
        except (InvalidSignature, binascii.Error, ValueError) as error:
            raise BadMessage("the signature does not fit") from error
        if abs(age_s) > max_age_s:
            raise BadMessage("the message is too old")

    def ask(self, path: str, content: dict[str, Any], *, asking: str, answering: str) -> dict[str, Any]:
        """The signed answer to a signed question at `path` of this site. Raises NoAnswer."""
        body = orjson.dumps(content)
        headers = {**self.sign(asking, body), "Content-Type": "application/json"}
        try:
            answer = _http().post(f"{settings.ENVIRONMENT.origin}{path}", content=body, headers=headers)
            answer.raise_for_status()
            self.verify(answering, answer.content, answer.headers)
            found = orjson.loads(answer.content)
        except (httpx.HTTPError, ValueError) as error:
            raise NoAnswer(repr(error)) from error
        if not isinstance(found, dict):
            raise NoAnswer("the answer is no object")
        return found


@cache
def _private_key(line: str, party: str) -> Ed25519PrivateKey:
    # Derived from the installation's secret, so that nothing has to be set up.
    seed = HKDF(SHA256(), 32, None, f"xingqu {line} {party}".encode()).derive(settings.SECRET_KEY.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


@cache
def _public_key(line: str, party: str) -> Ed25519PublicKey:
    return _private_key(line, party).public_key()


@cache
def _http() -> httpx.Client:
    return httpx.Client(timeout=TIMEOUT_S, trust_env=False)
