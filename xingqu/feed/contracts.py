"""What a pipeline hands on."""

import time
from dataclasses import dataclass, field
from typing import Any

from xingqu.catalogue.contracts import ProductCardData, TagName
from xingqu.content.contracts import ContentCardData
from xingqu.interest.contracts import Recommended


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One place of a feed page: the card, and why it is there."""

    place: Recommended
    card: ContentCardData


@dataclass(frozen=True, slots=True)
class FeedPage:
    """A page as it is served. `tags` names the interest tags that its reasons speak of."""

    request_id: str
    personalised: bool
    items: tuple[FeedItem, ...]
    tags: dict[int, TagName]
    exhausted: bool
    stage_ns: dict[str, int]
    # Flash prices that apply now, by product id.
    flash: dict[int, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ShelfSection:
    """A section of the mall page. `title_data` fills the client's text of `title_code`."""

    kind: str
    title_code: str
    title_data: dict[str, str | int]
    products: tuple[ProductCardData, ...]
    categories: tuple[dict[str, object], ...] = ()


@dataclass(slots=True)
class Stopwatch:
    """Time spent in each stage of a request, for the Server-Timing header."""

    stage_ns: dict[str, int] = field(default_factory=dict)
    last_ns: int = field(default_factory=time.perf_counter_ns)

    def lap(self, stage: str) -> None:
        now_ns = time.perf_counter_ns()
        self.stage_ns[stage] = self.stage_ns.get(stage, 0) + now_ns - self.last_ns
        self.last_ns = now_ns
