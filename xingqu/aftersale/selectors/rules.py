"""The rules of after-sale at a moment."""

from datetime import datetime
from typing import Any

from xingqu.aftersale.domain.rules import Rules, read_rules
from xingqu.aftersale.models import AftersaleRules
from xingqu.kit.dated_rules import sets_of, values_at


def rules_at(at: datetime | None = None) -> Rules:
    """The rules in force at a moment (now): the newest set that has begun, else the built-in ones."""
    values = values_at(AftersaleRules, at)
    return Rules() if values is None else read_rules(values)


def rule_sets() -> list[dict[str, Any]]:
    """Every set an operator made, the latest first; `values` have every rule."""
    return sets_of(AftersaleRules, lambda values: read_rules(values).as_json())
