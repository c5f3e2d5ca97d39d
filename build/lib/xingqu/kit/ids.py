"""Public numbers and random keys."""

import secrets
from datetime import datetime

MAX_ID = 2**53 - 1  # largest integer that every JSON reader keeps exact


def new_key() -> int:
    """Random 53-bit key, never zero: a guest's key."""
    return secrets.randbelow(MAX_ID) + 1


def new_number(prefix: str, at: datetime) -> str:
    """A public number such as ``P2611223k9d…``: kind, day, and 60 random bits, so that it can't be guessed or counted."""
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32
    return f"{prefix}{at:%y%m%d}" + "".join(secrets.choice(alphabet) for _ in range(12))
