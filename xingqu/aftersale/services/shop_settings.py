"""What shops and operators set."""

from datetime import UTC, datetime
from typing import Any

from xingqu.aftersale.domain.rules import Rules, check_rules
from xingqu.aftersale.models import AftersaleRules, PriceSeen
from xingqu.catalogue.selectors import product_detail
from xingqu.kit import clock
from xingqu.kit.dated_rules import begin_set
from xingqu.kit.errors import InvalidInput, NotFound


def set_rules(*, person_id: int, rules: Rules, effective_from: datetime | None, note: str) -> int:
    """Make a set of rules that holds for cases opened from a moment on (None: from now on); returns its id.

    The past can't be changed. Raises InvalidInput for a moment that is over or a value out of range, Conflict for a moment
    that has its rules already.
    """
    check_rules(rules)
    begins = None if effective_from is None else aware(effective_from)
    return begin_set(AftersaleRules, values=rules.as_json(), person_id=person_id, effective_from=begins, note=note)


def aware(moment: datetime) -> datetime:
    """A moment that every database can compare; one without a zone is UTC. Raises InvalidInput beyond the year 2200."""
    if moment.year > 2200:
        raise InvalidInput(field="effective_from", expected="a year up to 2200")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def remember_prices(*, product_id: int) -> int:
    """Write down what a product's SKUs cost from now on, where that is new. Returns how many prices were."""
    try:
        skus: list[dict[str, Any]] = product_detail(product_id=product_id)["skus"]
    except NotFound:
        return 0
    written = 0
    for sku in skus:
        price = sku["price"]
        last = PriceSeen.objects.filter(sku_id=sku["id"]).order_by("-at", "-id").first()
        if last is None or last.price_minor != price.amount_minor:
            PriceSeen.objects.create(
                sku_id=sku["id"], price_minor=price.amount_minor, currency=price.currency, at=clock.now()
            )
            written += 1
    return written
