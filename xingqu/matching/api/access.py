"""Who asks, and how far down a list they are."""

from django.http import HttpRequest

from xingqu.accounts.selectors import creator_of, shop_of
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.errors import Forbidden
from xingqu.matching.selectors.selection import PLACES_MOST


def own(request: HttpRequest, creator_id: int, permission: str = "view") -> int:
    """The id, when the caller may act for the account. Raises SignInRequired, NotFound, Forbidden."""
    return creator_of(request, creator_id, permission, "alliance").id


def writer_of(request: HttpRequest, organisation_id: int) -> int:
    """The person, when they may change pools of the shop or the agency. Raises SignInRequired, NotFound, Forbidden."""
    try:
        return shop_of(request, organisation_id, "products.write").person_id
    except Forbidden:
        return shop_of(request, organisation_id, "alliance.write").person_id


def offset_of(cursor: str | None) -> int:
    """The place in a cursor. Raises InvalidInput."""
    found = decode_cursor(cursor, int)
    return min(max(found[0], 0), PLACES_MOST) if found else 0


def cursor_of(place: int | None) -> str | None:
    return encode_cursor(place) if place is not None else None
