"""Reads of reviews."""

from xingqu.review.selectors.cases import case_for_platform, cases_of, cases_page, queue_counts, trail_of
from xingqu.review.selectors.desk import DeskQuery, desk_counts, desk_rows, export_rows, saved_replies, shop_reviews
from xingqu.review.selectors.opinions import bad_aspects, mentioning, shop_opinions
from xingqu.review.selectors.own import author_review, author_reviews, order_reviews
from xingqu.review.selectors.reading import (
    SHOWN,
    Show,
    Sort,
    product_reviews,
    product_summary,
    public_reviews,
    waiting_picture,
)
from xingqu.review.selectors.rules import rule_sets, rules_at
from xingqu.review.selectors.stars import score_sums, starred_rows, stars_between

__all__ = [
    "SHOWN",
    "DeskQuery",
    "Show",
    "Sort",
    "author_review",
    "author_reviews",
    "bad_aspects",
    "case_for_platform",
    "cases_of",
    "cases_page",
    "desk_counts",
    "desk_rows",
    "export_rows",
    "mentioning",
    "order_reviews",
    "product_reviews",
    "product_summary",
    "public_reviews",
    "queue_counts",
    "rule_sets",
    "rules_at",
    "saved_replies",
    "score_sums",
    "shop_opinions",
    "shop_reviews",
    "starred_rows",
    "stars_between",
    "trail_of",
    "waiting_picture",
]
