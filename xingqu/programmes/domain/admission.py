"""The queue before a flash sale, pure: places by lot and by time, tokens, proofs of work."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

LOTS = 2**40  # a lot is below it, the milliseconds of later arrivals are above
BURST = timedelta(seconds=2)  # what nobody took is not saved up beyond this
POLL_LEAST_S, POLL_MOST_S = 2, 30


@dataclass(frozen=True, slots=True)
class Policy:
    """As `models.AdmissionPolicy`."""

    per_device: int
    per_network: int
    challenge_after: int
    challenge_bits: int


def place_of(*, since_opening: timedelta, shuffle: timedelta, lot: int) -> int:
    """Where an arrival stands: by lot in the first moments, by time of arrival after."""
    return lot % LOTS if since_opening < shuffle else LOTS + since_opening // timedelta(milliseconds=1)


def tokens(*, since: datetime, until: datetime, per_second: int) -> tuple[int, datetime]:
    """How many may go in between two times, and up to when they are given out by that."""
    start = max(since, until - BURST)
    count = max(until - start, timedelta()) // timedelta(microseconds=1) * per_second // 1_000_000
    return count, start + timedelta(microseconds=count * 1_000_000 // per_second)


def poll_after_s(wait_s: int) -> int:
    """When to ask again: seldom while it is far off."""
    return min(max(wait_s // 4, POLL_LEAST_S), POLL_MOST_S)


def is_proof(*, challenge: str, nonce: str, bits: int) -> bool:
    """Whether the hash of challenge and nonce begins with so many zero bits."""
    digest = hashlib.sha256(f"{challenge}:{nonce}".encode()).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0
