"""What a collaboration has brought so far."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from xingqu.alliance.selectors.performance import brought_by
from xingqu.collaboration.contracts import Performance
from xingqu.collaboration.domain.terms import Terms, end_moment, moment, read_terms
from xingqu.collaboration.models import Collaboration, CollaborationTerms
from xingqu.content.selectors.published import published_with
from xingqu.live.selectors.explained import explained_in


def terms_of(row: Collaboration, version: int | None = None) -> Terms:
    """Terms of a version, of the newest without one."""
    found = CollaborationTerms.objects.get(collaboration=row, version=version or row.terms_version)
    return read_terms(found.values)


def window_of(row: Collaboration, terms: Terms) -> tuple[datetime, datetime]:
    """[since, until) of the orders that count: the agreed days, as far as it was not ended before."""
    zone = timezone.get_current_timezone()
    until = end_moment(terms, zone)
    return moment(terms.starts_on, zone), min(until, row.stopped_at or until)


def performance_of(row: Collaboration, terms: Terms) -> Performance:
    """Sums over the orders that the creator brought in its days with its products."""
    since, until = window_of(row, terms)
    if row.agreed_at is None or until <= since:
        return Performance(0, 0, 0, 0, 0)
    found = brought_by(
        creator_id=row.creator_id, shop_id=row.shop_id, product_ids=terms.product_ids, since=since, until=until
    )
    return Performance(**found)


def shown_works(row: Collaboration, terms: Terms) -> list[dict[str, Any]]:
    """Works published and rooms in which products were explained in its days, oldest first, each once."""
    since, until = window_of(row, terms)
    who, what = row.creator_id, list(terms.product_ids)
    seen: dict[tuple[str, int], dict[str, Any]] = {}
    found = [("content", *one) for one in published_with(creator_id=who, product_ids=what, since=since)]
    found += [("live", *one) for one in explained_in(creator_id=who, product_ids=what, since=since)]
    for kind, pk, product_id, at in sorted(found, key=lambda one: one[3]):
        if at < until:
            entry = seen.setdefault((kind, pk), {"kind": kind, "id": pk, "at": at, "product_ids": []})
            if product_id not in entry["product_ids"]:
                entry["product_ids"].append(product_id)
    return list(seen.values())
