"""Publishing at a time: set by hand, done by the clock."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from xingqu.content.domain import PUBLISHABLE
from xingqu.content.models import Content
from xingqu.content.services.studio import own_content, publish_content
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput
from xingqu.kit.transactions import retried

AT_ONCE = 100


class AlreadyPublished(Conflict):
    code = "already_published"
    message = "This content is published already."


@retried
@transaction.atomic
def schedule_content(*, shop_id: int, content_id: int, at: datetime) -> None:
    """Have a content published at a time; again for another time. Raises NotFound, AlreadyPublished, InvalidInput."""
    now, days = clock.now(), settings.ENVIRONMENT.schedule_days
    if not now < at <= now + timedelta(days=days):
        raise InvalidInput(field="at", expected=f"a time to come, within {days} days")
    content = own_content(shop_id=shop_id, content_id=content_id)
    if content.state == Content.State.PUBLISHED:
        raise AlreadyPublished
    Content.objects.filter(pk=content.pk).update(publish_at=at, updated_at=now)


@retried
@transaction.atomic
def unschedule_content(*, shop_id: int, content_id: int) -> None:
    """Leave the publishing to somebody's hand again. Doing so again changes nothing. Raises NotFound."""
    content = own_content(shop_id=shop_id, content_id=content_id)
    Content.objects.filter(pk=content.pk, publish_at__isnull=False).update(publish_at=None, updated_at=clock.now())


def publish_due() -> int:
    """Publish what is due; returns how many. Safe to repeat and to race. For the worker.

    What is due while its files are still processed is published once they are ready.
    """
    due = Content.objects.filter(publish_at__lte=clock.now(), state__in=PUBLISHABLE).order_by("publish_at", "id")
    return sum(_publish_one(shop_id, pk) for shop_id, pk in list(due.values_list("shop_id", "id")[:AT_ONCE]))


@retried
@transaction.atomic
def _publish_one(shop_id: int | None, content_id: int) -> bool:
    """Once, and by the time that stands there now: somebody may have published it, taken it back or set another time."""
    row = Content.objects.select_for_update(no_key=True).filter(pk=content_id).first()
    if row is None or row.publish_at is None or row.publish_at > clock.now() or row.state not in PUBLISHABLE:
        return False
    publish_content(shop_id=shop_id, content_id=content_id)
    return True
