"""The category tree that comes with the house, and categories made by imports."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import transaction

from xingqu.catalogue.models import Category, CategoryAttribute
from xingqu.kit.transactions import hold_names


@cache
def _shipped_tree() -> list[dict[str, Any]]:
    text = files("xingqu.catalogue").joinpath("data/categories.json").read_text(encoding="utf-8")
    tree: list[dict[str, Any]] = json.loads(text)
    return tree


@cache
def _shipped_tags() -> dict[str, tuple[str, ...]]:
    return {leaf["name"]: tuple(leaf.get("tags", ())) for root in _shipped_tree() for leaf in root.get("children", ())}


def tags_of_category(names: Sequence[str]) -> tuple[str, ...]:
    """Tags that every product of a category carries: of the shipped tree, else the leaf's own name when it is short."""
    leaf = names[-1]
    return _shipped_tags().get(leaf, (leaf,) if len(leaf) <= 8 else ())


@transaction.atomic
def ensure_category_tree() -> int:
    """Make the shipped categories that are missing; returns how many were made. An operator's changes stay."""
    hold_names("catalogue.categories")
    return sum(_ensure(node, None, position) for position, node in enumerate(_shipped_tree()))


def _ensure(node: Mapping[str, Any], parent: Category | None, position: int) -> int:
    category, created = Category.objects.get_or_create(
        parent=parent,
        name=node["name"],
        defaults={"name_en": node["name_en"], "slug": node["slug"], "position": position},
    )
    if created:
        CategoryAttribute.objects.bulk_create(
            [
                CategoryAttribute(
                    category=category,
                    name=row["name"],
                    name_en=row["name_en"],
                    required=row.get("required", False),
                    kind=row.get("type", "text"),
                    choices=row.get("choices", []),
                    position=index,
                )
                for index, row in enumerate(node.get("attributes", ()))
            ]
        )
    return int(created) + sum(_ensure(child, category, index) for index, child in enumerate(node.get("children", ())))


@transaction.atomic
def ensure_category(*, path: Sequence[str]) -> int:
    """Id of the category with this path of names; what is missing is made."""
    hold_names("catalogue.categories")
    parent: Category | None = None
    for name in path:
        known = Category.objects.filter(parent=parent, name=name).first()
        if known is None:
            known = Category.objects.create(parent=parent, name=name, slug=_free_slug(name))
        parent = known
    if parent is None:
        raise ValueError("a category path has at least one name")
    return parent.pk


def set_category_cover(*, category_id: int, url: str) -> None:
    """The picture that stands for a category."""
    Category.objects.filter(pk=category_id).update(cover_url=url)


def _free_slug(name: str) -> str:
    base = "-".join(name.lower().split())[:50]
    slug, number = base, 2
    while Category.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug
