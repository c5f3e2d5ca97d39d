"""Reactions to facts: how promises between creators and shops came out. Each runs in one transaction with the mark that it ran."""

from xingqu.events.collaboration import CollaborationChanged, SampleChanged
from xingqu.experience.models import CreatorDeed
from xingqu.experience.services.creators import note_deed

Deed = CreatorDeed.Deed
OF_SAMPLES: dict[str, tuple[Deed, ...]] = {
    "recognise": (Deed.SAMPLE_KEPT,),
    "confirm": (Deed.SAMPLE_KEPT, Deed.WORK_ACCEPTED),
    "confirm_timeout": (Deed.SAMPLE_KEPT, Deed.WORK_ACCEPTED),
    "deny": (Deed.WORK_DENIED,),
}


def note_sample(fact: SampleChanged) -> None:
    """A work came, was accepted or turned down, or never came."""
    deeds = (Deed.SAMPLE_BREACH,) if fact.state == "breached" else OF_SAMPLES.get(fact.step, ())
    for deed in deeds:
        note_deed(creator_id=fact.creator_id, deed=deed, reference=fact.sample_no, at=fact.at)


def note_collaboration(fact: CollaborationChanged) -> None:
    """It ran to its end, or the creator broke it off. What the shop broke off, or the platform decided, is not the creator's."""
    if fact.step == "break_off" and fact.by_side == "creator":
        deed = Deed.COLLABORATION_BROKEN
    elif fact.step == "release" and fact.state == "done":
        deed = Deed.COLLABORATION_KEPT
    else:
        return
    note_deed(creator_id=fact.creator_id, deed=deed, reference=fact.collab_no, at=fact.at)
