"""Traffic pools over HTTP: to the shop whose content it is, and to operators."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from xingqu.accounts.selectors import operator_of, shop_of
from xingqu.catalogue import selectors as catalogue
from xingqu.content import selectors as content
from xingqu.feed.api.feed import parse_ids
from xingqu.feed.schemas import ItemReachOut, PoolDetailOut, PoolListOut
from xingqu.interest import selectors as interest
from xingqu.kit.api import Id

router = Router(tags=["pools"])


@router.get("/shops/{shop_id}/pools", response=PoolListOut)
def list_pools(
    request: HttpRequest,
    shop_id: Id,
    content_ids: Annotated[str, Query(max_length=4000, description="Ids with commas between.")],
) -> Any:
    """In which pool the shop's contents are and why; what is not its own, or in no pool, is absent."""
    shop_of(request, shop_id, "view")
    own = content.owned_ids(shop_id=shop_id, ids=parse_ids(content_ids))
    cards = interest.pool_cards(content_ids=own)
    return {"items": [cards[pk] for pk in own if pk in cards]}


@router.get("/shops/{shop_id}/contents/{content_id}/pool", response=PoolDetailOut)
def get_pool(request: HttpRequest, shop_id: Id, content_id: Id) -> Any:
    """Where one content stands, and every gate it passed with the numbers the gate saw."""
    shop_of(request, shop_id, "view")
    content.shop_content(shop_id=shop_id, content_id=content_id)
    return _detail(content_id)


@router.get("/operator/contents/{content_id}/reach", response=ItemReachOut)
def get_reach(request: HttpRequest, content_id: Id) -> Any:
    """One content's pool, exposure and audience. For operators."""
    operator_of(request)
    reach = interest.item_reach(content_id=content_id)
    names = catalogue.tags_by_ids([tag_id for tag_id, _ in reach.audience])
    audience = [
        {"tag_id": tag_id, "name": names[tag_id].name, "name_en": names[tag_id].name_en, "weight": weight}
        for tag_id, weight in reach.audience
        if tag_id in names
    ]
    return _detail(content_id) | {
        "content_id": content_id,
        "title": _title(content_id),
        "visible": reach.visible,
        "counts": reach.counts,
        "rates": reach.rates,
        "days": interest.item_days(content_id=content_id),
        "people": _people(content_id),
        "audience": audience,
    }


def _title(content_id: int) -> str:
    card = content.cards(ids=[content_id]).get(content_id)
    return (card.title or card.caption) if card is not None else ""


def _people(content_id: int) -> dict[str, Any]:
    people = interest.item_audience(content_id=content_id)
    names = catalogue.tags_by_ids([share.tag_id for share in people.shares])
    return {
        "saw": people.saw,
        "took_to": people.took_to,
        "group_least": people.group_least,
        "since": people.since,
        "shares": [
            {
                "tag_id": share.tag_id,
                "name": names[share.tag_id].name,
                "name_en": names[share.tag_id].name_en,
                "of_takers": round(share.of_takers, 4),
                "of_all": round(share.of_all, 4),
            }
            for share in people.shares
            if share.tag_id in names
        ],
    }


def _detail(content_id: int) -> dict[str, Any]:
    card = interest.pool_cards(content_ids=[content_id]).get(content_id)
    return {"pool": card, "steps": interest.pool_steps(content_id=content_id)}
