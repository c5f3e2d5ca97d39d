"""Live rooms of the feed over HTTP."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from xingqu.accounts.selectors import actor_of
from xingqu.feed.api.feed import parse_ids
from xingqu.feed.pipelines import live_rooms
from xingqu.feed.schemas import FeedLiveOut

router = Router(tags=["feed"])


@router.get("/feed/live", response=list[FeedLiveOut])
def get_feed_live(
    request: HttpRequest,
    size: Annotated[int, Query(ge=1, le=20)] = 3,
    exclude: Annotated[str, Query(max_length=4000, description="Rooms the client has shown, comma between.")] = "",
) -> Any:
    """Live rooms worth a place in this viewer's feed, the best first: by the probability of entering, staying and buying."""
    return live_rooms.serve(actor=actor_of(request), size=size, exclude=parse_ids(exclude))
