"""The table of all that may become of a live room."""

from types import MappingProxyType
from typing import Literal

RoomState = Literal["scheduled", "live", "paused", "interrupted", "ended", "banned"]
Action = Literal["start", "pause", "resume", "drop", "stream_back", "time_out", "end", "cancel", "ban"]

# What each action makes of each state; a state that is not named refuses it.
TRANSITIONS: MappingProxyType[Action, dict[RoomState, RoomState]] = MappingProxyType(
    {
        "start": {"scheduled": "live"},
        "pause": {"live": "paused"},
        "resume": {"paused": "live"},
        "drop": {"live": "interrupted"},
        "stream_back": {"interrupted": "live"},
        "time_out": {"interrupted": "ended", "paused": "ended"},
        "end": {"live": "ended", "paused": "ended", "interrupted": "ended"},
        "cancel": {"scheduled": "ended"},
        "ban": {
            "scheduled": "banned",
            "live": "banned",
            "paused": "banned",
            "interrupted": "banned",
            "ended": "banned",
        },
    }
)
OPEN: tuple[RoomState, ...] = ("live", "paused", "interrupted")
# In these a host may push a stream; before the start only the desk sees it.
PUSHABLE: tuple[RoomState, ...] = ("scheduled", *OPEN)
# In these products can be explained and chat goes on.
ON_AIR: tuple[RoomState, ...] = OPEN
EXPLAINABLE: tuple[RoomState, ...] = ("live", "interrupted")


def next_state(action: Action, state: RoomState) -> RoomState | None:
    """What `action` makes of `state`, None when it is refused there."""
    return TRANSITIONS[action].get(state)
