"""What a person sets by hand: their tags, personalisation, and the end of their data."""

from xingqu.accounts.contracts import Actor
from xingqu.catalogue import selectors as catalogue
from xingqu.engine.columns import Flag
from xingqu.engine.state.user import (
    UserState,
    block_tag,
    delete_tag,
    merge_states,
    pin_tag,
    unblock_tag,
    unpin_tag,
)
from xingqu.engine.state.user import set_personalised as set_state_personalised
from xingqu.interest.domain.translate import lessen_tag
from xingqu.interest.storage import PARAMS, snapshots, state_store
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound

ACTIONS = {"pin": pin_tag, "unpin": unpin_tag, "block": block_tag, "unblock": unblock_tag}


def change_tag(*, actor: Actor, tag_id: int, action: str) -> None:
    """Pin, unpin, block, unblock or lessen a tag; the very next page knows. Raises NotFound, InvalidInput."""
    if action != "less" and action not in ACTIONS:
        raise InvalidInput(field="action", expected=", ".join((*ACTIONS, "less")))
    if not catalogue.tags_by_ids([tag_id]):
        raise NotFound("There is no such interest tag.", field="tag_id", expected="the id of an interest tag")

    def change(state: UserState) -> UserState:
        if action == "less":
            unpin_tag(state, tag_id)
            lessen_tag(state, tag_id, at_ms=clock.now_ms(), half_lives_ms=PARAMS.state.half_lives_ms)
        else:
            ACTIONS[action](state, tag_id)
        return state

    state_store().update(actor.key, change)


def forget_tag(*, actor: Actor, tag_id: int) -> None:
    """Delete what is known of the actor's interest in a tag. Raises NotFound when nothing is known of it."""
    if not (state_store().read(actor.key).tags.keys == tag_id).any():
        raise NotFound("This is not one of your interest tags.", field="tag_id", expected="one of your interest tags")

    clusters = snapshots().get().items.models.clusters

    def change(state: UserState) -> UserState:
        delete_tag(state, tag_id)
        if clusters is not None:
            state.clusters.remove(clusters.ids_of_tag(tag_id))
        return state

    state_store().update(actor.key, change)


def set_personalised(*, actor: Actor, personalised: bool) -> None:
    """Switch personalisation on or off; off also stops learning. Nothing is deleted."""

    def change(state: UserState) -> UserState:
        set_state_personalised(state, personalised)
        return state

    state_store().update(actor.key, change)


def set_followed(*, actor: Actor, creator_id: int, followed: bool) -> None:
    """Whether the creator belongs to the actor's followed feed. Repeating it changes nothing."""

    def change(state: UserState) -> UserState:
        state.creators.set_flag(creator_id, Flag.FOLLOWED, followed)
        return state

    state_store().update(actor.key, change)


def delete_everything(*, actor: Actor) -> bool:
    """Erase all that is kept of the actor's behaviour: state, event ids, and the key without which no log row can be read.

    Returns False when there was nothing. A person's earlier guest data goes too.
    """
    return state_store().delete(actor.key)


def merge_guest(*, guest_key: int, person_id: int) -> bool:
    """Hand a guest's interests and data to the person they turned out to be. Repeating it changes nothing."""
    guest, person = Actor(person_id=None, guest_key=guest_key), Actor(person_id=person_id, guest_key=None)
    return state_store().merge(
        guest.key, person.key, lambda theirs, own: merge_states(theirs, own, clock.now_ms(), PARAMS)
    )
