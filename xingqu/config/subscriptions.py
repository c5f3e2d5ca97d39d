"""Which handler reacts to which fact: the one table. The worker delivers each (fact, handler) at least once."""

from collections.abc import Callable
from typing import Any

from xingqu.content import handlers as content
from xingqu.events.accounts import GuestMerged
from xingqu.events.review import ReviewPublished
from xingqu.events.trade import OrderCancelled, OrderPaid, OrderReceived, OrderRefunded, OrderShipped
from xingqu.fulfilment import handlers as fulfilment
from xingqu.interest import handlers as interest
from xingqu.review import handlers as review
from xingqu.trade import handlers as trade

SUBSCRIPTIONS: dict[type[Any], list[Callable[[Any], None]]] = {
    GuestMerged: [content.on_guest_merged, interest.merge_guest_interest, trade.merge_guest],
    OrderPaid: [trade.count_sold, trade.tell_paid],
    OrderCancelled: [trade.tell_cancelled],
    OrderShipped: [trade.tell_shipped],
    OrderReceived: [fulfilment.close_tracking],
    OrderRefunded: [trade.count_returned, trade.tell_refunded],
    ReviewPublished: [review.update_score, review.tell_shop],
}
