"""What creators earn and shops give, order by order and in sums."""

from typing import Any, Literal

from django.db.models import Count, Q, QuerySet, Sum

from xingqu.accounts.selectors import creators_by_ids
from xingqu.alliance.models import CommissionOrder, Link
from xingqu.alliance.selectors.plans import plans_for
from xingqu.catalogue.selectors import cards
from xingqu.kit import clock
from xingqu.ledger.contracts import commission_account
from xingqu.ledger.selectors import balance_minor

SUMMED = ("base_minor", "estimated_minor", "amount_minor", "mcn_minor", "colonel_minor", "cost_minor")


def commission_page(
    *,
    of: Literal["shop", "creator", "mcn", "colonel"],
    of_id: int,
    state: str | None,
    before_id: int | None,
    limit: int,
) -> dict[str, Any]:
    """A page of commission orders of a shop, creator, agency or colonel, newest first, the id to go on from (`last`), and sums
    of all by state."""
    rows = CommissionOrder.objects.filter(**{f"{of}_id": of_id})
    sums = _sums(rows)
    if state is not None:
        rows = rows.filter(state=state)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.select_related("plan").order_by("-id")[: limit + 1])
    return {
        "items": _rows(found[:limit]),
        "last": found[limit - 1].pk if len(found) > limit else None,
        "sums": sums,
    }


def brought_by(*, creator_id: int, content_id: int | None, live_room_id: int | None) -> dict[str, int]:
    """What one work or live room brought its creator: orders, what the buyers paid and have not got back, commission that is
    estimated, and commission that is settled, in minor units."""
    rows = CommissionOrder.objects.filter(creator_id=creator_id)
    rows = rows.filter(content_id=content_id) if content_id is not None else rows.filter(live_room_id=live_room_id)
    settled = Q(state=CommissionOrder.State.SETTLED)
    found = rows.aggregate(
        orders=Count("order_no", distinct=True),
        base_minor=Sum("base_minor"),
        estimated_minor=Sum("amount_minor", filter=~settled),
        settled_minor=Sum("amount_minor", filter=settled),
    )
    return {name: value or 0 for name, value in found.items()}


def _sums(rows: QuerySet[CommissionOrder]) -> list[dict[str, Any]]:
    totals: dict[str, Any] = {"orders": Count("id"), **{name: Sum(name) for name in SUMMED}}
    return [dict(row) for row in rows.order_by("state").values("state").annotate(**totals)]


def _rows(orders: list[CommissionOrder]) -> list[dict[str, Any]]:
    creators = creators_by_ids(ids={row.creator_id for row in orders})
    products = cards({row.product_id for row in orders})
    told = []
    for row in orders:
        creator, product = creators.get(row.creator_id), products.get(row.product_id)
        told.append(
            {
                **{field.attname: getattr(row, field.attname) for field in CommissionOrder._meta.concrete_fields},
                "plan_kind": row.plan.kind,
                "creator_name": creator.display_name if creator is not None else "",
                "product_name": product.name if product is not None else "",
            }
        )
    return told


def creators_balance(*, creator_id: int) -> int:
    """What the books say is a creator's, in minor units; below zero after refunds of what was paid out."""
    return balance_minor(account=commission_account("creator", creator_id))


def links_page(*, creator_id: int, before_id: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """Products that a creator took up, newest first, each with what it would pay now; and the id to go on from."""
    rows = Link.objects.filter(creator_id=creator_id)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    links = list(rows.order_by("-id")[: limit + 1])
    shown = links[:limit]
    ids = {link.product_id for link in shown}
    products, chosen = cards(ids), plans_for(creator_id=creator_id, product_ids=ids, at=clock.now())
    told = []
    for link in shown:
        plan = chosen.get(link.product_id)
        told.append(
            {
                "id": link.pk,
                "product_id": link.product_id,
                "product": products.get(link.product_id),
                "plan_id": link.plan_id,
                "kind": plan.kind.value if plan is not None else None,
                "commission_bp": plan.commission_bp if plan is not None else None,
                "pick_source": link.pick_source,
                "created_at": link.created_at,
            }
        )
    return told, links[limit - 1].pk if len(links) > limit else None
