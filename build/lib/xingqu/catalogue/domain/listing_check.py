"""The automatic check before listing: completeness by category, and claims that advertising law forbids.

Source: Advertising Law of the PRC, articles 9, 17 and 28; the patterns and their basis stand in `data/claims.json`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Reasons = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Claim:
    """A forbidden wording with its legal basis."""

    pattern: re.Pattern[str]
    code: str
    basis: str
    basis_en: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An attribute that a category asks for."""

    name: str
    required: bool
    kind: str
    choices: tuple[str, ...]


@cache
def known_claims() -> tuple[Claim, ...]:
    """The shipped list."""
    text = files("xingqu.catalogue").joinpath("data/claims.json").read_text(encoding="utf-8")
    return tuple(
        Claim(re.compile(row["pattern"], re.IGNORECASE), row["code"], row["basis"], row["basis_en"])
        for row in json.loads(text)
    )


def check_listing(
    *,
    texts: Mapping[str, Any],
    asked: Sequence[Asked],
    is_leaf: bool,
    sku_count: int,
    picture_count: int | None,
) -> Reasons:
    """Reasons against listing by field, empty when it may be listed.

    `texts` are the checked fields of the product; `picture_count` None waives the need of a picture.
    """
    reasons: Reasons = {}

    def add(field: str, code: str, message: str, **data: Any) -> None:
        reasons.setdefault(field, []).append({"code": code, "message": message, **data})

    if len(texts["name"].strip()) < 3:
        add("name", "too_short", "A name has at least 3 characters.")
    if not is_leaf:
        add("category_id", "not_a_leaf", "Pick the most specific category.")
    if sku_count == 0:
        add("skus", "required", "Add at least one SKU with a price.")
    if picture_count == 0:
        add("pictures", "required", "Add at least one picture.")
    stated = dict(texts["attributes"])
    for one in asked:
        problem = _attribute_problem(one, str(stated.get(one.name, "")).strip())
        if problem is not None:
            add(f"attributes.{one.name}", *problem)
    for field, text in _texts_of(texts):
        for claim in known_claims():
            found = claim.pattern.search(text)
            if found is not None:
                add(
                    field,
                    claim.code,
                    f"Advertising law does not allow “{found.group()}” here.",
                    words=found.group(),
                    basis=claim.basis,
                    basis_en=claim.basis_en,
                )
    return reasons


def _attribute_problem(asked: Asked, value: str) -> tuple[str, str] | None:
    if not value:
        return ("required", f"This category asks for {asked.name}.") if asked.required else None
    if asked.kind == "number" and not re.fullmatch(r"\d+(\.\d+)?", value):
        return "not_a_number", f"{asked.name} is a number."
    if asked.kind == "choice" and value not in asked.choices:
        return "not_a_choice", f"{asked.name} is one of {', '.join(asked.choices)}."
    return None


def _texts_of(texts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("name", "short_name", "brief", "brand"):
        yield name, texts[name]
    for index, paragraph in enumerate(texts["detail_paragraphs"]):
        yield f"detail_paragraphs.{index}", paragraph
    for name, value in texts["attributes"]:
        yield f"attributes.{name}", value
    for index, tag in enumerate(texts["stated_tags"]):
        yield f"stated_tags.{index}", tag
