"""What creators agree to show."""

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.transactions import hold_names, retried
from xingqu.matching.models import CreatorListing


@retried
@transaction.atomic
def set_listing(*, creator_id: int, is_listed: bool, shows_exact: bool, intro: str) -> None:
    """Whether merchants find the creator, and whether they read figures or bands."""
    hold_names(f"creator-listing:{creator_id}")
    CreatorListing.objects.update_or_create(
        creator_id=creator_id,
        defaults={"is_listed": is_listed, "shows_exact": shows_exact, "intro": intro, "updated_at": clock.now()},
    )
