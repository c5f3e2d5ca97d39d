"""For operators: one person as the engine sees them, and the book of trainings.

Personal data is shown only within a look-up, which its operator opened for a stated reason and which is written down.
"""

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router

from xingqu.accounts import selectors as accounts
from xingqu.accounts.selectors import operator_of
from xingqu.catalogue import selectors as catalogue
from xingqu.content import selectors as content
from xingqu.feed.filters import buyable, lawful, visible
from xingqu.feed.operator_schemas import (
    ChannelReportPageOut,
    FoundPeopleOut,
    LookupIn,
    LookupListOut,
    LookupOut,
    PeopleSearchIn,
    PersonStateOut,
    PreviewOut,
    TrainingListOut,
)
from xingqu.feed.trace import content_ids, preview_json
from xingqu.interest import selectors as interest
from xingqu.interest import services
from xingqu.interest.contracts import Lookup
from xingqu.kit.api import CursorText, Id, Limit, decode_cursor, encode_cursor

router = Router(tags=["operator"])
SPARE = 2  # as in the feed: ranked beyond the page


@router.post("/operator/people/search", response=FoundPeopleOut)
def search_people(request: HttpRequest, payload: PeopleSearchIn) -> Any:
    """Find somebody by id, e-mail address, name, or a guest's key. The search and its reason are written down."""
    found = services.search_people(operator_id=operator_of(request), query=payload.query, reason=payload.reason)
    return {
        "items": [
            {
                "actor_key": key,
                "display_name": person.display_name if person else "",
                "email": person.email if person else "",
                "joined_at": person.joined_at if person else None,
            }
            for key, person in found
        ]
    }


@router.post("/operator/lookups", response=LookupOut)
def open_lookup(request: HttpRequest, payload: LookupIn) -> Any:
    """Open one person's data to the caller, for half an hour. The look-up and its reason are written down."""
    lookup = services.open_lookup(operator_id=operator_of(request), actor_key=payload.actor_key, reason=payload.reason)
    return _lookup(lookup)


@router.get("/operator/lookups", response=LookupListOut)
def list_lookups(request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """Who looked for whom and why, newest first."""
    operator_of(request)
    before_id = _before(cursor)
    items = interest.lookups_page(before_id=before_id, limit=limit)
    return {"items": items, "next_cursor": encode_cursor(items[-1]["id"]) if len(items) == limit else None}


@router.get("/operator/lookups/{lookup_id}", response=PersonStateOut)
def get_person_state(request: HttpRequest, lookup_id: Id) -> Any:
    """All that the engine goes by for the person of this look-up."""
    lookup = services.opened_lookup(operator_id=operator_of(request), lookup_id=lookup_id)
    state = interest.person_state(actor=lookup.actor)
    wanted = [*(event.content_id for event in state.events), *(pk for pk, _ in (*state.seen, *state.hidden))]
    names = catalogue.tags_by_ids({tag_id for cluster in state.clusters for tag_id in cluster.tag_ids})
    creators = accounts.creators_by_ids(ids=[pk for pk, *_ in state.creators])
    return {
        "lookup": _lookup(lookup),
        "known": state.known,
        "personalised": state.personalised,
        "events_total": state.events_total,
        "event_capacity": state.event_capacity,
        "state_bytes": state.state_bytes,
        "tags": state.interests.tags,
        "events": state.events,
        "seen_total": state.seen_total,
        "seen": [{"content_id": pk, "at": at} for pk, at in state.seen],
        "hidden": [{"content_id": pk, "at": at} for pk, at in state.hidden],
        "usual_price_minor": state.usual_price_minor,
        "creators": [
            {
                "creator_id": pk,
                "display_name": creators[pk].display_name if pk in creators else "",
                "display_name_en": creators[pk].display_name_en if pk in creators else "",
                "intensity": intensity,
                "followed": followed,
                "blocked": blocked,
            }
            for pk, intensity, followed, blocked in state.creators
        ],
        "clusters": [
            {
                "cluster_id": cluster.cluster_id,
                "coarse_id": cluster.coarse_id,
                "liked": cluster.liked,
                "shown": cluster.shown,
                "days": cluster.days,
                "last_at": cluster.last_at,
                "tags": [names[pk] for pk in cluster.tag_ids if pk in names],
            }
            for cluster in state.clusters
        ],
        "contents": _briefs(wanted),
    }


@router.get("/operator/lookups/{lookup_id}/page", response=PreviewOut)
def preview_page(
    request: HttpRequest,
    lookup_id: Id,
    size: Annotated[int, Query(ge=1, le=20)] = 8,
    seed: Annotated[int, Query(ge=0, le=2**31 - 1, description="What is drawn is drawn from it.")] = 0,
) -> Any:
    """The next page the engine would serve this person, and how it comes about. Nothing is recorded or changed."""
    lookup = services.opened_lookup(operator_id=operator_of(request), lookup_id=lookup_id)
    preview = services.preview_page(actor=lookup.actor, size=size + SPARE, seed=seed)
    on_page = [place.content_id for place in preview.places]
    named = content_ids(preview.trace) if preview.trace is not None else []
    tag_ids = {reason.tag_id for place in preview.places for reason in place.reasons}
    names = catalogue.tags_by_ids(tag_ids)
    hidden = _filtered(on_page)
    kept = [pk for pk in on_page if pk not in hidden][:size]
    return preview_json(preview, hidden) | {
        "lookup": _lookup(lookup),
        "seed": seed,
        "page": kept,
        "reasons": {
            str(place.content_id): [
                {"tag_id": r.tag_id, "name": names[r.tag_id].name, "name_en": names[r.tag_id].name_en,
                 "weight": r.weight, "horizon": r.horizon}
                for r in place.reasons if r.tag_id in names
            ]
            for place in preview.places
        },
        "contents": _briefs([*on_page, *named]),
    }  # fmt: skip


@router.get("/operator/trainings", response=TrainingListOut)
def list_trainings(
    request: HttpRequest,
    kind: Annotated[str, Query(max_length=16, description="Only trainings of this kind; empty: of all.")] = "",
    cursor: CursorText | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> Any:
    """What was trained when, on how much, how well, and whether it serves; newest first."""
    operator_of(request)
    before_id = _before(cursor)
    rows = interest.trainings_page(kind=kind, before_id=before_id, limit=limit)
    return {
        "items": rows,
        "serving": interest.models_served(),
        "next_cursor": encode_cursor(rows[-1].pk) if len(rows) == limit else None,
    }


@router.get("/operator/channels", response=ChannelReportPageOut)
def get_channel_report(request: HttpRequest) -> Any:
    """What each retrieval channel brings, how long it takes and what it alone finds, by the pages sampled in service."""
    operator_of(request)
    environment = settings.ENVIRONMENT
    return {
        "report": interest.latest_channel_report(),
        "sample_share": environment.channel_sample_share,
        "sample_gap_s": environment.channel_sample_gap_s,
        "every_s": environment.channel_report_every_s,
    }


def _before(cursor: str | None) -> int | None:
    values = decode_cursor(cursor, int)
    return None if values is None else int(values[0])


def _lookup(lookup: Lookup) -> dict[str, Any]:
    person_id = lookup.actor.person_id
    found = accounts.find_people(text=str(person_id), limit=1) if person_id is not None else []
    return {
        "id": lookup.id,
        "actor_key": lookup.actor.key,
        "display_name": found[0].display_name if found else "",
        "reason": lookup.reason,
        "open_until": lookup.open_until,
    }


def _filtered(on_page: list[int]) -> dict[int, str]:
    """What the feed's filters take out after ranking, and which of them."""
    cards = content.cards(ids=on_page)
    hidden: dict[int, str] = {}
    left = on_page
    for name, keep in (("visible", visible.keep), ("lawful", lawful.keep), ("buyable", buyable.keep)):
        kept = keep(content_ids=left, cards=cards)
        hidden |= dict.fromkeys(set(left) - set(kept), name)
        left = kept
    return hidden


def _briefs(wanted: list[int]) -> list[dict[str, Any]]:
    """Contents as a line: what is not published any more is absent."""
    cards = content.cards(ids=[pk for pk in wanted if pk > 0])
    return [
        {
            "content_id": pk,
            "title": card.title or card.caption,
            "poster_url": card.poster_url,
            "creator": card.creator.display_name,
            "sells": bool(card.anchors),
        }
        for pk, card in cards.items()
    ]
