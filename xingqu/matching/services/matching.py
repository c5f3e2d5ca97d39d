"""Which pool suits which creator: computed by the clock, drawn into an arm, written down."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from xingqu.accounts.selectors import creators_by_ids
from xingqu.engine.matching.fit import PoolFit, fit_pool
from xingqu.kit import clock
from xingqu.kit.transactions import hold_names, retried
from xingqu.matching.domain.pools import Arm, arm_of, round_of
from xingqu.matching.domain.reasons import CLEARLY
from xingqu.matching.models import CreatorListing, PoolMatch, PoolProduct, PoolShare, ProductPool
from xingqu.matching.selectors import arrays

CREATORS_A_POOL: Final = 30
PRODUCTS_LEAST: Final = 3


def match_pools() -> int:
    """Recommend each open pool to the creators whose audience it suits clearly. Returns how many pairs are new.

    A pair is drawn once a round; what stands is not changed by a later run.
    """
    audiences, offers = arrays.audiences(), arrays.offers()
    if len(audiences) < 2 or not len(offers):
        return 0
    now, made = clock.now(), 0
    for pool in ProductPool.objects.filter(closed_at=None).order_by("id").iterator(chunk_size=200):
        ids = list(PoolProduct.objects.filter(pool=pool).order_by("position").values_list("product_id", flat=True))
        rows = offers.places(ids)
        rows = rows[rows >= 0]
        if rows.size < PRODUCTS_LEAST:
            continue
        fits = fit_pool(offers, audiences, rows)
        made += keep_matches(pool_id=pool.pk, fits=list(_best(pool, fits)), product_ids=ids, now=now)
    return made


def _best(pool: ProductPool, fits: Iterable[PoolFit]) -> Iterator[PoolFit]:
    allowed = _may_see(pool)
    unlisted = set(CreatorListing.objects.filter(is_listed=False).values_list("creator_id", flat=True))
    suiting = [
        fit
        for fit in fits
        if fit.lift >= CLEARLY and fit.creator_id not in unlisted and (allowed is None or fit.creator_id in allowed)
    ]
    suiting.sort(key=lambda fit: (-fit.lift, fit.creator_id))
    cards = creators_by_ids(ids=[fit.creator_id for fit in suiting[: 4 * CREATORS_A_POOL]])
    told = 0
    for fit in suiting:
        card = cards.get(fit.creator_id)
        if card is None or card.organisation_id == pool.organisation_id:
            continue
        yield fit
        told += 1
        if told == CREATORS_A_POOL:
            return


def _may_see(pool: ProductPool) -> set[int] | None:
    """Creators whom the pool may be recommended to; None is everybody."""
    if pool.is_public:
        return None
    shared = PoolShare.objects.filter(pool=pool).values_list("creator_id", flat=True)
    return {creator_id for creator_id in shared if creator_id is not None}


@retried
@transaction.atomic
def keep_matches(*, pool_id: int, fits: list[PoolFit], product_ids: list[int], now: datetime) -> int:
    """Write down pairs that this round does not have yet, each in the arm that the lot says. Returns how many."""
    environment = settings.ENVIRONMENT
    number = round_of(now, environment.pool_round_days)
    hold_names(f"pool-matches:{pool_id}")
    have = set(PoolMatch.objects.filter(pool_id=pool_id, round=number).values_list("creator_id", flat=True))
    new = [
        PoolMatch(
            pool_id=pool_id,
            creator_id=fit.creator_id,
            round=number,
            arm=arm_of(
                pool_id=pool_id,
                creator_id=fit.creator_id,
                round_number=number,
                held_out_bp=environment.pool_held_out_bp,
            ),
            lift=round(float(fit.lift), 4),
            earned_minor=round(fit.earned_minor),
            product_ids=product_ids,
            tag_ids=list(fit.tag_ids),
            matched_at=now,
        )
        for fit in fits[: max(0, CREATORS_A_POOL - len(have))]
        if fit.creator_id not in have
    ]
    PoolMatch.objects.bulk_create(new)
    return len(new)


@retried
@transaction.atomic
def mark_seen(*, match_ids: Iterable[int], by_owner: bool) -> None:
    """That a side was shown them, the first time. One that was held out is never shown."""
    field = "seen_by_owner_at" if by_owner else "seen_by_creator_at"
    rows = PoolMatch.objects.filter(pk__in=list(match_ids), arm=Arm.SHOWN.value, **{field: None})
    rows.update(**{field: clock.now()})
