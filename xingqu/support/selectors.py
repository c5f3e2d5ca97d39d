"""Reads of customer service. Whose conversation it is is decided here, where the data is read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from xingqu.accounts.selectors import organisation_cards, person_labels
from xingqu.catalogue.selectors import cards as product_cards
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.support.domain import Hours, day_of, is_fast, is_judged
from xingqu.support.models import BuyerTurn, Conversation, Message, QuickReply, ServiceHours
from xingqu.trade.selectors import orders_between

COUNT_LIMIT = 1_000
Position = tuple[datetime, int]


def hours_of(*, shop_id: int) -> Hours:
    """When a shop promises to answer: its own hours, else the site's."""
    row = ServiceHours.objects.filter(shop_id=shop_id).first()
    if row is not None:
        return Hours(row.start_minute, row.end_minute)
    return Hours(settings.ENVIRONMENT.service_start_minute, settings.ENVIRONMENT.service_end_minute)


def buyers_conversation(*, conversation_id: int, buyer_key: str) -> Conversation:
    """A buyer's own conversation. Raises NotFound for another's."""
    return _one(Conversation.objects.filter(pk=conversation_id, buyer_key=buyer_key))


def shops_conversation(*, conversation_id: int, shop_id: int) -> Conversation:
    """A shop's own conversation. Raises NotFound for another's."""
    return _one(Conversation.objects.filter(pk=conversation_id, shop_id=shop_id))


def _one(rows: QuerySet[Conversation]) -> Conversation:
    row = rows.first()
    if row is None:
        raise NotFound
    return row


def buyers_conversations(
    *, buyer_key: str, after: Position | None, limit: int
) -> tuple[list[dict[str, Any]], Position | None]:
    """A buyer's conversations with something said in them, newest first, and the position to go on from."""
    rows = Conversation.objects.filter(buyer_key=buyer_key, last_at__isnull=False)
    return _page(rows, after, limit)


def buyers_unread(*, buyer_key: str) -> int:
    """How many messages of shops a buyer has not read."""
    rows = Conversation.objects.filter(buyer_key=buyer_key, buyer_unread__gt=0)
    return sum(rows.values_list("buyer_unread", flat=True)[:COUNT_LIMIT])


def shops_conversations(
    *, shop_id: int, queue: str, person_id: int, after: Position | None, limit: int
) -> tuple[list[dict[str, Any]], Position | None]:
    """A shop's conversations, newest first: ``all``, ``unread``, ``waiting`` for an answer, or ``mine`` (assigned to a member)."""
    queues = {
        "all": Q(last_at__isnull=False),
        "unread": Q(shop_unread__gt=0),
        "waiting": Q(waiting_since__isnull=False),
        "mine": Q(assigned_to_id=person_id, last_at__isnull=False),
    }
    return _page(Conversation.objects.filter(queues[queue], shop_id=shop_id), after, limit)


def shop_counts(*, shop_id: int, person_id: int) -> dict[str, int]:
    """Counters of the desk, each up to 1,000."""
    rows = Conversation.objects.filter(shop_id=shop_id)

    def count(condition: Q) -> int:
        return len(rows.filter(condition).values_list("pk")[:COUNT_LIMIT])

    late = clock.now() - timedelta(seconds=180)
    return {
        "unread": count(Q(shop_unread__gt=0)),
        "waiting": count(Q(waiting_since__isnull=False)),
        "late": count(Q(waiting_since__lt=late)),
        "mine": count(Q(assigned_to_id=person_id, shop_unread__gt=0)),
    }


def _page(
    rows: QuerySet[Conversation], after: Position | None, limit: int
) -> tuple[list[dict[str, Any]], Position | None]:
    if after is not None:
        moment, last_id = after
        rows = rows.filter(Q(last_at__lt=moment) | Q(last_at=moment, pk__lt=last_id))
    found = list(rows.order_by("-last_at", "-id")[: limit + 1])
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return conversation_rows(page), (last.last_at, last.pk) if last is not None and last.last_at is not None else None


def conversation_rows(rows: Sequence[Conversation]) -> list[dict[str, Any]]:
    """Conversations as both sides list them. A buyer is a name and never an address; a guest is a number."""
    shops = organisation_cards(ids={row.shop_id for row in rows})
    people = {int(row.buyer_key[1:]) for row in rows if row.buyer_key.startswith("p")}
    labels = person_labels(ids=people | {row.assigned_to_id for row in rows if row.assigned_to_id is not None})
    items = []
    for row in rows:
        name, avatar = _buyer(row.buyer_key, labels)
        assigned = labels.get(row.assigned_to_id or 0)
        items.append(
            {
                "id": row.pk,
                "shop": {
                    "id": row.shop_id,
                    "name": shops[row.shop_id].name,
                    "name_en": shops[row.shop_id].name_en,
                    "avatar_url": shops[row.shop_id].avatar_url,
                },
                "buyer_name": name,
                "buyer_avatar_url": avatar,
                "is_guest": row.buyer_key.startswith("g"),
                "last_sender": row.last_sender or None,
                "last_kind": row.last_kind or None,
                "last_text": row.last_text,
                "last_at": row.last_at,
                "buyer_unread": row.buyer_unread,
                "shop_unread": row.shop_unread,
                "buyer_read_id": row.buyer_read_id,
                "shop_read_id": row.shop_read_id,
                "waiting_since": row.waiting_since,
                "assigned_to": None if assigned is None else {"person_id": row.assigned_to_id, "name": assigned[0]},
            }
        )
    return items


def _buyer(buyer_key: str, labels: dict[int, tuple[str, str]]) -> tuple[str, str]:
    if buyer_key.startswith("g"):
        return f"游客{buyer_key[-4:]}", ""
    return labels.get(int(buyer_key[1:]), (f"用户{buyer_key[1:]}", ""))


def messages_page(
    *, conversation: Conversation, before_id: int | None, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """Messages of a conversation, newest first, with the cards that they show, and the id to go on from."""
    rows = Message.objects.filter(conversation=conversation)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    return message_rows(conversation, page), page[-1].pk if len(found) > limit else None


def message_rows(conversation: Conversation, page: Sequence[Message]) -> list[dict[str, Any]]:
    """Messages in the shape of MessageOut; constant number of statements."""
    products = product_cards(row.product_id for row in page if row.product_id is not None)
    numbers = [row.order_no for row in page if row.order_no]
    orders = {card["order_no"]: card for card in _orders(conversation, numbers)} if numbers else {}
    names = person_labels(ids={row.person_id for row in page if row.person_id is not None})
    return [
        {
            "id": row.pk,
            "sender": row.sender,
            "member_name": names[row.person_id][0] if row.person_id in names else None,
            "kind": row.kind,
            "text": row.text,
            "picture_url": f"/api/v1/chat-pictures/{row.pk}" if row.picture else None,
            "product": products.get(row.product_id or 0),
            "order": orders.get(row.order_no),
            "created_at": row.created_at,
        }
        for row in page
    ]


def _orders(conversation: Conversation, numbers: Iterable[str]) -> list[dict[str, Any]]:
    return orders_between(shop_id=conversation.shop_id, buyer_key=conversation.buyer_key, order_nos=numbers, limit=100)


def message_row(*, conversation: Conversation, message_id: int) -> dict[str, Any]:
    """One message in the shape of MessageOut."""
    return message_rows(conversation, [Message.objects.get(pk=message_id)])[0]


def picture_of(*, message_id: int) -> tuple[Conversation, str]:
    """The conversation and the private file of a picture. Raises NotFound."""
    row = Message.objects.select_related("conversation").filter(pk=message_id).exclude(picture="").first()
    if row is None:
        raise NotFound
    return row.conversation, row.picture


def quick_replies(*, shop_id: int) -> list[dict[str, Any]]:
    """A shop's quick replies in their order."""
    rows = QuickReply.objects.filter(shop_id=shop_id).order_by("position", "id")
    return [{"id": row.pk, "title": row.title, "text": row.text} for row in rows]


def response_figures(*, shop_id: int, days: int) -> list[dict[str, Any]]:
    """By day, newest first: buyers' turns in service hours, how many a person answered within three minutes, and the share
    (None without turns). A turn begins with the first message that nobody had answered; one that still has time counts not yet."""
    today = day_of(clock.now(), ZoneInfo(settings.TIME_ZONE))
    counts: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    rows = BuyerTurn.objects.filter(shop_id=shop_id, day__gt=today - timedelta(days=days), in_hours=True)
    for day, asked_at, answered_at in rows.values_list("day", "asked_at", "answered_at"):
        if is_judged(asked_at, answered_at, clock.now()):
            counts[day][0] += 1
            counts[day][1] += is_fast(asked_at, answered_at)
    figures = []
    for back in range(days):
        day = today - timedelta(days=back)
        turns, fast = counts[day]
        figures.append({"day": day, "turns": turns, "fast": fast, "rate": fast / turns if turns else None})
    return figures


def turns_between(*, shop_id: int, since: datetime, until: datetime) -> tuple[int, int]:
    """Buyers' turns in service hours that began in a period, and how many of them a person answered within three minutes."""
    turns = [is_fast(asked_at, answered_at) for _, asked_at, answered_at in _judged(shop_id, since, until)]
    return len(turns), sum(turns)


def slow_turns(*, shop_id: int, since: datetime, until: datetime, limit: int) -> list[tuple[int, datetime]]:
    """The turns of the same period that were not answered in time, as (conversation, when it was asked), newest first."""
    slow = [(pk, asked_at) for pk, asked_at, at in _judged(shop_id, since, until) if not is_fast(asked_at, at)]
    return sorted(slow, key=lambda row: row[1], reverse=True)[:limit]


def _judged(shop_id: int, since: datetime, until: datetime) -> list[tuple[int, datetime, datetime | None]]:
    zone = ZoneInfo(settings.TIME_ZONE)
    rows = BuyerTurn.objects.filter(shop_id=shop_id, in_hours=True, asked_at__gte=since, asked_at__lt=until)
    rows = rows.filter(day__gte=day_of(since, zone), day__lte=day_of(until, zone))  # the index is by day
    found = rows.values_list("conversation_id", "asked_at", "answered_at")
    return [(pk, asked, answered) for pk, asked, answered in found if is_judged(asked, answered, clock.now())]


def last_message_id() -> int:
    """For the edge."""
    return Message.objects.order_by("-id").values_list("id", flat=True).first() or 0


def messages_after(*, last_id: int, limit: int = 500) -> list[dict[str, Any]]:
    """What the edge tells of messages with ids above `last_id`, oldest first: whose they are, and nothing that was said."""
    rows = Message.objects.filter(pk__gt=last_id).order_by("id").select_related("conversation")[:limit]
    return [
        {
            "id": row.pk,
            "conversation_id": row.conversation_id,
            "shop_id": row.conversation.shop_id,
            "buyer_key": row.conversation.buyer_key,
            "sender": row.sender,
        }
        for row in rows
    ]
