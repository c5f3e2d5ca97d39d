"""How content reacts to facts of other rooms."""

from xingqu.content import services
from xingqu.events.accounts import GuestMerged


def on_guest_merged(fact: GuestMerged) -> None:
    """What a guest liked, saved and followed belongs to the person now."""
    services.merge_guest_marks(guest_key=fact.guest_key, person_id=fact.person_id)
