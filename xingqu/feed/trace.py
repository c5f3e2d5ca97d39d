"""How a page came about, as numbers and codes that a client puts into words."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np

from xingqu.interest.contracts import RULES, Channel, Feature, Head, Preview, SlotTrace, Trace

TOP_OF_CHANNEL: Final = 5
RUNNERS_UP: Final = 12
_STEP_OF_SLOT: Final = "value"  # the first step of a slot repeats the last one before the page


def preview_json(preview: Preview, hidden: Mapping[int, str]) -> dict[str, Any]:
    """The whole trace. `hidden`: contents that a filter takes out after ranking, and which."""
    trace = preview.trace
    assert trace is not None  # asked for
    on_page = [place.content_id for place in preview.places]
    return {
        "at": preview.at,
        "snapshot_version": preview.snapshot_version,
        "models": preview.models,
        "commerce": preview.commerce,
        "personalised": preview.personalised,
        "stage_ms": {name: round(spent / 1e6, 3) for name, spent in preview.stage_ns.items()},
        "channels": _channels(trace, on_page),
        "candidates": int(trace.item_id.size),
        "shortlisted": int(trace.shortlist.size),
        "slots": [
            _slot(trace, slot, position) | {"filtered": hidden.get(slot.item_id)}
            for position, slot in enumerate(trace.slots)
        ],
        "runners_up": _runners_up(trace, set(on_page)),
    }


def content_ids(trace: Trace) -> list[int]:
    """Every content that the trace names."""
    named = [int(pk) for channel in trace.channels.values() for pk in channel.item_id[:TOP_OF_CHANNEL]]
    named += [slot.item_id for slot in trace.slots]
    named += [row["content_id"] for row in _runners_up(trace, {slot.item_id for slot in trace.slots})]
    for slot in trace.slots:
        rival = _passed_over(trace, slot)
        if rival is not None:
            named.append(rival["content_id"])
    return list(dict.fromkeys(named))


def _channels(trace: Trace, on_page: list[int]) -> list[dict[str, Any]]:
    alone = trace.brought.sum(axis=1) == 1
    rows = []
    for column, channel in enumerate(Channel):
        if channel not in trace.channels:
            continue
        found = trace.channels[channel]
        rows.append(
            {
                "channel": channel.name.lower(),
                "candidates": int(found.item_id.size),
                "alone": int((alone & trace.brought[:, column]).sum()),
                "on_page": sum(1 for slot in trace.slots if slot.channel == channel),
                "took_ms": round(found.took_ns / 1e6, 3),
                "score_low": _number(found.score.min()) if found.score.size else None,
                "score_high": _number(found.score.max()) if found.score.size else None,
                "top": [
                    {"content_id": int(pk), "score": _number(score), "on_page": int(pk) in on_page}
                    for pk, score in zip(found.item_id[:TOP_OF_CHANNEL], found.score[:TOP_OF_CHANNEL], strict=True)
                ],
            }
        )
    return sorted(rows, key=lambda row: (-row["candidates"], row["channel"]))


def _slot(trace: Trace, slot: SlotTrace, position: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "position": position,
        "content_id": slot.item_id,
        "channel": slot.channel.name.lower(),
        "how": str(slot.how),
        "propensity": _number(slot.propensity),
        "steps": [],
        "rules_given_up": [],
        "passed_over": None,
        "brought_by": [],
        "predictions": {},
        "features": {},
    }
    if slot.entry < 0:
        return row
    row |= _candidate(trace, slot.entry)
    row["features"] = {
        feature.name.lower(): _number(trace.features[slot.entry, feature])
        for feature in Feature
        if feature < trace.features.shape[1]
    }
    if slot.weighed is not None:
        row["steps"] += [
            {"step": name, "value": _number(values[slot.weighed.place])}
            for name, values in slot.weighed.values.items()
            if name != _STEP_OF_SLOT
        ]
        row["rules_given_up"] = [rule for rule in RULES[0] if rule not in RULES[slot.weighed.rule]]
        row["passed_over"] = _passed_over(trace, slot)
    return row


def _candidate(trace: Trace, entry: int) -> dict[str, Any]:
    return {
        "content_id": int(trace.item_id[entry]),
        "channel": Channel(int(trace.credited[entry])).name.lower(),
        "brought_by": [channel.name.lower() for column, channel in enumerate(Channel) if trace.brought[entry, column]],
        "predictions": {
            head.name.lower(): _number(trace.predictions[entry, head])
            for head in Head
            if head < trace.predictions.shape[1]
        },
        "steps": [{"step": name, "value": _number(values[entry])} for name, values in trace.values.items()],
    }


def _passed_over(trace: Trace, slot: SlotTrace) -> dict[str, Any] | None:
    """The most valuable candidate, by what it was worth before the page, that this position did not take, and why not."""
    weighed = slot.weighed
    if weighed is None:
        return None
    steps = list(weighed.values.items())
    before, decisive = steps[0][1], steps[-1][1]
    taken = np.isin(trace.item_id[trace.shortlist], [one.item_id for one in trace.slots[: _position(trace, slot) + 1]])
    open_places = np.flatnonzero(~taken)
    if not open_places.size:
        return None
    place = int(open_places[np.argmax(before[open_places])])
    if before[place] <= before[weighed.place]:
        return None
    later = [one.item_id for one in trace.slots[_position(trace, slot) + 1 :]]
    content_id = int(trace.item_id[trace.shortlist[place]])
    drawn = content_id in later and not weighed.allowed[place]
    lowered = [
        {"step": name, "value": _number(values[place] - old[place])} for (_, old), (name, values) in pairwise(steps)
    ]
    return {
        "content_id": content_id,
        "why": "spacing" if not weighed.allowed[place] and not drawn else "drawn_later" if drawn else "worth_less",
        "value": _number(before[place]),
        "value_here": _number(decisive[place]),
        "steps": lowered,
        "comes_later": content_id in later,
    }


def _position(trace: Trace, slot: SlotTrace) -> int:
    return next(position for position, one in enumerate(trace.slots) if one is slot)


def _runners_up(trace: Trace, on_page: set[int]) -> list[dict[str, Any]]:
    """The most valuable candidates that are not on the page."""
    last = list(trace.values.values())[-1]
    found = []
    for entry in np.lexsort((trace.item_id, -last)):
        if int(trace.item_id[entry]) not in on_page:
            found.append(_candidate(trace, int(entry)))
        if len(found) == RUNNERS_UP:
            break
    return found


def _number(value: Any) -> float:
    number = float(value)
    return round(number, 6) if np.isfinite(number) else 0.0
