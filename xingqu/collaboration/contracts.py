"""What other rooms and the API may know of samples and collaborations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """A creator's figures that offers ask for. `score` is None with too few orders."""

    followers: int
    gmv_minor: int
    level: int | None = None
    credit: int | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Performance:
    """What a collaboration brought: paid amounts of orders in its time, what of them was refunded, what is settled."""

    orders: int
    gmv_minor: int
    refunded_minor: int
    settled_minor: int
    open_minor: int

    @property
    def refund_bp(self) -> int:
        return self.refunded_minor * 10_000 // self.gmv_minor if self.gmv_minor else 0
