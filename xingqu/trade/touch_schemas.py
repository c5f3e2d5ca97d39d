"""Shapes of what led to a purchase; `schemas` uses them."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import StringConstraints

from xingqu.kit.api import Id, Number

Surface = Literal["for_you", "following", "mall", "search", "product", "creator", "shop", "content", "live", "ad"]
TouchToken = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_.-]{1,1000}$")]


class AttributionIn(Schema):
    """What led to the purchase. A content and its creator, a live room or an ad is credited by the `touch` of the card that
    showed it; `content_id` and `creator_id` beside it credit nobody."""

    content_id: Id | None = None
    creator_id: Id | None = None
    request_id: Number | None = None
    surface: Surface | None = None
    touch: TouchToken | None = None


class TouchIn(Schema):
    """One came to a product: on which `surface`, and by which card (its `touch`), if by one."""

    product_id: Id
    surface: Surface
    touch: TouchToken | None = None
    request_id: Number | None = None
