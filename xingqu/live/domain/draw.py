"""The draw of a lucky bag: anybody who knows the seed and the entrants finds the same winners. Pure."""

import hashlib
from collections.abc import Iterable


def hash_of(seed: str) -> str:
    """What is told of a seed before the draw: nobody can choose another one afterwards."""
    return hashlib.sha256(seed.encode()).hexdigest()


def ticket(*, seed: str, bag_id: int, person_id: int) -> str:
    """The number somebody draws: SHA-256 of ``seed:bag:person`` in hex."""
    return hashlib.sha256(f"{seed}:{bag_id}:{person_id}".encode()).hexdigest()


def draw(*, seed: str, bag_id: int, person_ids: Iterable[int], count: int) -> list[int]:
    """The `count` people with the lowest tickets, the lowest first; all of them where there are no more."""
    return sorted(set(person_ids), key=lambda pk: ticket(seed=seed, bag_id=bag_id, person_id=pk))[:count]
