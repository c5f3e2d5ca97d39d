"""Reads of notices."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from xingqu.accounts.contracts import BUYER_NOTICES, NoticeRow, NoticeSide
from xingqu.accounts.models import Notice

# A kind may go to both sides; what goes to a shop's members names the shop.
_AS_BUYER = Q(kind__in=BUYER_NOTICES) & ~Q(data__has_key="shop_id")


def notices_after(*, last_id: int, person_ids: Iterable[int], limit: int = 500) -> list[tuple[int, NoticeRow]]:
    """(person id, notice) with ids above `last_id`, oldest first. For the edge."""
    rows = Notice.objects.filter(pk__gt=last_id, person_id__in=list(person_ids)).order_by("id")[:limit]
    return [(r.person_id, _notice_row(r)) for r in rows]


def last_notice_id() -> int:
    return Notice.objects.order_by("-id").values_list("id", flat=True).first() or 0


def notices_of(*, person_id: int, side: NoticeSide = "all") -> QuerySet[Notice]:
    """A person's notices. `buyer`: without those of their shops, which name the shop."""
    rows = Notice.objects.filter(person_id=person_id)
    return rows.filter(_AS_BUYER) if side == "buyer" else rows


def notices_page(*, person_id: int, before_id: int | None, limit: int, side: NoticeSide = "all") -> list[NoticeRow]:
    """A person's notices, newest first."""
    rows = notices_of(person_id=person_id, side=side)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return [_notice_row(r) for r in rows.order_by("-id")[:limit]]


def unread_counts(*, person_id: int) -> tuple[int, int]:
    """How many notices are unread, and how many of them one got as a buyer. One statement."""
    unread = Notice.objects.filter(person_id=person_id, read_at__isnull=True)
    counts = unread.aggregate(all=Count("id"), buyer=Count("id", filter=_AS_BUYER))
    return counts["all"], counts["buyer"]


def _notice_row(row: Notice) -> NoticeRow:
    return NoticeRow(id=row.pk, kind=row.kind, data=row.data, created_at=row.created_at, read=row.read_at is not None)
