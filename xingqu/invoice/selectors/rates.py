"""Tax rates by the dated rules in force."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from xingqu.catalogue.selectors import cards, category_path
from xingqu.invoice.domain import amounts
from xingqu.invoice.models import TaxRule


def rates_of(*, product_ids: Iterable[int], at: datetime) -> dict[int, int]:
    """Tax rate in basis points by product id, as of a time; an unknown product has the usual one."""
    usual_bp = settings.ENVIRONMENT.tax_rate_bp
    wanted = set(product_ids)
    rules = [
        amounts.TaxRule(rule.category_id, rule.rate_bp, rule.effective_from)
        for rule in TaxRule.objects.filter(effective_from__lte=at).order_by("id")
    ]
    known = cards(wanted) if rules and wanted else {}
    found = {}
    for product_id in wanted:
        path: list[int] = []
        if product_id in known:
            path = [card.id for card in category_path(category_id=known[product_id].category_id)]
        found[product_id] = amounts.rate_for(rules, category_path=path, at=at, usual_bp=usual_bp)
    return found


def tax_rules() -> dict[str, Any]:
    """Every rule, newest first, and the rate where there is none."""
    rules = list(TaxRule.objects.order_by("-effective_from", "-id"))
    return {"usual_bp": settings.ENVIRONMENT.tax_rate_bp, "rules": rules}
