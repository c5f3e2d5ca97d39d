"""What stands in creators' showcases, for themselves and for visitors."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from xingqu.accounts.contracts import Actor
from xingqu.alliance.models import Link, ShowcaseItem
from xingqu.alliance.selectors.plans import plans_for
from xingqu.catalogue.contracts import ProductCardData
from xingqu.catalogue.selectors import cards
from xingqu.content.selectors import visible_ids
from xingqu.governance.contracts import Kind
from xingqu.governance.selectors import is_restricted
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.live.selectors import newest_clips, newest_explained
from xingqu.signals.services import seal_touch

WHOLE_BP = 10_000
SEARCHED_AT_ONCE = 100


def showcase_page(
    *, creator_id: int, before: tuple[int, int] | None, limit: int
) -> tuple[list[dict[str, Any]], tuple[int, int] | None]:
    """A creator's own view: each product with what it pays now, its link, and why it can't be sold (`problem`), if so."""
    rows, last = _page(creator_id, before, limit, with_hidden=True)
    ids = [row.product_id for row in rows]
    products, chosen = cards(ids), plans_for(creator_id=creator_id, product_ids=ids, at=clock.now())
    links = _newest_links(creator_id, ids)
    items = []
    for row in rows:
        product, plan, link = products.get(row.product_id), chosen.get(row.product_id), links.get(row.product_id)
        items.append(
            {
                "product_id": row.product_id,
                "product": product,
                "is_hidden": row.is_hidden,
                "problem": _problem(product, plan is not None),
                "plan_id": plan.plan_id if plan else None,
                "kind": plan.kind.value if plan else None,
                "commission_bp": plan.commission_bp if plan else None,
                "expected_minor": product.price_minor * plan.commission_bp // WHOLE_BP if product and plan else None,
                "pick_source": link.pick_source if link else None,
                "added_at": row.added_at,
            }
        )
    return items, last


def _problem(product: ProductCardData | None, has_plan: bool) -> str | None:
    """Why visitors don't see it: gone, a state of sale that is not `on_sale`, or no plan that pays for it any more."""
    if product is None:
        return "gone"
    if not product.sale_state.can_buy:
        return product.sale_state.code
    return None if has_plan else "no_plan"


def public_showcase(
    *, creator_id: int, viewer: Actor, before: tuple[int, int] | None, limit: int, q: str = ""
) -> tuple[list[dict[str, Any]], tuple[int, int] | None]:
    """What visitors see: products that can be bought, not hidden, each with the touch that proves this creator showed it.

    A product without a plan is shown all the same: it sells, for no commission. `q` leaves those whose name has all its words.
    Of a creator who may not sell nothing is shown.
    """
    words = q.casefold().split()
    items: list[dict[str, Any]] = []
    if is_restricted(creator_id=creator_id, kind=Kind.SELLING):
        return items, None
    last = before
    while True:
        rows, following = _page(creator_id, last, max(limit, SEARCHED_AT_ONCE if words else 0), with_hidden=False)
        products = cards([row.product_id for row in rows])
        for row in rows:
            last = (row.position, row.pk)
            product = products.get(row.product_id)
            if product is None or not product.sale_state.can_buy or not _has(product, words):
                continue
            touch = seal_touch(actor_key=viewer.key, product_ids=[product.id], creator_id=creator_id)
            items.append({"product": product, "touch": touch})
            if len(items) == limit:
                return _explained(creator_id, items), last
        if following is None:
            return _explained(creator_id, items), None
        last = following


def _has(product: ProductCardData, words: Sequence[str]) -> bool:
    name = f"{product.name} {product.short_name} {product.brief}".casefold()
    return all(word in name for word in words)


def _explained(creator_id: int, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With when this creator explained each product last on air, and the published clip of it, if there is one."""
    ids = [item["product"].id for item in items]
    explained = newest_explained(creator_id=creator_id, product_ids=ids)
    clips = newest_clips(creator_id=creator_id, product_ids=list(explained))
    seen = visible_ids(ids=clips.values())
    for item in items:
        pk = item["product"].id
        clip = clips.get(pk)
        item |= {"explained_at": explained.get(pk), "clip_id": clip if clip in seen else None}
    return items


def is_shown(*, creator_id: int, product_id: int) -> bool:
    """Whether a product is in a creator's showcase, hidden or not."""
    return ShowcaseItem.objects.filter(creator_id=creator_id, product_id=product_id).exists()


def picked(*, pick_source: str, viewer: Actor) -> dict[str, Any]:
    """What a creator's own link leads to: product, creator, and the touch that credits them. Raises NotFound."""
    link = Link.objects.filter(pick_source=pick_source).first()
    if link is None:
        raise NotFound(field="pick_source", expected="a creator's link")
    touch = seal_touch(actor_key=viewer.key, product_ids=[link.product_id], creator_id=link.creator_id)
    return {"product_id": link.product_id, "creator_id": link.creator_id, "touch": touch}


def _page(
    creator_id: int, before: tuple[int, int] | None, limit: int, *, with_hidden: bool
) -> tuple[list[ShowcaseItem], tuple[int, int] | None]:
    rows = ShowcaseItem.objects.filter(creator_id=creator_id)
    if not with_hidden:
        rows = rows.filter(is_hidden=False)
    if before is not None:
        rows = rows.filter(Q(position__lt=before[0]) | Q(position=before[0], pk__lt=before[1]))
    found = list(rows.order_by("-position", "-pk")[: limit + 1])
    shown = found[:limit]
    return shown, (shown[-1].position, shown[-1].pk) if len(found) > limit else None


def _newest_links(creator_id: int, product_ids: Sequence[int]) -> dict[int, Link]:
    rows = Link.objects.filter(creator_id=creator_id, product_id__in=product_ids).order_by("created_at", "pk")
    return {row.product_id: row for row in rows}
