"""Reactions to facts."""

from xingqu.events.accounts import GuestMerged
from xingqu.support import services


def on_guest_merged(fact: GuestMerged) -> None:
    """A guest signed in: their conversations are the person's now."""
    services.merge_guest(guest_key=f"g{fact.guest_key}", buyer_key=f"p{fact.person_id}")
