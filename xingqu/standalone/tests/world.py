"""A small shop for the tests."""

from __future__ import annotations

from typing import Any

TOPICS = ("camping", "kitchen", "running", "music", "garden", "chess")


def items(count: int = 240) -> list[dict[str, Any]]:
    """Item ``i`` is about topic ``i % 6``; three brands a topic."""
    return [
        {
            "id": f"item-{i}",
            "tags": [TOPICS[i % 6], f"{TOPICS[i % 6]}-{i % 4}"],
            "creator": f"brand-{i % 18}",
            "category": TOPICS[i % 6],
            "price_minor": 1_000 + 10 * i,
            "published_at_ms": 1_700_000_000_000,
        }
        for i in range(count)
    ]


def likes(person: str, topic: int, *, count: int = 3, first: int = 0) -> list[dict[str, Any]]:
    """``person`` clicks on ``count`` items of a topic."""
    return [
        {"id": f"{person}-{topic}-{k}", "person": person, "kind": "product_click", "item": f"item-{topic + 6 * k}"}
        for k in range(first, first + count)
    ]


def topic_of(item: str) -> int:
    return int(item.removeprefix("item-")) % 6
