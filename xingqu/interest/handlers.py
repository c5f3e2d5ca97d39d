"""What interest does when something happened elsewhere."""

from xingqu.events.accounts import GuestMerged
from xingqu.interest import services


def merge_guest_interest(fact: GuestMerged) -> None:
    """A guest signed in: their interests go with them."""
    services.merge_guest(guest_key=fact.guest_key, person_id=fact.person_id)
