"""What delivery costs and how long it takes, pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xingqu.trade.domain.regions import Region

# Provinces that carriers count as remote, by the first two digits of the division code.
REMOTE_PROVINCES = frozenset({"15", "54", "63", "65", "71", "81", "82"})
SHIP_EARLIEST_DAYS = 1
TRANSIT_DAYS = (1, 3)
REMOTE_TRANSIT_DAYS = (3, 6)


@dataclass(frozen=True, slots=True)
class Freight:
    """A shop's rule: `base_minor` a checkout, nothing from `free_from_minor` of goods on, more to a remote province."""

    base_minor: int = 0
    free_from_minor: int | None = None
    remote_extra_minor: int = 0


FREE = Freight()


@dataclass(frozen=True, slots=True)
class Arrival:
    """Days between which a package is expected."""

    earliest: date
    latest: date


def is_remote(province: Region | None) -> bool:
    return province is not None and province.code[:2] in REMOTE_PROVINCES


def freight_minor(rule: Freight, *, goods_minor: int, province: Region | None) -> int:
    """Freight of one shop's part of a checkout, in minor units, never negative. Free delivery does not waive the remote extra."""
    base = 0 if rule.free_from_minor is not None and goods_minor >= rule.free_from_minor else rule.base_minor
    return base + (rule.remote_extra_minor if is_remote(province) else 0)


def expected_arrival(at: datetime, *, province: Region | None, ship_within: timedelta) -> Arrival | None:
    """When an order paid now should arrive: the shop's time to ship plus the carrier's. None without an address."""
    if province is None:
        return None
    fastest, slowest = REMOTE_TRANSIT_DAYS if is_remote(province) else TRANSIT_DAYS
    return Arrival(
        earliest=(at + timedelta(days=SHIP_EARLIEST_DAYS + fastest)).date(),
        latest=(at + ship_within + timedelta(days=slowest)).date(),
    )
