"""What buyers say of a product reaches the snapshot, and from there the order of products."""

from typing import Any

import numpy as np
import pytest

from bench.feed.world import World
from xingqu.catalogue.models import Product
from xingqu.feed import services
from xingqu.feed.services.snapshot import product_ratings
from xingqu.interest import selectors as interest
from xingqu.interest.storage import snapshots
from xingqu.review.services.scores import count_default, count_score


def review(product_id: int, score: int, times: int) -> None:
    for _ in range(times):
        count_score(product_id=product_id, score=score)


def test_scores_become_ratings_of_the_contents_that_show_the_product(world: World) -> None:
    before = snapshots().refresh().items
    assert not before.rating.any()
    review(7, 5, 20)
    review(9, 1, 20)
    for _ in range(50):
        count_default(product_id=11, change=1)
    services.rebuild_snapshot()
    items = snapshots().refresh().items
    # the mean of the site is 3: two stars away, of which 20 reviews to a prior of 10 leave two thirds
    wanted = np.where(items.product_id == 7, 4 / 3, np.where(items.product_id == 9, -4 / 3, 0))
    assert np.allclose(items.rating, wanted, rtol=1e-6)
    assert (items.product_id == 11).any()
    assert np.array_equal(items.index.prior_logit, before.index.prior_logit)  # predictions stay what they were


def test_the_mall_lists_the_better_reviewed_of_equals_first(world: World) -> None:
    review(7, 5, 20)
    review(9, 1, 20)
    services.rebuild_snapshot()
    snapshots().refresh()
    products = interest.promising_products(limit=60)
    ordered = [pk for pk in products if pk in (7, 9)]
    assert (ordered, products[0], products[-1]) == ([7, 9], 7, 9)


def test_search_puts_the_better_reviewed_of_equals_first_and_knows_who_has_no_reviews(world: World, guest: Any) -> None:
    Product.objects.update(sold_count=10)
    assert [p["id"] for p in guest.get("/search?limit=3")["products"]] == [1, 2, 3]
    review(7, 5, 20)
    review(9, 1, 20)
    services.rebuild_snapshot()
    snapshots().refresh()
    found = [p["id"] for p in guest.get("/search?limit=50")["products"]]
    assert found == [7, *(pk for pk in range(1, 51) if pk not in (7, 9)), 51]
    assert interest.review_gains(product_ids=[9, 1, 7, 999_999]) == pytest.approx([-2 / 15, 0, 2 / 15, 0])
    assert interest.review_gains(product_ids=[]) == []


@pytest.mark.parametrize("products", [0, 1, 30])
def test_one_statement_however_many_products(db: None, django_assert_num_queries: Any, products: int) -> None:
    for product_id in range(1, products + 1):
        review(product_id, 1 + product_id % 5, 1)
    with django_assert_num_queries(1):
        assert len(product_ratings()) == products
