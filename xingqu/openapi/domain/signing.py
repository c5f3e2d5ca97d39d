"""How a webhook is signed: the specification of standardwebhooks.com (id, timestamp and body under HMAC-SHA256)."""

import base64
import hashlib
import hmac

PREFIX = "whsec_"
TOLERANCE_S = 300


def make_secret(installation_secret: str, endpoint_id: int, version: int) -> str:
    """Secret of an endpoint, derived so that none is stored. A new `version` makes another."""
    told = f"webhook:{endpoint_id}:{version}".encode()
    return PREFIX + base64.b64encode(hmac.digest(installation_secret.encode(), told, hashlib.sha256)).decode()


def sign(secret: str, *, message_id: str, timestamp_s: int, body: bytes) -> str:
    """Value of the header `webhook-signature`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = f"{message_id}.{timestamp_s}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
