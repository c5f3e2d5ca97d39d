"""Opening a conversation, speaking in it, reading it, and who of the shop answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import IO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F

from xingqu.accounts.selectors import member_ids, organisation_card
from xingqu.catalogue.selectors import shop_id_of_product
from xingqu.catalogue.services import encode_picture
from xingqu.content.selectors import has_forbidden_words
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError, InvalidInput, NotFound
from xingqu.kit.private_files import keep_private
from xingqu.kit.transactions import hold_names, retried
from xingqu.support.domain import TEXT_MAX_LETTERS, day_of, foreign_link
from xingqu.support.models import BuyerTurn, Conversation, Message
from xingqu.support.selectors import hours_of
from xingqu.trade.selectors import is_order_between

PREVIEW_LETTERS = 120
MAX_PICTURE_BYTES = 10 * 1024 * 1024


class LinkRefused(BusinessError):
    """A text with a link that leads away from the site."""

    code = "link_refused"
    status = 422
    message = "Links to other sites can't be sent."


class WordsRefused(BusinessError):
    code = "text_refused"
    status = 422
    message = "This text has forbidden words."


class TooFast(BusinessError):
    code = "too_many_messages"
    status = 429
    message = "You are writing very fast. Wait a moment."


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is said: a text, or a card of a product or an order. `key` is the sender's own, so that sending twice says it once."""

    kind: str
    key: str
    text: str = ""
    product_id: int | None = None
    order_no: str = ""


@retried
@transaction.atomic
def open_conversation(*, shop_id: int, buyer_key: str) -> int:
    """The conversation of a buyer with a shop, made when they have none yet. Raises NotFound for what is no shop."""
    if organisation_card(organisation_id=shop_id).kind != "merchant":
        raise NotFound
    row, _ = Conversation.objects.get_or_create(shop_id=shop_id, buyer_key=buyer_key)
    return row.pk


def send_message(*, conversation_id: int, sender: str, outgoing: Outgoing, person_id: int | None = None) -> int:
    """Say something and return the message's id; the same key again returns the same id and says nothing.

    The caller has checked that the sender belongs to the conversation. Raises InvalidInput for an empty or long text,
    LinkRefused, WordsRefused, TooFast, NotFound for a product or order that is not of this shop (and buyer).
    """
    conversation = Conversation.objects.get(pk=conversation_id)
    if outgoing.kind == Message.Kind.TEXT:
        _check_text(outgoing.text)
    elif outgoing.kind == Message.Kind.PRODUCT:
        if outgoing.product_id is None or shop_id_of_product(product_id=outgoing.product_id) != conversation.shop_id:
            raise NotFound(field="product_id", expected="a product of this shop")
    elif not is_order_between(
        order_no=outgoing.order_no, shop_id=conversation.shop_id, buyer_key=conversation.buyer_key
    ):
        raise NotFound(field="order_no", expected="an order of this buyer at this shop")
    return _say(
        conversation_id,
        lambda: Message(
            conversation_id=conversation_id,
            sender=sender,
            person_id=person_id,
            kind=outgoing.kind,
            text=outgoing.text.strip() if outgoing.kind == Message.Kind.TEXT else "",
            product_id=outgoing.product_id if outgoing.kind == Message.Kind.PRODUCT else None,
            order_no=outgoing.order_no if outgoing.kind == Message.Kind.ORDER else "",
            key=outgoing.key,
        ),
    )


def send_picture(*, conversation_id: int, sender: str, file: IO[bytes], key: str, person_id: int | None = None) -> int:
    """Send a JPEG, PNG or WebP picture, decoded and encoded anew, seen by the two sides only. Raises TooLarge, BadFile, TooFast."""
    data, _, _ = encode_picture(file.read(MAX_PICTURE_BYTES + 1))
    name = keep_private(folder=f"support/{conversation_id}", data=data, suffix=".webp")
    return _say(
        conversation_id,
        lambda: Message(
            conversation_id=conversation_id, sender=sender, person_id=person_id, kind="picture", picture=name, key=key
        ),
    )


@retried
@transaction.atomic
def _say(conversation_id: int, make: Callable[[], Message]) -> int:
    # One after the other: ids of a conversation's messages then grow in the order in which they can be read.
    conversation = Conversation.objects.select_for_update(no_key=True).get(pk=conversation_id)
    message = make()
    known = Message.objects.filter(conversation=conversation, sender=message.sender, key=message.key).first()
    if known is not None:
        return known.pk
    now = clock.now()
    _check_pace(conversation, message.sender)
    message.created_at = now
    message.save(force_insert=True)
    by_buyer = message.sender == Message.Sender.BUYER
    unread = "shop_unread" if by_buyer else "buyer_unread"
    Conversation.objects.filter(pk=conversation.pk).update(
        last_message_id=message.pk,
        last_sender=message.sender,
        last_kind=message.kind,
        last_text=message.text[:PREVIEW_LETTERS],
        last_at=now,
        waiting_since=(conversation.waiting_since or now) if by_buyer else None,
        **{unread: F(unread) + 1},
    )
    _count_turn(conversation, message)
    return message.pk


def _count_turn(conversation: Conversation, message: Message) -> None:
    """The buyer's first line nobody had answered opens a turn, a person's first answer closes it."""
    open_turn = BuyerTurn.objects.filter(conversation=conversation, answered_at=None)
    if message.sender == Message.Sender.SHOP:
        open_turn.update(answered_at=message.created_at, answered_by_id=message.person_id)
    elif conversation.waiting_since is None:
        zone = ZoneInfo(settings.TIME_ZONE)
        BuyerTurn.objects.create(
            conversation=conversation,
            shop_id=conversation.shop_id,
            day=day_of(message.created_at, zone),
            in_hours=hours_of(shop_id=conversation.shop_id).hold(message.created_at, zone),
            asked_at=message.created_at,
        )


def _check_text(text: str) -> None:
    text = text.strip()
    if not 0 < len(text) <= TEXT_MAX_LETTERS:
        raise InvalidInput(field="text", expected=f"1 to {TEXT_MAX_LETTERS} letters")
    link = foreign_link(text, urlsplit(settings.ENVIRONMENT.origin).hostname or "")
    if link is not None:
        raise LinkRefused(field="text", expected="a text without links to other sites", data={"link": link[:80]})
    if has_forbidden_words(text):
        raise WordsRefused(field="text", expected="a text without forbidden words")


def _check_pace(conversation: Conversation, sender: str) -> None:
    """Raises TooFast beyond the site's limit a minute and side. The caller holds the conversation."""
    most = settings.ENVIRONMENT.chat_messages_per_minute
    since = clock.now() - timedelta(minutes=1)
    recent = Message.objects.filter(conversation=conversation).order_by("-id")[: 2 * most]
    if sum(row.sender == sender and row.created_at > since for row in recent) >= most:
        raise TooFast(retry_after_s=20)


@retried
@transaction.atomic
def mark_read(*, conversation_id: int, reader: str, up_to_id: int) -> None:
    """One side has read up to a message; never backwards, never beyond the last."""
    row = Conversation.objects.select_for_update(no_key=True).get(pk=conversation_id)
    column, unread, other = (
        ("buyer_read_id", "buyer_unread", "shop") if reader == "buyer" else ("shop_read_id", "shop_unread", "buyer")
    )
    up_to_id = min(up_to_id, row.last_message_id or 0)
    if up_to_id <= getattr(row, column):
        return
    left = Message.objects.filter(conversation=row, sender=other, pk__gt=up_to_id).count()
    Conversation.objects.filter(pk=row.pk).update(**{column: up_to_id, unread: left})


@retried
@transaction.atomic
def assign_conversation(*, conversation_id: int, person_id: int | None) -> None:
    """Say which member answers; None: nobody in particular. Raises InvalidInput for somebody who is no member."""
    row = Conversation.objects.select_for_update(no_key=True).get(pk=conversation_id)
    if person_id is not None and person_id not in member_ids(organisation_id=row.shop_id):
        raise InvalidInput(field="person_id", expected="a member of the shop")
    Conversation.objects.filter(pk=row.pk).update(assigned_to_id=person_id)


@retried
@transaction.atomic
def merge_guest(*, guest_key: str, buyer_key: str) -> None:
    """What a guest said belongs to the person they turned out to be: joined with what that person said to the same shop."""
    hold_names(f"conversations:{buyer_key}")
    for row in Conversation.objects.select_for_update().filter(buyer_key=guest_key).order_by("pk"):
        own = Conversation.objects.select_for_update().filter(shop_id=row.shop_id, buyer_key=buyer_key).first()
        if own is None:
            Conversation.objects.filter(pk=row.pk).update(buyer_key=buyer_key)
            continue
        _join(own, row)


def _join(own: Conversation, guest: Conversation) -> None:
    Message.objects.filter(conversation=guest).update(conversation=own)
    if BuyerTurn.objects.filter(conversation=own, answered_at=None).exists():
        BuyerTurn.objects.filter(conversation=guest, answered_at=None).delete()
    BuyerTurn.objects.filter(conversation=guest).update(conversation=own)
    newest, older = (own, guest) if (own.last_message_id or 0) >= (guest.last_message_id or 0) else (guest, own)
    waiting = [moment for moment in (own.waiting_since, guest.waiting_since) if moment is not None]
    Conversation.objects.filter(pk=own.pk).update(
        last_message_id=newest.last_message_id,
        last_sender=newest.last_sender,
        last_kind=newest.last_kind,
        last_text=newest.last_text,
        last_at=newest.last_at,
        buyer_unread=own.buyer_unread + guest.buyer_unread,
        shop_unread=own.shop_unread + guest.shop_unread,
        buyer_read_id=min(own.buyer_read_id, guest.buyer_read_id)
        if own.buyer_unread or guest.buyer_unread
        else newest.buyer_read_id,
        shop_read_id=max(own.shop_read_id, guest.shop_read_id),
        waiting_since=min(waiting) if waiting else None,
        assigned_to_id=newest.assigned_to_id or older.assigned_to_id,
    )
    guest.delete()
