"""How long things may take: dated rules, the most specific of which counts. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TimeName(StrEnum):
    SHIP_WITHIN = "ship_within"  # from payment to hand-over
    SHIP_REMINDER = "ship_reminder"  # how long before that the shop is reminded
    RECEIVE_AFTER_SHIPPING = "receive_after_shipping"  # to automatic receipt, while no carrier tells of delivery
    RECEIVE_AFTER_DELIVERY = "receive_after_delivery"
    RECEIVE_EXTENSION = "receive_extension"  # what the buyer may add, once
    ATTRIBUTION_CREDIT = "attribution_credit"  # the last click on a creator's, room's or ad's product is credited
    ATTRIBUTION_VISIT = "attribution_visit"  # the last way to a product is the source of its order
    NO_NEWS = "no_news"  # a parcel without news for so long is flagged


@dataclass(frozen=True, slots=True)
class TimeRule:
    """`shop_id` and `category_id` None: for all of them."""

    name: TimeName
    shop_id: int | None
    category_id: int | None
    seconds: int
    effective_from: datetime


def find_rule(
    rules: Iterable[TimeRule], name: TimeName, *, shop_id: int | None, category_path: Sequence[int], at: datetime
) -> TimeRule | None:
    """The rule in force at a time: a shop's before everybody's, a category's before all categories', the deepest category
    first, and the newest of these. `category_path` is from the top down."""

    def rank(rule: TimeRule) -> tuple[int, int, datetime]:
        depth = 0 if rule.category_id is None else 1 + category_path.index(rule.category_id)
        return int(rule.shop_id is not None), depth, rule.effective_from

    fitting = [
        rule
        for rule in rules
        if rule.name == name
        and rule.effective_from <= at
        and rule.shop_id in (None, shop_id)
        and (rule.category_id is None or rule.category_id in category_path)
    ]
    return max(fitting, key=rank, default=None)
