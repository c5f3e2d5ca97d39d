"""Reactions to facts. Each runs in one transaction with the mark that it ran."""

from typing import Any

from xingqu.accounts.selectors import creators_by_ids
from xingqu.accounts.services import notify
from xingqu.collaboration.services.running import take_funding
from xingqu.collaboration.services.sample_timers import note_arrival, note_turned_back, recognise_works
from xingqu.collaboration.services.samples import take_sample_payment
from xingqu.events.collaboration import CollaborationChanged, SampleChanged
from xingqu.events.content import ContentPublished
from xingqu.events.fulfilment import ParcelDelivered, ParcelTurnedBack
from xingqu.events.settlement import CustodyPaid

SAMPLE_PARCEL = "sample"


def note_sample_arrived(fact: ParcelDelivered) -> None:
    """A sample has come: the days to publish count."""
    if fact.kind == SAMPLE_PARCEL:
        note_arrival(sample_no=fact.reference, at=fact.at)


def note_sample_turned_back(fact: ParcelTurnedBack) -> None:
    """A sample did not reach its creator."""
    if fact.kind == SAMPLE_PARCEL:
        note_turned_back(sample_no=fact.reference, at=fact.at)


def recognise_published(fact: ContentPublished) -> None:
    """A work may be what a sample was given for."""
    recognise_works(creator_id=fact.creator_id)


def take_paid(fact: CustodyPaid) -> None:
    """Money for a sample, or a slot fee, came through a provider."""
    if not take_sample_payment(sample_no=fact.reference, move_no=fact.move_no, amount_minor=fact.amount_minor):
        take_funding(collab_no=fact.reference, move_no=fact.move_no, amount_minor=fact.amount_minor)


def tell_sample(fact: SampleChanged) -> None:
    """Both sides: what happened, and who must act by when."""
    data = {
        "sample_no": fact.sample_no,
        "state": fact.state,
        "step": fact.step,
        "waiting_for": fact.waiting_for,
        "due_at": fact.due_at.isoformat() if fact.due_at is not None else None,
    }
    _tell("sample_changed", fact.shop_id, fact.creator_id, data)


def tell_collaboration(fact: CollaborationChanged) -> None:
    """Both sides: what happened, and who must act by when."""
    data = {
        "collab_no": fact.collab_no,
        "state": fact.state,
        "step": fact.step,
        "by_side": fact.by_side,
        "waiting_for": fact.waiting_for,
        "due_at": fact.due_at.isoformat() if fact.due_at is not None else None,
    }
    _tell("collaboration_changed", fact.shop_id, fact.creator_id, data)


def _tell(kind: str, shop_id: int, creator_id: int, data: dict[str, Any]) -> None:
    """The members of the shop, and those of the creator's workplace; `shop_id` of a notice is the workplace it is for."""
    notify(organisation_id=shop_id, kind=kind, data={**data, "shop_id": shop_id, "side": "merchant"})
    creator = creators_by_ids(ids=[creator_id]).get(creator_id)
    if creator is not None and creator.organisation_id is not None:
        told = {**data, "shop_id": creator.organisation_id, "side": "creator", "creator_id": creator_id}
        notify(organisation_id=creator.organisation_id, kind=kind, data=told)
