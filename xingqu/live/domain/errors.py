"""Refusals of live rooms."""

from xingqu.kit.errors import BusinessError, Conflict


class WrongState(Conflict):
    """`data.state` is where the room stands."""

    code = "live_wrong_state"
    message = "The live room is in a state that does not allow this."


class OtherRoomOpen(Conflict):
    """`data.room_id` is the one that is open."""

    code = "live_other_room_open"
    message = "Another room of this account is on air. End it first."


class NoStream(Conflict):
    code = "live_no_stream"
    message = "No stream arrives from your encoder. Start pushing first."


class ItemNotForSale(Conflict):
    """`data.sale_state` says why."""

    code = "live_item_not_for_sale"
    message = "This product cannot be bought at the moment, so it cannot be explained."


class NotExplaining(Conflict):
    code = "live_not_explaining"
    message = "This product is not being explained."


class TooManyItems(Conflict):
    code = "live_too_many_items"
    message = "The run of show is full."


class BagClosed(Conflict):
    code = "live_bag_closed"
    message = "This lucky bag takes nobody any more."


class ConditionMissing(Conflict):
    """`data.missing` is word (with the `word` to say) or watch (with `left_s`)."""

    code = "live_condition_missing"
    message = "You do not meet the conditions of this lucky bag yet."


class StreamRefused(BusinessError):
    """A host's stream is not taken. `data.reason`: unknown_key, wrong_state, already_publishing, off."""

    code = "live_stream_refused"
    status = 403
    message = "This stream is not taken."


class ChatClosed(Conflict):
    code = "live_chat_closed"
    message = "There is no chat in this room at the moment."


class Muted(BusinessError):
    code = "live_muted"
    status = 403
    message = "The host has muted you in this room."


class ChatTooFast(BusinessError):
    """`retry_after_s` is how long to wait."""

    code = "live_chat_too_fast"
    status = 429
    message = "Slow down a little."


class ChatRefused(BusinessError):
    """`data.reason`: contact_details, forbidden_words, blocked_words."""

    code = "live_chat_refused"
    status = 422
    message = "This cannot be said here."
