"""Which products of other shops a creator may show: written here by who agrees it with the merchant, kept by content and live."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from xingqu.content.models import AnchorRight
from xingqu.governance.contracts import Kind
from xingqu.governance.selectors import is_restricted
from xingqu.kit import clock
from xingqu.kit.transactions import hold_names, retried


@retried
@transaction.atomic
def grant_anchor(*, creator_id: int, product_id: int, since: datetime | None = None) -> None:
    """Let a creator show a product, from now (or `since`) on, until it is revoked. Doing it again changes nothing."""
    begins = since or clock.now()
    row, created = AnchorRight.objects.get_or_create(
        creator_id=creator_id, product_id=product_id, defaults={"since": begins}
    )
    if created or row.until is None:
        return
    # A right that has ended begins anew; one that was about to end goes on as if nothing had been.
    over = row.until <= clock.now()
    AnchorRight.objects.filter(pk=row.pk).update(until=None, since=begins if over else row.since)


@retried
@transaction.atomic
def revoke_anchor(*, creator_id: int, product_id: int, until: datetime | None = None) -> None:
    """End that right now (or at `until`): the product is shown with the creator's works no more. Never later than it ended."""
    ends = until or clock.now()
    rows = AnchorRight.objects.filter(creator_id=creator_id, product_id=product_id)
    rows.filter(Q(until__isnull=True) | Q(until__gt=ends)).update(until=ends)


@retried
@transaction.atomic
def suspend_anchors(*, creator_id: int) -> None:
    """Hang all rights of a creator up or give them back, by whether the creator may sell now. In any order, any number of times."""
    hold_names(f"anchor-rights:{creator_id}")
    stopped = is_restricted(creator_id=creator_id, kind=Kind.SELLING)
    AnchorRight.objects.filter(creator_id=creator_id).exclude(suspended=stopped).update(suspended=stopped)
