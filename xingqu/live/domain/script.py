"""What a script does when. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

STEPS_MAX = 300
LONGEST_S = 86_400
# What each kind of step needs besides its second.
NEEDS: Mapping[str, frozenset[str]] = {
    "explain": frozenset({"item_id"}),
    "unexplain": frozenset(),
    "announce": frozenset({"text"}),
    "say": frozenset({"text"}),
    "coupon": frozenset({"coupon"}),
}


def problem(steps: Sequence[Mapping[str, Any]], loop_s: int) -> str | None:
    """What is wrong with a script, in words for a program; None when nothing is."""
    if len(steps) > STEPS_MAX:
        return f"at most {STEPS_MAX} steps"
    for step in steps:
        kind = str(step.get("act"))
        if kind not in NEEDS or not NEEDS[kind] <= {name for name, value in step.items() if value not in (None, "")}:
            return f"steps of {', '.join(NEEDS)}, each with what it needs"
        if not 0 <= int(step.get("at_s", -1)) < LONGEST_S:
            return f"at_s from 0 to {LONGEST_S - 1}"
    if loop_s and (loop_s < 10 or any(int(step["at_s"]) >= loop_s for step in steps)):
        return "loop_s of at least 10 and after the last step"
    return None


def due(
    steps: Sequence[Mapping[str, Any]], *, loop_s: int, run_s: float, lap: int, position: int
) -> tuple[int, int, Mapping[str, Any]] | None:
    """The next step that is due after `run_s` of the clock: (its lap, the position after it, the step); None when none is."""
    if not steps:
        return None
    if position >= len(steps):
        if not loop_s:
            return None
        lap, position = lap + 1, 0
    step = steps[position]
    at_s = lap * loop_s + int(step["at_s"])
    return (lap, position + 1, step) if run_s >= at_s else None


def in_turn(item_ids: Sequence[int], every_s: int) -> tuple[list[dict[str, Any]], int]:
    """A script that explains items one after the other, and the length of a lap."""
    steps = [{"at_s": place * every_s, "act": "explain", "item_id": pk} for place, pk in enumerate(item_ids)]
    return steps, every_s * len(item_ids)
