"""Reads of the category tree."""

from collections import defaultdict
from typing import Any

from xingqu.catalogue.contracts import CategoryCard
from xingqu.catalogue.models import Category, CategoryAttribute
from xingqu.kit.errors import NotFound
from xingqu.kit.sql import fetch


def category_cards() -> dict[int, CategoryCard]:
    """Every category by id, in the tree's order: a site has some hundreds."""
    rows = Category.objects.order_by("position", "id").values_list(
        "id", "parent_id", "name", "name_en", "slug", "cover_url"
    )
    return {row[0]: CategoryCard(*row) for row in rows}


def category_tree() -> list[dict[str, Any]]:
    """Root categories with their children; `product_count` counts products that can be seen, the whole branch summed."""
    cards = category_cards()
    counts: dict[int, int] = dict(
        fetch(
            "SELECT category_id, COUNT(*) FROM catalogue_product"
            " WHERE status = 'online' AND check_status = 'approved' GROUP BY category_id"
        )
    )
    children: dict[int | None, list[CategoryCard]] = defaultdict(list)
    for card in cards.values():
        children[card.parent_id].append(card)

    def branch(card: CategoryCard) -> dict[str, Any]:
        below = [branch(child) for child in children[card.id]]
        return {
            "id": card.id,
            "name": card.name,
            "name_en": card.name_en or card.name,
            "slug": card.slug,
            "cover_url": card.cover_url,
            "children": below,
            "product_count": counts.get(card.id, 0) + sum(child["product_count"] for child in below),
        }

    return [branch(card) for card in children[None]]


def category_path(*, category_id: int) -> list[CategoryCard]:
    """From the root down to the category. Raises NotFound."""
    cards = category_cards()
    if category_id not in cards:
        raise NotFound(field="category_id")
    path = [cards[category_id]]
    while (parent_id := path[-1].parent_id) is not None:
        path.append(cards[parent_id])
    return path[::-1]


def category_ids_below(*, category_id: int) -> list[int]:
    """The category and everything below it; empty for an unknown one."""
    cards = category_cards()
    found = [category_id] if category_id in cards else []
    for known in found:
        found += [card.id for card in cards.values() if card.parent_id == known]
    return found


def find_category(*, path: list[str] | tuple[str, ...]) -> int | None:
    """Id of the category with this path of names, or of the only one with this name when one name is given."""
    cards = category_cards()
    if len(path) == 1:
        named = [card.id for card in cards.values() if path[0] in (card.name, card.slug)]
        return named[0] if len(named) == 1 else None
    parent_id: int | None = None
    for name in path:
        match = [card.id for card in cards.values() if card.parent_id == parent_id and card.name == name]
        if not match:
            return None
        parent_id = match[0]
    return parent_id


def category_attributes(*, category_id: int) -> list[dict[str, Any]]:
    """What a product of this category should state: its own attributes and those of the categories above."""
    ids = [card.id for card in category_path(category_id=category_id)]
    rows = CategoryAttribute.objects.filter(category_id__in=ids).order_by("category__parent_id", "position", "id")
    return [
        {
            "id": row.pk,
            "name": row.name,
            "name_en": row.name_en or row.name,
            "required": row.required,
            "type": row.kind,
            "choices": row.choices,
        }
        for row in rows
    ]


def shop_category_paths(*, shop_id: int) -> dict[int, list[int]]:
    """Categories in which a shop sells or wants to (approved or waiting products) -> the ids from each up to its root."""
    rows = fetch(
        "SELECT DISTINCT category_id FROM catalogue_product WHERE shop_id = %s AND status <> 'deleted'"
        " AND check_status IN ('approved', 'pending')",
        [shop_id],
    )
    cards = category_cards() if rows else {}
    paths: dict[int, list[int]] = {}
    for (category_id,) in rows:
        path, up = [category_id], cards[category_id].parent_id
        while up is not None:
            path.append(up)
            up = cards[up].parent_id
        paths[category_id] = path
    return paths
