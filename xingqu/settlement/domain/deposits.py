"""Security deposits (保证金): what is due by shop type and category, and how a shop stands. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

ShopKind = Literal["company", "individual"]


@dataclass(frozen=True, slots=True)
class CategoryAmount:
    """What a category and all below it ask for, unless one of those says otherwise."""

    category_id: int
    company_minor: int
    individual_minor: int


@dataclass(frozen=True, slots=True)
class Due:
    """An amount, and the category of the shop that asks for it (None: the least that every shop pays)."""

    amount_minor: int
    category_id: int | None


@dataclass(frozen=True, slots=True)
class DepositTerms:
    """A rule in effect: the least amount of every shop, what categories ask for, and the times."""

    company_minor: int
    individual_minor: int
    categories: tuple[CategoryAmount, ...]
    grace_days: int
    remind_days: int
    release_days: int

    def due_of(self, *, kind: ShopKind, paths: Mapping[int, Sequence[int]]) -> Due:
        """The highest of what a shop's categories ask for, never less than the least. `paths`: category -> ids up to its root."""
        asked = {row.category_id: row for row in self.categories}
        due = Due(self.company_minor if kind == "company" else self.individual_minor, None)
        for category_id in sorted(paths):
            row = next((asked[pk] for pk in paths[category_id] if pk in asked), None)
            if row is None:
                continue
            amount = row.company_minor if kind == "company" else row.individual_minor
            if amount > due.amount_minor:
                due = Due(amount, category_id)
        return due


NO_TERMS = DepositTerms(0, 0, (), grace_days=7, remind_days=1, release_days=30)


@dataclass(frozen=True, slots=True)
class Standing:
    """What :func:`stand` decides by. `state` is ok, short or overdue."""

    state: str
    deadline_at: datetime | None
    reminded: bool


def stand(before: Standing, *, short_minor: int, terms: DepositTerms, now: datetime) -> Standing:
    """Where a shop stands now. The deadline is set when it falls short and stays whatever happens until it is topped up."""
    if short_minor <= 0:
        return Standing("ok", None, False)
    deadline = before.deadline_at or now + timedelta(days=terms.grace_days)
    if now >= deadline:
        return Standing("overdue", deadline, True)
    return Standing("short", deadline, before.reminded or now >= deadline - timedelta(days=terms.remind_days))


def check_categories(rows: Sequence[CategoryAmount], known: set[int]) -> str | None:
    """What is wrong with a rule's categories; None when nothing is."""
    ids = [row.category_id for row in rows]
    if len(set(ids)) != len(ids):
        return "each category once"
    if set(ids) - known:
        return "categories of this site"
    return None
