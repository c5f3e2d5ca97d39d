"""Shapes of the customer service API."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from ninja import Schema
from pydantic import Field, StringConstraints, model_validator

from xingqu.catalogue.contracts import ProductCardOut
from xingqu.kit.api import Id, ListOut, LongText, Number, Out, ShortText, Version
from xingqu.trade.contracts import ShopOrderOut

Side = Literal["buyer", "shop"]
Kind = Literal["text", "picture", "product", "order"]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
MessageText = Annotated[LongText, StringConstraints(max_length=1000)]


class ChatShopOut(Out):
    id: int
    name: str
    name_en: str
    avatar_url: str


class AssignedOut(Out):
    person_id: int
    name: str


class ConversationOut(Out):
    """A conversation; `*_unread` counts what that side has not read, `*_read_id` is the last message it has."""

    id: int
    shop: ChatShopOut
    buyer_name: str
    buyer_avatar_url: str
    is_guest: bool
    last_sender: Side | None
    last_kind: Kind | None
    last_text: str
    last_at: datetime | None
    buyer_unread: int
    shop_unread: int
    buyer_read_id: int
    shop_read_id: int
    waiting_since: datetime | None
    assigned_to: AssignedOut | None


class ConversationsOut(ListOut[ConversationOut]):
    unread: int


class MessageOut(Out):
    """A line of a conversation; a picture is seen by the two sides only."""

    id: int
    sender: Side
    member_name: str | None
    kind: Kind
    text: str
    picture_url: str | None
    product: ProductCardOut | None
    order: ShopOrderOut | None
    created_at: datetime


class MessageIn(Schema):
    """A text, or a card of a product or an order. `key` is made by the sender: sent again with it, it is said once."""

    kind: Literal["text", "product", "order"] = "text"
    key: Key
    text: MessageText = ""
    product_id: Id | None = None
    order_no: Number | None = None

    @model_validator(mode="after")
    def _what_is_said(self) -> Self:
        said = {"text": bool(self.text), "product": self.product_id is not None, "order": self.order_no is not None}
        if not said[self.kind]:
            raise ValueError(f"a {self.kind} is missing")
        return self


class ReadIn(Schema):
    up_to_id: Version


class AssignIn(Schema):
    """Null: nobody in particular."""

    person_id: Id | None


class SupportCountsOut(Out):
    """Conversations with unread messages, waiting for an answer, waiting for more than three minutes, assigned to the caller and
    unread; each up to 1,000."""

    unread: int
    waiting: int
    late: int
    mine: int


class BuyerSideOut(Out):
    """What a shop sees beside a conversation: the buyer's orders here."""

    conversation: ConversationOut
    orders: list[ShopOrderOut]


class QuickReplyOut(Out):
    id: int
    title: str
    text: str


class QuickReplyIn(Schema):
    title: Annotated[ShortText, StringConstraints(min_length=1, max_length=40)]
    text: Annotated[LongText, StringConstraints(min_length=1, max_length=1000)]


class HoursOut(Out):
    """In minutes since midnight of the site's time zone."""

    start_minute: int
    end_minute: int


class HoursIn(Schema):
    start_minute: Annotated[int, Field(ge=0, le=1439)]
    end_minute: Annotated[int, Field(ge=1, le=1440)]


class ResponseDayOut(Out):
    """Buyers' turns of a day in service hours, and those that a person answered within three minutes."""

    day: date
    turns: int
    fast: int
    rate: float | None


class ResponseOut(Out):
    definition: str
    hours: HoursOut
    days: list[ResponseDayOut]
