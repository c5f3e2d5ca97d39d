"""Customer service over HTTP: the buyer's side under /chats, the shop's under /shops/{shop_id}/chats."""

from typing import Annotated, Any, Literal

from django.http import FileResponse, HttpRequest
from ninja import File, Form, Query, Router, Status, UploadedFile

from xingqu.accounts.selectors import actor_of, shop_of
from xingqu.kit.api import CursorText, Id, Limit, ListOut, cursor_id, page_of
from xingqu.kit.errors import NotFound
from xingqu.kit.private_files import open_private
from xingqu.kit.time_cursors import decode_moment, encode_moment
from xingqu.support import selectors, services
from xingqu.support.models import Conversation
from xingqu.support.schemas import (
    AssignIn,
    BuyerSideOut,
    ConversationOut,
    ConversationsOut,
    HoursIn,
    HoursOut,
    Key,
    MessageIn,
    MessageOut,
    QuickReplyIn,
    QuickReplyOut,
    ReadIn,
    ResponseOut,
    SupportCountsOut,
)
from xingqu.trade.selectors import orders_between

router = Router(tags=["support"])
Queue = Literal["all", "unread", "waiting", "mine"]
Days = Annotated[int, Query(ge=1, le=90)]
SIDE_ORDERS = 10


def _own(request: HttpRequest, conversation_id: int) -> Conversation:
    return selectors.buyers_conversation(conversation_id=conversation_id, buyer_key=actor_of(request).key)


def _shops(request: HttpRequest, shop_id: int, conversation_id: int, permission: str) -> tuple[Conversation, int]:
    member = shop_of(request, shop_id, permission)
    return selectors.shops_conversation(conversation_id=conversation_id, shop_id=shop_id), member.person_id


def _messages(conversation: Conversation, cursor: str | None, limit: int) -> dict[str, Any]:
    items, last_id = selectors.messages_page(conversation=conversation, before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last_id)


def _outgoing(payload: MessageIn) -> services.Outgoing:
    return services.Outgoing(
        kind=payload.kind,
        key=payload.key,
        text=payload.text,
        product_id=payload.product_id,
        order_no=payload.order_no or "",
    )


def _conversation(conversation_id: int) -> dict[str, Any]:
    return selectors.conversation_rows([Conversation.objects.get(pk=conversation_id)])[0]


@router.get("/chats", response=ConversationsOut)
def list_chats(request: HttpRequest, cursor: CursorText | None = None, limit: Limit = 20) -> Any:
    """One's own conversations with shops, newest first. Guests have theirs too."""
    key = actor_of(request).key
    items, last = selectors.buyers_conversations(buyer_key=key, after=decode_moment(cursor), limit=limit)
    return {"items": items, "next_cursor": encode_moment(last), "unread": selectors.buyers_unread(buyer_key=key)}


@router.put("/chats/shops/{shop_id}", response=ConversationOut)
def open_chat(request: HttpRequest, shop_id: Id) -> Any:
    """One's conversation with a shop, made when there is none."""
    return _conversation(services.open_conversation(shop_id=shop_id, buyer_key=actor_of(request).key))


@router.get("/chats/{conversation_id}", response=ConversationOut)
def get_chat(request: HttpRequest, conversation_id: Id) -> Any:
    """One's own conversation."""
    return selectors.conversation_rows([_own(request, conversation_id)])[0]


@router.get("/chats/{conversation_id}/messages", response=ListOut[MessageOut])
def list_messages(
    request: HttpRequest, conversation_id: Id, cursor: CursorText | None = None, limit: Limit = 30
) -> Any:
    """Messages of one's own conversation, newest first."""
    return _messages(_own(request, conversation_id), cursor, limit)


@router.post("/chats/{conversation_id}/messages", response={201: MessageOut})
def send_message(request: HttpRequest, conversation_id: Id, payload: MessageIn) -> Any:
    """Write to the shop, or show it a product of its own or one's order there."""
    conversation = _own(request, conversation_id)
    message_id = services.send_message(conversation_id=conversation.pk, sender="buyer", outgoing=_outgoing(payload))
    return Status(201, selectors.message_row(conversation=conversation, message_id=message_id))


@router.post("/chats/{conversation_id}/pictures", response={201: MessageOut})
def send_picture(
    request: HttpRequest,
    conversation_id: Id,
    key: Key = Form(...),  # type: ignore[type-arg]
    file: UploadedFile = File(...),  # type: ignore[type-arg]
) -> Any:
    """Send the shop a JPEG, PNG or WebP picture of up to 10 MB."""
    conversation = _own(request, conversation_id)
    message_id = services.send_picture(conversation_id=conversation.pk, sender="buyer", file=file, key=key)
    return Status(201, selectors.message_row(conversation=conversation, message_id=message_id))


@router.post("/chats/{conversation_id}/read", response={204: None})
def read_chat(request: HttpRequest, conversation_id: Id, payload: ReadIn) -> Any:
    """Say up to which message one has read."""
    conversation = _own(request, conversation_id)
    services.mark_read(conversation_id=conversation.pk, reader="buyer", up_to_id=payload.up_to_id)
    return Status(204, None)


@router.get("/chat-pictures/{message_id}", response={200: Any})
def get_picture(request: HttpRequest, message_id: Id) -> FileResponse:
    """A picture of a conversation, for its buyer and the members of its shop."""
    conversation, name = selectors.picture_of(message_id=message_id)
    if conversation.buyer_key != actor_of(request).key:
        shop_of(request, conversation.shop_id, "view")
    try:
        response = FileResponse(open_private(name), content_type="image/webp")
    except FileNotFoundError as error:
        raise NotFound from error
    response["Cache-Control"] = "private, max-age=86400"
    return response


@router.get("/shops/{shop_id}/chats", response=ListOut[ConversationOut])
def list_shop_chats(
    request: HttpRequest, shop_id: Id, queue: Queue = "all", cursor: CursorText | None = None, limit: Limit = 30
) -> Any:
    """A shop's conversations, newest first."""
    member = shop_of(request, shop_id, "view")
    items, last = selectors.shops_conversations(
        shop_id=shop_id, queue=queue, person_id=member.person_id, after=decode_moment(cursor), limit=limit
    )
    return {"items": items, "next_cursor": encode_moment(last)}


@router.get("/shops/{shop_id}/chats/counts", response=SupportCountsOut)
def count_shop_chats(request: HttpRequest, shop_id: Id) -> Any:
    """Counters of the messages desk."""
    member = shop_of(request, shop_id, "view")
    return selectors.shop_counts(shop_id=shop_id, person_id=member.person_id)


@router.get("/shops/{shop_id}/chats/figures", response=ResponseOut)
def get_response_figures(request: HttpRequest, shop_id: Id, days: Days = 14) -> Any:
    """The three-minute response rate by day, with what it counts."""
    shop_of(request, shop_id, "view")
    return {
        "definition": "support.fast_answers_of_turns_in_hours",
        "hours": _hours(shop_id),
        "days": selectors.response_figures(shop_id=shop_id, days=days),
    }


@router.get("/shops/{shop_id}/chats/hours", response=HoursOut)
def get_hours(request: HttpRequest, shop_id: Id) -> Any:
    """When the shop promises to answer."""
    shop_of(request, shop_id, "view")
    return _hours(shop_id)


@router.put("/shops/{shop_id}/chats/hours", response=HoursOut)
def set_hours(request: HttpRequest, shop_id: Id, payload: HoursIn) -> Any:
    """Set when the shop promises to answer, from now on."""
    shop_of(request, shop_id, "service.write")
    services.set_service_hours(shop_id=shop_id, **payload.dict())
    return _hours(shop_id)


def _hours(shop_id: int) -> dict[str, int]:
    hours = selectors.hours_of(shop_id=shop_id)
    return {"start_minute": hours.start, "end_minute": hours.end}


@router.get("/shops/{shop_id}/chats/quick-replies", response=list[QuickReplyOut])
def list_quick_replies(request: HttpRequest, shop_id: Id) -> Any:
    """Texts the shop's members send often."""
    shop_of(request, shop_id, "view")
    return selectors.quick_replies(shop_id=shop_id)


@router.post("/shops/{shop_id}/chats/quick-replies", response={201: list[QuickReplyOut]})
def add_quick_reply(request: HttpRequest, shop_id: Id, payload: QuickReplyIn) -> Any:
    """Keep a text for the next time."""
    shop_of(request, shop_id, "service.write")
    services.set_quick_reply(shop_id=shop_id, reply_id=None, **payload.dict())
    return Status(201, selectors.quick_replies(shop_id=shop_id))


@router.put("/shops/{shop_id}/chats/quick-replies/{reply_id}", response=list[QuickReplyOut])
def change_quick_reply(request: HttpRequest, shop_id: Id, reply_id: Id, payload: QuickReplyIn) -> Any:
    """Change a quick reply."""
    shop_of(request, shop_id, "service.write")
    services.set_quick_reply(shop_id=shop_id, reply_id=reply_id, **payload.dict())
    return selectors.quick_replies(shop_id=shop_id)


@router.delete("/shops/{shop_id}/chats/quick-replies/{reply_id}", response=list[QuickReplyOut])
def remove_quick_reply(request: HttpRequest, shop_id: Id, reply_id: Id) -> Any:
    """Forget a quick reply."""
    shop_of(request, shop_id, "service.write")
    services.remove_quick_reply(shop_id=shop_id, reply_id=reply_id)
    return selectors.quick_replies(shop_id=shop_id)


@router.get("/shops/{shop_id}/chats/{conversation_id}", response=BuyerSideOut)
def get_shop_chat(request: HttpRequest, shop_id: Id, conversation_id: Id) -> Any:
    """A conversation with the buyer's orders at this shop."""
    conversation, _ = _shops(request, shop_id, conversation_id, "view")
    orders = orders_between(shop_id=shop_id, buyer_key=conversation.buyer_key, limit=SIDE_ORDERS)
    return {"conversation": selectors.conversation_rows([conversation])[0], "orders": orders}


@router.get("/shops/{shop_id}/chats/{conversation_id}/messages", response=ListOut[MessageOut])
def list_shop_messages(
    request: HttpRequest, shop_id: Id, conversation_id: Id, cursor: CursorText | None = None, limit: Limit = 30
) -> Any:
    """Messages of a conversation, newest first."""
    conversation, _ = _shops(request, shop_id, conversation_id, "view")
    return _messages(conversation, cursor, limit)


@router.post("/shops/{shop_id}/chats/{conversation_id}/messages", response={201: MessageOut})
def answer(request: HttpRequest, shop_id: Id, conversation_id: Id, payload: MessageIn) -> Any:
    """Answer the buyer, or show a product or their order."""
    conversation, person_id = _shops(request, shop_id, conversation_id, "service.write")
    message_id = services.send_message(
        conversation_id=conversation.pk, sender="shop", outgoing=_outgoing(payload), person_id=person_id
    )
    return Status(201, selectors.message_row(conversation=conversation, message_id=message_id))


@router.post("/shops/{shop_id}/chats/{conversation_id}/pictures", response={201: MessageOut})
def answer_with_picture(
    request: HttpRequest,
    shop_id: Id,
    conversation_id: Id,
    key: Key = Form(...),  # type: ignore[type-arg]
    file: UploadedFile = File(...),  # type: ignore[type-arg]
) -> Any:
    """Send the buyer a JPEG, PNG or WebP picture of up to 10 MB."""
    conversation, person_id = _shops(request, shop_id, conversation_id, "service.write")
    message_id = services.send_picture(
        conversation_id=conversation.pk, sender="shop", file=file, key=key, person_id=person_id
    )
    return Status(201, selectors.message_row(conversation=conversation, message_id=message_id))


@router.post("/shops/{shop_id}/chats/{conversation_id}/read", response={204: None})
def read_shop_chat(request: HttpRequest, shop_id: Id, conversation_id: Id, payload: ReadIn) -> Any:
    """Say up to which message the shop has read."""
    conversation, _ = _shops(request, shop_id, conversation_id, "service.write")
    services.mark_read(conversation_id=conversation.pk, reader="shop", up_to_id=payload.up_to_id)
    return Status(204, None)


@router.put("/shops/{shop_id}/chats/{conversation_id}/assigned", response=ConversationOut)
def assign_chat(request: HttpRequest, shop_id: Id, conversation_id: Id, payload: AssignIn) -> Any:
    """Say which member answers."""
    conversation, _ = _shops(request, shop_id, conversation_id, "service.write")
    services.assign_conversation(conversation_id=conversation.pk, person_id=payload.person_id)
    return _conversation(conversation.pk)
