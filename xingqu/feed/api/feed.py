"""The feed over HTTP."""

from typing import Annotated, Any, Literal

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from xingqu.accounts.selectors import actor_of
from xingqu.content.contracts import card_json
from xingqu.feed.contracts import FeedPage, Stopwatch
from xingqu.feed.explain import text_code_of, why_tags
from xingqu.feed.hydrators import tags
from xingqu.feed.pipelines import following, for_you
from xingqu.feed.schemas import FeedOut, WhyDetailOut
from xingqu.interest import selectors as interest
from xingqu.kit import clock
from xingqu.kit.api import Id, Number
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.ids import MAX_ID

router = Router(tags=["feed"])
PIPELINES = {"for_you": for_you.serve, "following": following.serve}
MAX_EXCLUDED = 200


@router.get("/feed", response=FeedOut)
def get_feed(
    request: HttpRequest,
    surface: Literal["for_you", "following"] = "for_you",
    size: Annotated[int, Query(ge=1, le=20)] = 8,
    exclude: Annotated[str, Query(max_length=4000, description="Ids the client holds, in order, comma between.")] = "",
) -> Any:
    """The next page. What was told by POST /signals before is known here; `exclude` what is held but not yet shown."""
    watch = Stopwatch()
    page = PIPELINES[surface](actor=actor_of(request), size=size, exclude=parse_ids(exclude))
    watch.lap("pipeline")
    body = orjson.dumps(_page_json(page))
    watch.lap("serialise")
    response = HttpResponse(body, content_type="application/json")
    response["Server-Timing"] = _timing(page.stage_ns | watch.stage_ns)
    response["Cache-Control"] = "private, no-store"
    return response


@router.get("/feed/why/{content_id}", response=WhyDetailOut)
def explain_item(request: HttpRequest, content_id: Id, request_id: Number) -> Any:
    """Why a content stood on a page that was served to the caller."""
    page = interest.served_page(actor=actor_of(request), request_id=request_id)
    place = next((item for item in page.items if item.content_id == content_id), None)
    if place is None:
        raise NotFound(field="content_id", expected="a content of this page")
    return {
        "content_id": content_id,
        "request_id": request_id,
        "served_at": clock.from_ms(page.at_ms),
        "surface": page.surface,
        "position": place.position,
        "personalised": page.personalised,
        "channel": place.channel,
        "text_code": text_code_of(place, personalised=page.personalised),
        "propensity": place.propensity,
        "repeated": place.repeated,
        "tags": why_tags(place, tags.hydrate(places=[place])),
    }


def parse_ids(text: str) -> list[int]:
    """Ids of a comma-separated list. Raises InvalidInput."""
    parts = [part for part in text.split(",") if part.strip()]
    ids = [int(part) if part.strip().isdecimal() and part.strip().isascii() else 0 for part in parts]
    if len(ids) > MAX_EXCLUDED or any(not 0 < pk <= MAX_ID for pk in ids):
        raise InvalidInput(field="exclude", expected=f"at most {MAX_EXCLUDED} ids with commas between")
    return ids


def _page_json(page: FeedPage) -> dict[str, Any]:
    return {
        "request_id": page.request_id,
        "personalised": page.personalised,
        "items": [
            {
                "position": item.place.position,
                "content": card_json(item.card),
                "why": {
                    "tags": why_tags(item.place, page.tags),
                    "channel": item.place.channel,
                    "text_code": text_code_of(item.place, personalised=page.personalised),
                },
                "ad": None,
                "flash": [
                    page.flash[anchor.product.id] for anchor in item.card.anchors if anchor.product.id in page.flash
                ],
            }
            for item in page.items
        ],
        "exhausted": page.exhausted,
    }


def _timing(stage_ns: dict[str, int]) -> str:
    return ", ".join(f"{stage};dur={spent_ns / 1e6:.3f}" for stage, spent_ns in stage_ns.items())
