"""Ports of the stores of interest. An adapter for another machine's store implements the same protocol."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from xingqu.engine.state.user import UserState
from xingqu.kit.errors import BusinessError
from xingqu.signals.contracts import LogPosition

# Changes the state in place, given the indexes of the events that had not been applied before.
ApplyEvents = Callable[[UserState, Sequence[int]], None]
ChangeState = Callable[[UserState], UserState]


class ActorGone(Exception):
    """The actor's data was deleted while a change was on its way."""


class StatesUnavailable(BusinessError):
    """The store of states does not answer. Nothing is half written; a batch that was logged is applied by recovery."""

    code = "states_unavailable"
    status = 503
    message = "What is remembered of you cannot be reached at the moment. Try again shortly."

    def __init__(self) -> None:
        super().__init__(retry_after_s=2)


@dataclass(frozen=True, slots=True)
class StoredActor:
    """An actor as stored, for moving between stores of one site: names hashed, the state sealed by the site's keys."""

    name: bytes
    slots: tuple[int, ...]  # the current one first
    sealed: bytes | None
    events: tuple[tuple[int, bytes, int], ...]  # slot, event id, day of receipt since 1970; ascending


@dataclass(frozen=True, slots=True)
class EventUpdate:
    """Events of one actor that stand in the log at `position` and are to be applied to the state."""

    slot: int  # the vault slot they were logged with
    event_ids: Sequence[bytes]
    day: int  # day of receipt since 1970, for forgetting ids
    position: LogPosition


class UserStateStore(Protocol):
    """States by actor key (``p12``, ``g345``), shared by all processes; every change is atomic."""

    def read(self, actor_key: str) -> UserState:
        """The actor's state, an empty one when there is none."""

    def read_slot(self, slot: int) -> UserState:
        """The state of whoever the vault slot belongs to, an empty one when that is nobody."""

    def slots(self, actor_key: str) -> tuple[int, ...]:
        """Vault slots of the actor's data, the current one first; empty for an unknown actor."""

    def ensure_slot(self, actor_key: str) -> int:
        """The actor's current slot, made at the first call."""

    def known_events(self, actor_key: str, event_ids: Sequence[bytes]) -> list[bool]:
        """Which of the events were applied before."""

    def apply(self, update: EventUpdate, change: ApplyEvents) -> list[int]:
        """Apply the events not applied before, remember their ids and the position in the log; all or nothing.

        Returns the indexes applied. Raises ActorGone when the slot belongs to nobody any more.
        """

    def update(self, actor_key: str, change: ChangeState) -> UserState:
        """Change the state outside the stream of signals; returns the new one."""

    def merge(self, guest_key: str, person_key: str, join: Callable[[UserState, UserState], UserState]) -> bool:
        """Give the guest's state, event ids and slots to the person. False when the guest has nothing (any more)."""

    def delete(self, actor_key: str) -> bool:
        """Erase the actor's keys, state and event ids. False when there was nothing."""

    def forget_idle(self, before_ms: int, *, limit: int) -> int:
        """Erase actors, keys and all, who did nothing since `before_ms`; at most `limit` are looked at per call.

        Who has switched personalisation off is kept: to forget that would be to switch it on again. Returns how many are gone.
        """

    def applied(self) -> Mapping[int, int]:
        """Up to where each segment of the log has been applied."""

    def mark_applied(self, positions: Mapping[int, int]) -> None:
        """Move the positions on (never back)."""

    def forget_segments(self, segments: Sequence[int]) -> None:
        """Drop the positions of segments that no longer exist."""

    def forget_events(self, before_day: int, *, limit: int) -> int:
        """Drop event ids received before that day, at most `limit` looked at per call; returns how many are gone."""

    def is_empty(self) -> bool:
        """Whether nobody is kept and nothing was applied."""

    def clear(self) -> None:
        """Drop everything of this site. For a store that is not in use."""

    def export_actors(self) -> Iterator[StoredActor]:
        """Everybody, in any order. The site must stand still."""

    def import_actors(self, actors: Iterable[StoredActor]) -> None:
        """Keep them as they are. For an empty store."""

    def close(self) -> None:
        """Let go of files and connections."""


def fresh_indexes(event_ids: Sequence[bytes], known: Sequence[bool]) -> list[int]:
    """Which events are to be applied: not known, and the first of their id in the batch."""
    first = {event_id: index for index, event_id in reversed(list(enumerate(event_ids)))}
    return [index for index, event_id in enumerate(event_ids) if not known[index] and first[event_id] == index]


def is_idle(state: UserState, before_ms: int) -> bool:
    """Whether nothing was learned since. What says only what somebody wishes, such as not to be known, is kept."""
    return state.personalised and 0 < state.touched_ms < before_ms
