"""Pools: made, filled, shared, closed."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction

from xingqu.accounts.selectors import creators_by_ids, organisation_card, organisation_cards
from xingqu.alliance.selectors.market import offered_among
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.kit.transactions import hold_names, retried
from xingqu.matching.domain.errors import PoolClosed, PoolNameTaken
from xingqu.matching.domain.pools import PRODUCTS_MOST, PoolRule
from xingqu.matching.models import PoolProduct, PoolShare, ProductPool
from xingqu.matching.selectors.pools import owned_pool, products_by_rule

SHARES_MOST = 200
POOLS_MOST = 200  # open ones of an organisation


@retried
@transaction.atomic
def make_pool(
    *,
    organisation_id: int,
    name: str,
    note: str,
    rule: PoolRule | None,
    product_ids: Sequence[int],
    is_public: bool,
    person_id: int,
) -> int:
    """Open a pool. Returns its id. Raises InvalidInput for products that are not offered, PoolNameTaken."""
    now = clock.now()
    hold_names(f"pools:{organisation_id}")
    if ProductPool.objects.filter(organisation_id=organisation_id, closed_at=None).count() >= POOLS_MOST:
        raise InvalidInput(field="name", expected=f"at most {POOLS_MOST} open pools; close one that is done")
    if rule is not None and product_ids:
        raise InvalidInput(field="product_ids", expected="none for a pool by rule")
    try:
        with transaction.atomic():
            pool = ProductPool.objects.create(
                organisation_id=organisation_id,
                name=name,
                note=note,
                rule=asdict(rule) if rule is not None else None,
                is_public=is_public,
                created_by_id=person_id,
                created_at=now,
                updated_at=now,
            )
    except IntegrityError as error:
        raise PoolNameTaken(field="name", expected="a name that no open pool has") from error
    _fill(pool, _chosen(pool, rule, product_ids), now)
    return int(pool.pk)


@retried
@transaction.atomic
def change_pool(
    *,
    organisation_id: int,
    pool_id: int,
    name: str,
    note: str,
    rule: PoolRule | None,
    product_ids: Sequence[int],
    is_public: bool,
) -> None:
    """Write a pool anew. Raises NotFound, PoolClosed, InvalidInput, PoolNameTaken."""
    pool = _open(organisation_id, pool_id)
    if rule is not None and product_ids:
        raise InvalidInput(field="product_ids", expected="none for a pool by rule")
    try:
        with transaction.atomic():
            ProductPool.objects.filter(pk=pool.pk).update(
                name=name,
                note=note,
                rule=asdict(rule) if rule is not None else None,
                is_public=is_public,
                updated_at=clock.now(),
            )
    except IntegrityError as error:
        raise PoolNameTaken(field="name", expected="a name that no open pool has") from error
    _fill(pool, _chosen(pool, rule, product_ids), clock.now())


@retried
@transaction.atomic
def close_pool(*, organisation_id: int, pool_id: int) -> None:
    """Take a pool back; what was recommended of it still counts. Raises NotFound, PoolClosed."""
    pool = _open(organisation_id, pool_id)
    ProductPool.objects.filter(pk=pool.pk).update(closed_at=clock.now(), updated_at=clock.now())


@retried
@transaction.atomic
def share_pool(
    *, organisation_id: int, pool_id: int, creator_ids: Iterable[int], organisation_ids: Iterable[int]
) -> None:
    """With whom a pool is shared, in place of whom it was before. Raises NotFound, PoolClosed, InvalidInput."""
    pool = _open(organisation_id, pool_id)
    creators, agencies = set(creator_ids), set(organisation_ids) - {organisation_id}
    if len(creators) + len(agencies) > SHARES_MOST:
        raise InvalidInput(field="creator_ids", expected=f"at most {SHARES_MOST} in all; a public pool is seen by all")
    if creators - creators_by_ids(ids=creators).keys():
        raise InvalidInput(field="creator_ids", expected="creators of this site")
    known = organisation_cards(ids=agencies)
    if any(pk not in known or known[pk].kind != "mcn" for pk in agencies):
        raise InvalidInput(field="organisation_ids", expected="agencies of this site")
    rows = PoolShare.objects.filter(pool=pool)
    rows.filter(creator_id__isnull=False).exclude(creator_id__in=creators).delete()
    rows.filter(organisation_id__isnull=False).exclude(organisation_id__in=agencies).delete()
    have = set(rows.values_list("creator_id", "organisation_id"))
    now = clock.now()
    PoolShare.objects.bulk_create(
        [PoolShare(pool=pool, creator_id=pk, created_at=now) for pk in sorted(creators) if (pk, None) not in have]
        + [
            PoolShare(pool=pool, organisation_id=pk, created_at=now)
            for pk in sorted(agencies)
            if (None, pk) not in have
        ]
    )


def fill_rules() -> int:
    """Fill pools by rule anew, each in a transaction of its own. Returns how many were looked at."""
    rows = list(ProductPool.objects.filter(closed_at=None, rule__isnull=False).values_list("organisation_id", "id"))
    for organisation_id, pool_id in rows:
        _fill_rule(organisation_id=organisation_id, pool_id=pool_id)
    return len(rows)


@retried
@transaction.atomic
def _fill_rule(*, organisation_id: int, pool_id: int) -> None:
    hold_names(f"pool:{pool_id}")
    pool = owned_pool(organisation_id=organisation_id, pool_id=pool_id)
    if pool.closed_at is None and pool.rule is not None:
        _fill(pool, _chosen(pool, PoolRule.read(pool.rule), ()), clock.now())


def _open(organisation_id: int, pool_id: int) -> ProductPool:
    hold_names(f"pool:{pool_id}")
    pool = owned_pool(organisation_id=organisation_id, pool_id=pool_id)
    if pool.closed_at is not None:
        raise PoolClosed(field="pool_id", expected="a pool that is open")
    return pool


def _chosen(pool: ProductPool, rule: PoolRule | None, product_ids: Sequence[int]) -> list[int]:
    """The products of a pool: a merchant's own, an agency's whatever is offered. Raises InvalidInput."""
    shop_id = pool.organisation_id if _is_merchant(pool.organisation_id) else None
    if rule is not None:
        return products_by_rule(rule=rule, shop_id=shop_id)
    wanted = list(dict.fromkeys(product_ids))
    if len(wanted) > PRODUCTS_MOST:
        raise InvalidInput(field="product_ids", expected=f"at most {PRODUCTS_MOST} products")
    if set(wanted) - offered_among(product_ids=wanted, shop_id=shop_id, at=clock.now()):
        raise InvalidInput(field="product_ids", expected="products with an open plan, a shop's own")
    return wanted


def _is_merchant(organisation_id: int) -> bool:
    return organisation_card(organisation_id=organisation_id).kind == "merchant"


def _fill(pool: ProductPool, product_ids: Sequence[int], now: datetime) -> None:
    have = list(pool.products.order_by("position", "id").values_list("product_id", flat=True))
    if have != list(product_ids):
        pool.products.all().delete()
        PoolProduct.objects.bulk_create(
            PoolProduct(pool=pool, product_id=pk, position=position) for position, pk in enumerate(product_ids)
        )
    ProductPool.objects.filter(pk=pool.pk).update(filled_at=now)
