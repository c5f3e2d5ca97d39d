"""How content reacts to facts of other rooms."""

from xingqu.content import services
from xingqu.events.accounts import GuestMerged
from xingqu.events.governance import CreatorFreed, CreatorRestricted


def on_guest_merged(fact: GuestMerged) -> None:
    """What a guest liked, saved and followed belongs to the person now."""
    services.merge_guest_marks(guest_key=fact.guest_key, person_id=fact.person_id)


def suspend_anchors(fact: CreatorRestricted) -> None:
    """Who may not sell shows no shop's products in works and rooms."""
    services.suspend_anchors(creator_id=fact.creator_id)


def restore_anchors(fact: CreatorFreed) -> None:
    """What was agreed with shops is shown again."""
    services.suspend_anchors(creator_id=fact.creator_id)
