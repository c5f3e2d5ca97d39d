"""Facts of accounts."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class GuestMerged:
    """A guest signed in; what they did before belongs to the person now."""

    prompt: ClassVar[bool] = True
    guest_key: int
    person_id: int


@dataclass(frozen=True)
class MemberInvited:
    """Somebody is to be asked by e-mail whether they want to join; `version` is of this sending."""

    prompt: ClassVar[bool] = True
    invitation_id: int
    version: int


@dataclass(frozen=True)
class OrganisationCreated:
    organisation_id: int
    kind: str
    owner_id: int
