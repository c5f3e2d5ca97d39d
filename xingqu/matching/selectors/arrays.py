"""What is computed by the clock, as this process holds it: audiences, offers and creators' figures, one file each."""

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from xingqu.engine.matching.audience import Audiences, gather
from xingqu.engine.matching.fit import Offers
from xingqu.kit import clock

log = logging.getLogger(__name__)
LOOK_EVERY_S: Final = 1.0
Arrays = Mapping[str, NDArray[Any]]
Held = TypeVar("Held")


@dataclass(frozen=True, eq=False)
class CreatorFigures:
    """Creators of the square by ascending id. Sales are of the last 30 days, with refunds taken off."""

    creator_id: NDArray[np.int64]
    amount_minor: NDArray[np.int64]
    orders: NDArray[np.int64]
    views: NDArray[np.int64]
    works: NDArray[np.int64]
    followers: NDArray[np.int64]
    category_id: NDArray[np.int64]
    last_published_ms: NDArray[np.int64]

    def __len__(self) -> int:
        return int(self.creator_id.size)

    @property
    def per_mille_minor(self) -> NDArray[np.float64]:
        """(n,) sales of a thousand views (GPM), 0 without views."""
        result: NDArray[np.float64] = self.amount_minor * 1_000.0 / np.maximum(self.views, 1)
        return np.where(self.views > 0, result, 0.0)

    def place(self, creator_id: int) -> int:
        """Row of a creator, -1 where there is none."""
        at = int(np.searchsorted(self.creator_id, creator_id))
        return at if at < len(self) and int(self.creator_id[at]) == creator_id else -1


def no_audiences() -> Audiences:
    return gather([], made_at_ms=0)


def no_offers() -> Offers:
    nothing: list[int] = []
    names = ("product_id", "shop_id", "category_id", "price_minor", "commission_bp", "views", "orders")
    columns = dict.fromkeys((*OFFER_COLUMNS,), nothing)
    plain: dict[str, Any] = dict.fromkeys((*names, "tag_ids", "tag_weights"), nothing)
    return Offers.build(**plain, tag_indptr=[0], columns=columns)


def no_creators() -> CreatorFigures:
    return CreatorFigures(*(np.empty(0, np.int64) for _ in range(8)))


# Beside what the engine reads: `score_tenths` of the shop, -1 without; `named`: 1 where there is a plan for named creators.
OFFER_COLUMNS: Final = ("simple_bp", "colonel_bp", "colonel_plan_id", "named", "sold", "score_tenths", "published_ms")


@dataclass
class _File(Generic[Held]):
    """One file, read again when it was replaced."""

    name: str
    read: Callable[[Arrays], Held]
    empty: Callable[[], Held]
    held: dict[tuple[Path, int], tuple[int | None, float, Held]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self) -> Held:
        path = folder() / self.name
        key = (path, os.getpid())
        with self.lock:
            stamp, looked_at_s, value = self.held.get(key) or (None, -LOOK_EVERY_S, self.empty())
            if time.monotonic() - looked_at_s < LOOK_EVERY_S:
                return value
            try:
                found = path.stat().st_mtime_ns
                if found != stamp:
                    with np.load(path) as file:
                        value, stamp = self.read({name: file[name] for name in file.files}), found
            except FileNotFoundError:
                value, stamp = self.empty(), None
            except (ValueError, KeyError, OSError):
                log.exception("%s cannot be read; what was read before stays", path)
            self.held[key] = (stamp, time.monotonic(), value)
            return value

    def forget(self) -> None:
        """The next reader looks at once."""
        with self.lock:
            self.held.clear()


AUDIENCES: Final = _File("audiences.npz", Audiences.from_arrays, no_audiences)
OFFERS: Final = _File("offers.npz", Offers.from_arrays, no_offers)
CREATORS: Final = _File("creators.npz", lambda arrays: CreatorFigures(**arrays), no_creators)


def folder() -> Path:
    """Where the files of this installation are."""
    return Path(settings.HOME) / "matching"


def audiences() -> Audiences:
    """As they were last read; none before the first time."""
    return AUDIENCES.get()


def offers() -> Offers:
    """All products with an open plan, as of a minute or so ago."""
    return OFFERS.get()


def creator_figures() -> CreatorFigures:
    """Figures of all creators with works, as of a few minutes ago."""
    return CREATORS.get()


def age_hours(of: Audiences) -> float:
    """How old audiences are; infinite for none."""
    return (clock.now_ms() - of.made_at_ms) / 3_600_000 if of.made_at_ms else float("inf")
