"""Product pools, pure: what a rule asks for, rounds of recommendation, and who is held out."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

EPOCH = datetime(2020, 1, 6, tzinfo=UTC)  # a Monday
PRODUCTS_MOST = 200


class Arm(StrEnum):
    """What became of a recommendation: told to both sides, or kept back to be compared with."""

    SHOWN = "shown"
    HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True)
class PoolRule:
    """What a product has to be to get into a pool. Rates in basis points, prices in minor units, None: whatever."""

    category_id: int | None = None
    tag_ids: tuple[int, ...] = ()
    min_commission_bp: int | None = None
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    min_score: float | None = None
    min_sold: int | None = None
    limit: int = PRODUCTS_MOST

    @classmethod
    def read(cls, told: dict[str, Any]) -> "PoolRule":
        """From what is kept in a row; unknown names of a newer release are left out."""
        known = {name: told[name] for name in cls.__dataclass_fields__ if told.get(name) is not None}
        return cls(**known | {"tag_ids": tuple(known.get("tag_ids", ()))})


def round_of(at: datetime, days: int) -> int:
    """The number of the round that a moment belongs to. In each round a pair is drawn for anew."""
    return (at - EPOCH) // timedelta(days=days)


def arm_of(*, pool_id: int, creator_id: int, round_number: int, held_out_bp: int) -> Arm:
    """Drawn by a hash, so that it is the same whoever asks and however often: nobody can ask until they like the answer."""
    told = f"{pool_id}:{creator_id}:{round_number}".encode()
    drawn = int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big") % 10_000
    return Arm.HELD_OUT if drawn < held_out_bp else Arm.SHOWN
