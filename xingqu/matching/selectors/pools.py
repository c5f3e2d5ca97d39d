"""Pools as their owners, as creators and as agencies see them."""

from typing import Any, Final

import numpy as np
from django.db.models import Count, Q

from xingqu.accounts.selectors import creators_by_ids, organisation_cards
from xingqu.alliance.selectors.agencies import agency_at
from xingqu.catalogue.contracts import ProductCardData
from xingqu.catalogue.selectors import cards, category_ids_below, search_products, tags_by_ids
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.matching.domain.pools import Arm, PoolRule
from xingqu.matching.models import PoolGift, PoolMatch, PoolProduct, PoolShare, ProductPool
from xingqu.matching.selectors import arrays
from xingqu.matching.selectors.selection import HITS_MOST, View, described, view_of

SUITING_MOST: Final = 50


def owned_pool(*, organisation_id: int, pool_id: int) -> ProductPool:
    """Raises NotFound for another's pool."""
    pool = ProductPool.objects.filter(pk=pool_id, organisation_id=organisation_id).first()
    if pool is None:
        raise NotFound(field="pool_id", expected="a pool of this workplace")
    return pool


def pools_page(
    *, organisation_id: int, shared: bool, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Pools of an organisation, or those shared with it, newest first; and the id to go on from."""
    if shared:
        mine = PoolShare.objects.filter(organisation_id=organisation_id).values("pool_id")
        rows = ProductPool.objects.filter(pk__in=mine, closed_at=None)
    else:
        rows = ProductPool.objects.filter(organisation_id=organisation_id)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    return _rows(found[:limit]), found[limit - 1].pk if len(found) > limit else None


def _rows(pools: list[ProductPool]) -> list[dict[str, Any]]:
    ids = [pool.pk for pool in pools]
    counts = dict(
        PoolProduct.objects.filter(pool__in=ids).order_by().values_list("pool_id").annotate(count=Count("id"))
    )
    owners = organisation_cards(ids={pool.organisation_id for pool in pools})
    return [
        {
            "id": pool.pk,
            "organisation_id": pool.organisation_id,
            "organisation_name": owners[pool.organisation_id].name,
            "name": pool.name,
            "note": pool.note,
            "rule": pool.rule,
            "is_public": pool.is_public,
            "products_count": counts.get(pool.pk, 0),
            "closed_at": pool.closed_at,
            "created_at": pool.created_at,
        }
        for pool in pools
    ]


def pool_detail(*, organisation_id: int, pool_id: int) -> dict[str, Any]:
    """A pool with its products and with whom it is shared. Raises NotFound for one that is neither own nor shared."""
    pool = ProductPool.objects.filter(pk=pool_id).first()
    shared = PoolShare.objects.filter(pool_id=pool_id, organisation_id=organisation_id).exists()
    own = pool is not None and pool.organisation_id == organisation_id
    if pool is None or not (own or (shared and pool.closed_at is None)):
        raise NotFound(field="pool_id", expected="a pool of this workplace, or shared with it")
    ids = _products(pool_id)
    products = cards(ids)
    shares = list(PoolShare.objects.filter(pool=pool).order_by("id")) if own else []
    creators = creators_by_ids(ids=[share.creator_id for share in shares if share.creator_id is not None])
    agencies = organisation_cards(ids=[share.organisation_id for share in shares if share.organisation_id is not None])
    return _rows([pool])[0] | {
        "products": [products[pk] for pk in ids if pk in products],
        "is_own": own,
        "link_key": pool.link_key if own else None,
        "given": [] if own else _given(pool_id, organisation_id),
        "creators": [{"id": card.id, "name": card.display_name} for card in creators.values()],
        "organisations": [{"id": card.id, "name": card.name} for card in agencies.values()],
    }


def _given(pool_id: int, agency_id: int) -> list[dict[str, Any]]:
    ids = (
        PoolGift.objects.filter(pool_id=pool_id, agency_id=agency_id)
        .order_by("id")
        .values_list("creator_id", flat=True)
    )
    creators = creators_by_ids(ids=list(ids))
    return [{"id": pk, "name": creators[pk].display_name} for pk in ids if pk in creators]


def _products(pool_id: int) -> list[int]:
    rows = PoolProduct.objects.filter(pool_id=pool_id).order_by("position", "id")
    return list(rows.values_list("product_id", flat=True))


def products_by_rule(*, rule: PoolRule, shop_id: int | None) -> list[int]:
    """What a rule gets now, best sold first; of one shop when given."""
    offers = arrays.offers()
    columns = offers.columns
    allowed = (columns["simple_bp"] > 0) | (columns["colonel_bp"] > 0)
    if shop_id is not None:
        allowed &= offers.shop_id == shop_id
    if rule.category_id is not None:
        allowed &= np.isin(offers.category_id, category_ids_below(category_id=rule.category_id))
    if rule.tag_ids:
        wanted = np.isin(offers.tags, rule.tag_ids)
        row_of_link = np.repeat(np.arange(len(offers)), np.diff(offers.tag_indptr))
        having = np.bincount(row_of_link[wanted[offers.tag_rows]], minlength=len(offers)) > 0
        allowed &= having
    for column, least in (
        (offers.commission_bp, rule.min_commission_bp),
        (offers.price_minor, rule.min_price_minor),
        (columns["sold"], rule.min_sold),
        (columns["score_tenths"], None if rule.min_score is None else rule.min_score * 10),
    ):
        if least is not None:
            allowed &= column >= least
    if rule.max_price_minor is not None:
        allowed &= offers.price_minor <= rule.max_price_minor
    rows = np.flatnonzero(allowed)
    rows = rows[np.lexsort((rows, -columns["sold"][rows]))[: rule.limit]]
    return [int(pk) for pk in offers.product_id[rows]]


def suiting_creators(*, organisation_id: int, pool_id: int) -> tuple[list[dict[str, Any]], list[int]]:
    """Creators whom the newest round brings a pool together with, best first, and the ids of the matches shown.

    Those that were held out are not among them: nobody is to act on them. Raises NotFound.
    """
    owned_pool(organisation_id=organisation_id, pool_id=pool_id)
    rows = PoolMatch.objects.filter(pool_id=pool_id, arm=Arm.SHOWN.value).order_by("-round", "-lift")
    newest = rows.first()
    matches = list(rows.filter(round=newest.round)[:SUITING_MOST]) if newest is not None else []
    creators = creators_by_ids(ids=[match.creator_id for match in matches])
    names = tags_by_ids({tag for match in matches for tag in match.tag_ids})
    told = [
        _match(match, names)
        | {
            "creator_id": match.creator_id,
            "creator_name": creators[match.creator_id].display_name,
            "avatar_url": creators[match.creator_id].avatar_url,
        }
        for match in matches
        if match.creator_id in creators
    ]
    return told, [match.pk for match in matches]


def _match(match: PoolMatch, names: dict[int, Any]) -> dict[str, Any]:
    return {
        "lift": round(match.lift, 2),
        "earned_per_mille_minor": match.earned_minor,
        "tags": [names[tag] for tag in match.tag_ids if tag in names],
        "matched_at": match.matched_at,
    }


def creators_pools(*, creator_id: int) -> tuple[list[dict[str, Any]], list[int]]:
    """Pools for a creator: those the data recommend first, then those shared with them; and ids of the matches shown."""
    rows = PoolMatch.objects.filter(creator_id=creator_id, arm=Arm.SHOWN.value, pool__closed_at=None)
    newest = rows.order_by("-round").first()
    matches = list(rows.filter(round=newest.round).order_by("-lift")[:SUITING_MOST]) if newest is not None else []
    matches = [match for match in matches if _is_open_to(match.pool_id, creator_id)]
    shared = PoolShare.objects.filter(creator_id=creator_id, pool__closed_at=None).order_by("-id")
    given = _given_to(creator_id)
    told_of = [*(m.pool_id for m in matches), *shared.values_list("pool_id", flat=True)[:SUITING_MOST], *given]
    ids = list(dict.fromkeys(told_of))
    by_id = {row["id"]: row for row in _rows(list(ProductPool.objects.filter(pk__in=ids)))}
    names = tags_by_ids({tag for match in matches for tag in match.tag_ids})
    of_pool = {match.pool_id: _match(match, names) for match in matches}
    agencies = organisation_cards(ids=set(given.values()))
    told = [
        by_id[pk]
        | {"rule": None, "match": of_pool.get(pk), "given_by": agencies[given[pk]].name if pk in given else ""}
        for pk in ids
        if pk in by_id
    ]
    return told, [match.pk for match in matches]


def _given_to(creator_id: int) -> dict[int, int]:
    """Pool id -> agency that gave it: the creator's agency of now, and only what it still sees itself."""
    agency_id, _ = agency_at(creator_id=creator_id, at=clock.now())
    if agency_id is None:
        return {}
    seen = PoolShare.objects.filter(organisation_id=agency_id).values("pool_id")
    rows = PoolGift.objects.filter(creator_id=creator_id, agency_id=agency_id, pool__in=seen, pool__closed_at=None)
    return dict.fromkeys(rows.order_by("-id").values_list("pool_id", flat=True)[:SUITING_MOST], agency_id)


def pool_candidates(*, shop_id: int | None, q: str, limit: int) -> list[ProductCardData]:
    """Products that may be put into a pool by hand: with an open plan, of one shop when given; by name, else best sold first."""
    offers = arrays.offers()
    allowed = (offers.columns["simple_bp"] > 0) | (offers.columns["colonel_bp"] > 0)
    if shop_id is not None:
        allowed &= offers.shop_id == shop_id
    if q.strip():
        places = offers.places(search_products(q=q, limit=HITS_MOST).ids)
        places = places[places >= 0]
        rows = places[allowed[places]]
    else:
        rows = np.flatnonzero(allowed)
        rows = rows[np.lexsort((rows, -offers.columns["sold"][rows]))]
    ids = [int(pk) for pk in offers.product_id[rows[:limit]]]
    known = cards(ids)
    return [known[pk] for pk in ids if pk in known]


def _is_open_to(pool_id: int, creator_id: int) -> bool:
    if pool_id in _given_to(creator_id):
        return True
    return ProductPool.objects.filter(
        Q(is_public=True) | Q(shares__creator_id=creator_id), pk=pool_id, closed_at=None
    ).exists()


def creators_pool(*, creator_id: int, pool_id: int) -> dict[str, Any]:
    """A pool as a creator sees it: its products by how well they suit. Raises NotFound for one not open to them."""
    if not _is_open_to(pool_id, creator_id):
        raise NotFound(field="pool_id", expected="a pool that is open to this creator")
    pool = ProductPool.objects.get(pk=pool_id)
    view: View = view_of(creator_id=creator_id)
    places = view.offers.places(_products(pool_id))
    places = places[places >= 0]
    ordered = places[np.argsort(-view.fits.earned_minor[places], kind="stable")]
    return _rows([pool])[0] | {"rule": None, "products": described(creator_id=creator_id, view=view, rows=ordered)}
