"""A shop's quick replies and service hours."""

from django.db import IntegrityError, transaction

from xingqu.kit.errors import Conflict, InvalidInput, NotFound
from xingqu.kit.transactions import retried
from xingqu.support.models import QuickReply, ServiceHours

MAX_QUICK_REPLIES = 200
DAY_MINUTES = 1440


@retried
@transaction.atomic
def set_quick_reply(*, shop_id: int, reply_id: int | None, title: str, text: str) -> int:
    """Make a quick reply, or change one; returns its id. Raises NotFound, Conflict for a title in use, InvalidInput beyond 200."""
    try:
        with transaction.atomic():
            if reply_id is None:
                count = QuickReply.objects.filter(shop_id=shop_id).count()
                if count >= MAX_QUICK_REPLIES:
                    raise InvalidInput(field="title", expected=f"at most {MAX_QUICK_REPLIES} quick replies")
                return QuickReply.objects.create(shop_id=shop_id, title=title, text=text, position=count).pk
            moved = QuickReply.objects.filter(pk=reply_id, shop_id=shop_id).update(title=title, text=text)
    except IntegrityError as error:
        raise Conflict("There is a quick reply with this title.", field="title") from error
    if not moved:
        raise NotFound
    return reply_id


def remove_quick_reply(*, shop_id: int, reply_id: int) -> None:
    """Raises NotFound."""
    deleted, _ = QuickReply.objects.filter(pk=reply_id, shop_id=shop_id).delete()
    if not deleted:
        raise NotFound


@retried
@transaction.atomic
def set_service_hours(*, shop_id: int, start_minute: int, end_minute: int) -> None:
    """When the shop promises to answer, from now on; questions asked before keep the hours they were asked in."""
    if not 0 <= start_minute < end_minute <= DAY_MINUTES:
        raise InvalidInput(field="start_minute", expected="a start before the end, within one day")
    values = {"start_minute": start_minute, "end_minute": end_minute}
    ServiceHours.objects.update_or_create(shop_id=shop_id, defaults=values)
