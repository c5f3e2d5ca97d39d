"""Pools handed on: by an agency to its creators, and by a link to whoever opens it."""

import secrets
from collections.abc import Iterable

from django.db import transaction

from xingqu.alliance.selectors.agencies import signed_creators
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried
from xingqu.matching.domain.errors import PoolClosed
from xingqu.matching.models import PoolGift, PoolShare, ProductPool
from xingqu.matching.selectors.pools import owned_pool
from xingqu.matching.services.pools import SHARES_MOST

KEY_BYTES = 18


@retried
@transaction.atomic
def give_pool(*, agency_id: int, pool_id: int, creator_ids: Iterable[int]) -> None:
    """To which of its creators an agency gives a pool that was shared with it, in place of those before.

    Raises NotFound for a pool that the agency does not see, InvalidInput for creators it has not signed.
    """
    hold_names(f"pool:{pool_id}")
    seen = PoolShare.objects.filter(pool_id=pool_id, organisation_id=agency_id, pool__closed_at=None)
    if not seen.exists():
        raise NotFound(field="pool_id", expected="a pool that was shared with this agency")
    wanted = set(creator_ids)
    if wanted - signed_creators(agency_id=agency_id, at=clock.now()):
        raise InvalidInput(field="creator_ids", expected="creators whom this agency has signed")
    rows = PoolGift.objects.filter(pool_id=pool_id, agency_id=agency_id)
    rows.exclude(creator_id__in=wanted).delete()
    have = set(rows.values_list("creator_id", flat=True))
    now = clock.now()
    PoolGift.objects.bulk_create(
        PoolGift(pool_id=pool_id, agency_id=agency_id, creator_id=pk, created_at=now) for pk in sorted(wanted - have)
    )


@retried
@transaction.atomic
def link_pool(*, organisation_id: int, pool_id: int, is_linked: bool) -> None:
    """Give a pool a link, or take it away; who opened it keeps the pool. Idempotent. Raises NotFound, PoolClosed."""
    hold_names(f"pool:{pool_id}")
    pool = owned_pool(organisation_id=organisation_id, pool_id=pool_id)
    if pool.closed_at is not None:
        raise PoolClosed(field="pool_id", expected="a pool that is open")
    key = (pool.link_key or secrets.token_urlsafe(KEY_BYTES)) if is_linked else None
    ProductPool.objects.filter(pk=pool_id).update(link_key=key, updated_at=clock.now())


@retried
@transaction.atomic
def open_linked(*, creator_id: int, key: str) -> int:
    """A creator opens a pool by its link: it is shared with them from now on. Returns its id. Idempotent. Raises NotFound,
    InvalidInput when the pool is shared with as many as can be."""
    pool_id = ProductPool.objects.filter(link_key=key, closed_at=None).values_list("id", flat=True).first()
    if pool_id is None:
        raise NotFound(field="key", expected="the link of an open pool")
    hold_names(f"pool:{pool_id}")
    shares = PoolShare.objects.filter(pool_id=pool_id)
    if not shares.filter(creator_id=creator_id).exists():
        if shares.count() >= SHARES_MOST:
            raise InvalidInput(field="key", expected=f"a pool that is shared with fewer than {SHARES_MOST}")
        PoolShare.objects.create(pool_id=pool_id, creator_id=creator_id, created_at=clock.now())
    return int(pool_id)
