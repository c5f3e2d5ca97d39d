"""Terms of a collaboration, and what they make of the slot fee. Pure.

proportional: earned = fee · min(settled, target) / target, rounded down
threshold:    earned = fee if settled ≥ target else 0
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from xingqu.collaboration.domain.rules import Rules
from xingqu.kit.errors import InvalidInput

MOST_PRODUCTS = 20
MOST_RELEASES = 6
LONGEST_DAYS = 180


class ReleaseKind(StrEnum):
    PROPORTIONAL = "proportional"
    THRESHOLD = "threshold"


@dataclass(frozen=True, slots=True)
class Terms:
    """Days are of the site's time zone, the first and the last included; `release_days` ascend, the last one ends it.

    `target_minor` is the GMV that must be settled for the whole fee; without a fee both are 0.
    """

    product_ids: tuple[int, ...]
    commission_bp: int
    slot_fee_minor: int
    release_kind: ReleaseKind
    target_minor: int
    starts_on: date
    ends_on: date
    release_days: tuple[date, ...]
    works: int
    lives: int
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return plain


def read_terms(values: dict[str, Any]) -> Terms:
    """Terms of stored values."""
    return Terms(
        **{
            **values,
            "product_ids": tuple(values["product_ids"]),
            "release_kind": ReleaseKind(values["release_kind"]),
            "starts_on": date.fromisoformat(values["starts_on"]),
            "ends_on": date.fromisoformat(values["ends_on"]),
            "release_days": tuple(date.fromisoformat(day) for day in values["release_days"]),
        }
    )


def check_terms(terms: Terms, *, today: date, rules: Rules, limits_bp: tuple[int, int]) -> None:
    """Raises InvalidInput for the first thing that can't be agreed on."""
    if not 1 <= len(terms.product_ids) <= MOST_PRODUCTS or len(set(terms.product_ids)) != len(terms.product_ids):
        raise InvalidInput(field="product_ids", expected=f"1 to {MOST_PRODUCTS} products, each once")
    if not limits_bp[0] <= terms.commission_bp <= limits_bp[1]:
        raise InvalidInput(field="commission_bp", expected=f"{limits_bp[0]} to {limits_bp[1]} basis points")
    if terms.starts_on < today:
        raise InvalidInput(field="starts_on", expected="today or later")
    if not terms.starts_on <= terms.ends_on <= terms.starts_on + timedelta(days=LONGEST_DAYS):
        raise InvalidInput(field="ends_on", expected=f"0 to {LONGEST_DAYS} days after the beginning")
    _check_fee(terms, rules)


def _check_fee(terms: Terms, rules: Rules) -> None:
    if not 0 <= terms.slot_fee_minor <= rules.slot_fee_max_minor:
        raise InvalidInput(field="slot_fee_minor", expected=f"0 to {rules.slot_fee_max_minor}")
    if terms.slot_fee_minor and terms.target_minor < 1:
        raise InvalidInput(field="target_minor", expected="the settled GMV that earns the whole slot fee")
    if not terms.slot_fee_minor and terms.target_minor:
        raise InvalidInput(field="target_minor", expected="0 without a slot fee")
    days = terms.release_days
    last = terms.ends_on + timedelta(days=rules.settle_days)
    if not 1 <= len(days) <= MOST_RELEASES or list(days) != sorted(set(days)) or days[0] < terms.starts_on:
        raise InvalidInput(field="release_days", expected=f"1 to {MOST_RELEASES} days in order, from the beginning on")
    if not last <= days[-1] <= terms.ends_on + timedelta(days=LONGEST_DAYS):
        raise InvalidInput(field="release_days", expected=f"the last one from {last} on: what was sold must settle")


def earned_minor(terms: Terms, settled_minor: int) -> int:
    """What the creator has earned of the slot fee when this much GMV is settled; never more than the fee, never less than 0."""
    if not terms.slot_fee_minor or settled_minor <= 0:
        return 0
    if terms.release_kind is ReleaseKind.THRESHOLD:
        return terms.slot_fee_minor if settled_minor >= terms.target_minor else 0
    return terms.slot_fee_minor * min(settled_minor, terms.target_minor) // terms.target_minor


def broken_off_minor(terms: Terms, *, by_merchant: bool, settled_minor: int, gmv_minor: int, rules: Rules) -> int:
    """What the creator has of the slot fee in all when a side breaks off before the end.

    The creator breaks off: what was earned by what is settled. The shop does: what was sold counts as if it were settled, and
    a part of the fee is the creator's in any case.
    """
    if not by_merchant:
        return earned_minor(terms, settled_minor)
    least = terms.slot_fee_minor * rules.break_off_bp // 10_000
    return max(earned_minor(terms, max(gmv_minor, settled_minor)), least)


def moment(day: date, zone: tzinfo) -> datetime:
    """The beginning of a day."""
    return datetime.combine(day, time(), zone)


def end_moment(terms: Terms, zone: tzinfo) -> datetime:
    """When what is sold does not count any more: the beginning of the day after the last one."""
    return moment(terms.ends_on + timedelta(days=1), zone)


def next_release(terms: Terms, zone: tzinfo, after: datetime) -> datetime | None:
    """The next release after a moment; None when that was the last."""
    return min((at for day in terms.release_days if (at := moment(day, zone)) > after), default=None)


def content_hash(content: dict[str, Any]) -> str:
    """SHA-256 of a contract's content, in one spelling: sorted names, no spaces, UTF-8."""
    spelled = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(spelled.encode()).hexdigest()


def proof_ids(link: str) -> tuple[str, int] | None:
    """("content" or "live", id) of a link into the mall, ``/v/12`` or ``/live/3``; None for another."""
    parts: Sequence[str] = link.split("?")[0].split("#")[0].rstrip("/").split("/")
    kind = {"v": "content", "live": "live"}.get(parts[-2]) if len(parts) >= 2 else None
    if kind is None or not parts[-1].isdecimal() or not parts[-1].isascii() or len(parts[-1]) > 15:
        return None
    return kind, int(parts[-1])
