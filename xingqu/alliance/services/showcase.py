"""A creator's showcase (橱窗): what they took up, in their order, some of it hidden."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from xingqu.alliance.domain.errors import BadLink
from xingqu.alliance.domain.links import Pasted, read_link
from xingqu.alliance.models import ShowcaseItem
from xingqu.catalogue.selectors import cards
from xingqu.content.services import grant_anchor, revoke_anchor
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried

MOST_ITEMS = 500


def show_product(*, creator_id: int, product_id: int) -> None:
    """Put a product at the top of a showcase, and let the creator's works and live rooms show it; one that is there stays where
    it is. In the caller's transaction.

    Raises InvalidInput when the showcase is full.
    """
    hold_names(f"showcase:{creator_id}")
    grant_anchor(creator_id=creator_id, product_id=product_id)
    rows = ShowcaseItem.objects.filter(creator_id=creator_id)
    if rows.filter(product_id=product_id).exists():
        return
    if rows.count() >= MOST_ITEMS:
        raise InvalidInput(field="product_id", expected=f"a showcase with fewer than {MOST_ITEMS} products")
    top = rows.aggregate(top=Max("position"))["top"]
    ShowcaseItem.objects.create(
        creator_id=creator_id, product_id=product_id, position=(top or 0) + 1, added_at=clock.now()
    )


@retried
@transaction.atomic
def hide_product(*, creator_id: int, product_id: int, is_hidden: bool) -> None:
    """Hide a product from visitors, or show it again. Raises NotFound."""
    if not ShowcaseItem.objects.filter(creator_id=creator_id, product_id=product_id).update(is_hidden=is_hidden):
        raise NotFound(field="product_id", expected="a product of the showcase")


@retried
@transaction.atomic
def remove_product(*, creator_id: int, product_id: int) -> None:
    """Take a product out of the showcase and of the creator's works. What it sold before keeps its commission. Raises NotFound."""
    if not ShowcaseItem.objects.filter(creator_id=creator_id, product_id=product_id).delete()[0]:
        raise NotFound(field="product_id", expected="a product of the showcase")
    revoke_anchor(creator_id=creator_id, product_id=product_id)


@retried
@transaction.atomic
def order_showcase(*, creator_id: int, product_ids: Sequence[int]) -> None:
    """The products that are named come first, in this order; the others follow as they were. Raises InvalidInput."""
    hold_names(f"showcase:{creator_id}")
    rows = list(ShowcaseItem.objects.filter(creator_id=creator_id).order_by("-position", "-pk"))
    by_product = {row.product_id: row for row in rows}
    wanted = list(dict.fromkeys(product_ids))
    if set(wanted) - by_product.keys():
        raise InvalidInput(field="product_ids", expected="products of the showcase")
    ordered = [by_product[pk] for pk in wanted] + [row for row in rows if row.product_id not in set(wanted)]
    for place, row in enumerate(reversed(ordered), start=1):
        row.position = place
    ShowcaseItem.objects.bulk_update(rows, ["position"])


def read_pasted(*, text: str) -> Pasted:
    """The product of this site that a pasted text names. Raises BadLink."""
    found = read_link(text)
    if found is None or found.product_id not in cards([found.product_id]):
        raise BadLink(field="text", expected="the address or number of a product of this site")
    return found
