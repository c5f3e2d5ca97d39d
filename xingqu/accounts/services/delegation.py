"""What a workplace lets the members of another one do in its rooms: a creator's studio its agency."""

from collections.abc import Sequence

from django.db import transaction

from xingqu.accounts.models import Delegation
from xingqu.kit import clock


@transaction.atomic
def set_delegation(*, organisation_id: int, to_organisation_id: int, scopes: Sequence[str]) -> None:
    """Members of `to_organisation_id` may do in `organisation_id` what `scopes` say, as far as their own role allows it at home.

    Replaces what was let before; nothing is as good as an end.
    """
    Delegation.objects.update_or_create(
        organisation_id=organisation_id,
        to_organisation_id=to_organisation_id,
        defaults={"scopes": sorted(scopes), "changed_at": clock.now()},
    )


@transaction.atomic
def end_delegation(*, organisation_id: int, to_organisation_id: int) -> None:
    """They may nothing any more. Doing it again changes nothing."""
    Delegation.objects.filter(organisation_id=organisation_id, to_organisation_id=to_organisation_id).delete()
