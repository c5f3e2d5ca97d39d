"""The log of changes: what a program that was away reads to catch up, and what webhooks tell of."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from xingqu.kit import clock
from xingqu.kit.sql import fetch_one
from xingqu.kit.transactions import hold_names
from xingqu.openapi.models import Change, WebhookDelivery, WebhookEndpoint

PRUNE_AT_ONCE = 2_000


def append_change(*, shop_id: int, topic: str, reference: str, data: dict[str, Any]) -> bool:
    """Add an entry to a shop's log, in the caller's transaction, and a delivery for each endpoint that wants the topic.

    A shop without programs has no log: nothing is written and False is returned.
    """
    if fetch_one("SELECT 1 FROM openapi_openapp WHERE shop_id = %s LIMIT 1", [shop_id]) is None:
        return False
    # Ids are given before they can be seen: held to the commit, so that nobody reads past an entry that comes up later.
    hold_names(f"changes:{shop_id}")
    now = clock.now()
    change = Change.objects.create(shop_id=shop_id, topic=topic, reference=reference, data=data, at=now)
    endpoints = WebhookEndpoint.objects.filter(app__shop_id=shop_id, app__is_active=True, is_active=True)
    WebhookDelivery.objects.bulk_create(
        [
            WebhookDelivery(endpoint=endpoint, change=change, due_at=now)
            for endpoint in endpoints
            if topic in endpoint.topics
        ]
    )
    return True


def prune_changes() -> int:
    """Forget entries older than the time they are kept, with their deliveries and tokens that ran out. For the worker."""
    before = clock.now() - timedelta(days=settings.ENVIRONMENT.open_changes_days)
    ids = list(Change.objects.filter(at__lt=before).order_by("id").values_list("id", flat=True)[:PRUNE_AT_ONCE])
    Change.objects.filter(pk__in=ids).delete()
    return len(ids)
