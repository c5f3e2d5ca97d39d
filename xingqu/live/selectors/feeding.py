"""Live rooms as candidates of the feed: read anew each time, so that what ended a moment ago is none."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q

from xingqu.accounts.selectors import creators_by_ids
from xingqu.catalogue.selectors import cards
from xingqu.content.contracts import product_json
from xingqu.live.contracts import LiveCandidate
from xingqu.live.models import LiveExplain, LiveItem, LiveRoom, LiveSale, RoomVisitor, StreamSession
from xingqu.live.selectors.edge import room_figures
from xingqu.live.selectors.playing import play_url, silent_before

CANDIDATES = 100
PRODUCTS_LOOKED_AT = 5
STAYED_MS = 30_000


def feed_candidates(*, limit: int = CANDIDATES) -> list[LiveCandidate]:
    """Rooms that are live and have a picture, those with most visitors first. One statement when there are none."""
    playing = StreamSession.objects.filter(
        ended_at__isnull=True, recorded_from__isnull=False, seen_at__gt=silent_before()
    )
    rows = list(
        LiveRoom.objects.filter(state="live", sessions__in=playing).distinct().order_by("-viewer_count", "-id")[:limit]
    )
    if not rows:
        return []
    ids = [row.pk for row in rows]
    explained = dict(
        LiveExplain.objects.filter(room_id__in=ids, ended_at__isnull=True).values_list("room_id", "product_id")
    )
    bags: dict[int, list[int]] = {pk: [explained[pk]] if pk in explained else [] for pk in ids}
    for room_id, product_id in (
        LiveItem.objects.filter(room_id__in=ids).order_by("position").values_list("room_id", "product_id")
    ):
        if len(bags[room_id]) < PRODUCTS_LOOKED_AT and product_id not in bags[room_id]:
            bags[room_id].append(product_id)
    stayed = RoomVisitor.objects.filter(room_id__in=ids).values("room_id")
    counts = {
        row["room_id"]: (row["all"], row["stayed"])
        for row in stayed.annotate(all=Count("id"), stayed=Count("id", filter=Q(watched_ms__gte=STAYED_MS)))
    }
    sold = LiveSale.objects.filter(room_id__in=ids).values("room_id").annotate(n=Count("buyer_key", distinct=True))
    buyers = {row["room_id"]: row["n"] for row in sold}
    return [
        LiveCandidate(
            room_id=row.pk,
            creator_id=row.creator_id,
            product_ids=tuple(bags[row.pk]),
            explained_id=explained.get(row.pk),
            visitors=counts.get(row.pk, (0, 0))[0],
            stayers=counts.get(row.pk, (0, 0))[1],
            buyers=buyers.get(row.pk, 0),
            shown=row.shown_count,
            shown_entries=row.shown_entry_count,
        )
        for row in rows
    ]


def preview_cards(*, room_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Rooms as the feed and the list show them, in the shape of LivePreviewOut. A room that is not live at this moment is absent."""
    ids = list(room_ids)
    rows = list(LiveRoom.objects.filter(pk__in=ids, state="live")) if ids else []
    if not rows:
        return {}
    figures = room_figures(room_ids=ids)
    explained = dict(
        LiveExplain.objects.filter(room_id__in=ids, ended_at__isnull=True).values_list("room_id", "product_id")
    )
    known = cards(set(explained.values())) if explained else {}
    creators = creators_by_ids(ids={row.creator_id for row in rows})
    return {
        row.pk: {
            "id": row.pk,
            "title": row.title,
            "cover_url": row.cover_url,
            "play_url": url,
            "viewers": figures[row.pk].viewers if row.pk in figures else 0,
            "is_ai_host": row.is_ai_host,
            "creator": creators[row.creator_id],
            "explained": product_json(known[explained[row.pk]]) if explained.get(row.pk) in known else None,
        }
        for row in rows
        if row.creator_id in creators and (url := play_url(row)) is not None
    }


def live_room_of_creators(*, creator_ids: Iterable[int]) -> Mapping[int, int]:
    """The room in which each of these accounts is live now, by account; others are absent. One statement."""
    rows = LiveRoom.objects.filter(creator_id__in=list(creator_ids), state="live")
    return dict(rows.values_list("creator_id", "id"))
