"""Which handler reacts to which fact: the one table. The worker delivers each (fact, handler) at least once."""

from collections.abc import Callable
from typing import Any

from xingqu.content import handlers as content
from xingqu.events.accounts import GuestMerged
from xingqu.interest import handlers as interest

SUBSCRIPTIONS: dict[type[Any], list[Callable[[Any], None]]] = {
    GuestMerged: [content.on_guest_merged, interest.merge_guest_interest],
}
