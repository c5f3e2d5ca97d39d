"""Reads of interest."""

from xingqu.interest.selectors.audience import item_audience, item_days
from xingqu.interest.selectors.audiences import (
    creator_views,
    creator_works,
    creators_audiences,
    product_outcomes,
)
from xingqu.interest.selectors.operator import (
    latest_channel_report,
    lookups_page,
    models_served,
    person_state,
    trainings_page,
)
from xingqu.interest.selectors.person import (
    content_showing,
    export,
    hot_tags,
    interest_tags,
    is_known_content,
    item_reach,
    pool_cards,
    pool_steps,
    product_shown_by,
    products_shown_by,
    products_with_tag,
    promising_products,
    read_state,
    review_gains,
    served_page,
)

__all__ = [
    "content_showing",
    "creator_views",
    "creator_works",
    "creators_audiences",
    "export",
    "hot_tags",
    "interest_tags",
    "is_known_content",
    "item_audience",
    "item_days",
    "item_reach",
    "latest_channel_report",
    "lookups_page",
    "models_served",
    "person_state",
    "pool_cards",
    "pool_steps",
    "product_outcomes",
    "product_shown_by",
    "products_shown_by",
    "products_with_tag",
    "promising_products",
    "read_state",
    "review_gains",
    "served_page",
    "trainings_page",
]
