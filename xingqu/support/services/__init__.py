"""Writes of customer service."""

from xingqu.support.services.conversations import (
    LinkRefused,
    Outgoing,
    TooFast,
    assign_conversation,
    mark_read,
    merge_guest,
    open_conversation,
    send_message,
    send_picture,
)
from xingqu.support.services.settings import remove_quick_reply, set_quick_reply, set_service_hours

__all__ = [
    "LinkRefused",
    "Outgoing",
    "TooFast",
    "assign_conversation",
    "mark_read",
    "merge_guest",
    "open_conversation",
    "remove_quick_reply",
    "send_message",
    "send_picture",
    "set_quick_reply",
    "set_service_hours",
]
