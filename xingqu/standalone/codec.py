"""Bytes in the store: items, what the journal keeps of events and of served pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from xingqu.engine.columns import Channel, Feature, Head, Horizon, Surface
from xingqu.engine.evaluate.channel_samples import ChannelSample, SampleFormatError
from xingqu.engine.learn.impressions import Impressions
from xingqu.engine.ranking.ranker import surface_code
from xingqu.engine.recommend import Slate
from xingqu.standalone.contracts import Item, Reason, Recommended

EVENTS: Final = 1
PAGE: Final = 2  # without what the items were ranked by; still read
RANKED_PAGE: Final = 3
CHANNELS: Final = 4  # of a page that was sampled
EVENT_DTYPE: Final = np.dtype(
    [
        ("id", "V16"),
        ("kind", "i1"),
        ("item_id", "<i8"),
        ("value", "<f4"),
        ("at_ms", "<i8"),
        ("creator_id", "<i8"),
        ("tag_id", "<i4"),
    ]
)
_PAGE_HEAD: Final = np.dtype(
    [("at_ms", "<i8"), ("version", "<i8"), ("surface", "i1"), ("personalised", "?"), ("count", "<u2")]
)
_PAGE_ITEM: Final = np.dtype([("item_id", "<i8"), ("channel", "i1"), ("score", "<f4"), ("propensity", "<f4")])
_DRAW: Final = np.dtype([("position", "<u2"), ("picked", "<u2"), ("size", "<u2")])
_SURFACES: Final = tuple(Surface)
_DEFAULTS: Final = {f.name: f.default for f in fields(Item) if f.name not in ("id", "tags")}


@dataclass(frozen=True, eq=False)
class ServedPage:
    """A page as the journal keeps it. ``items``: item_id, channel, score, propensity, best place first; ``draws``: by
    position what a reserved slot was drawn from, as (picked, scores). ``ranked_by`` (k, features) and ``biases`` (k, heads):
    what the items were ranked by; no columns in pages of an older release."""

    at_ms: int
    version: int
    surface: Surface
    personalised: bool
    items: NDArray[Any]
    draws: dict[int, tuple[int, NDArray[np.float32]]]
    ranked_by: NDArray[np.float16]
    biases: NDArray[np.float16]


def event_key(event_id: str) -> bytes:
    """16 bytes that stand for a client's event id, whatever its form."""
    return blake2b(event_id.encode(), digest_size=16).digest()


def encode_item(item: Item) -> bytes:
    """What differs from the defaults, as JSON."""
    plain = asdict(item)
    kept = {name: value for name, value in plain.items() if name == "id" or value != _DEFAULTS.get(name, {})}
    return orjson.dumps(kept)


def decode_item(data: bytes) -> Item:
    return Item(**orjson.loads(data))


def encode_events(rows: NDArray[Any]) -> bytes:
    """Rows of EVENT_DTYPE."""
    return bytes([EVENTS]) + rows.tobytes()


def decode_events(data: bytes) -> NDArray[Any]:
    """No rows when ``data`` is something else."""
    if not data or data[0] != EVENTS:
        return np.empty(0, EVENT_DTYPE)
    return np.frombuffer(data, dtype=EVENT_DTYPE, offset=1)


def encode_page(slate: Slate, *, at_ms: int, version: int, surface: Surface) -> bytes:
    head = np.array([(at_ms, version, _SURFACES.index(surface), slate.personalised, len(slate))], dtype=_PAGE_HEAD)
    items = np.zeros(len(slate), dtype=_PAGE_ITEM)
    for name in ("item_id", "channel", "score", "propensity"):
        items[name] = getattr(slate, name)
    drawn = [
        np.array([(position, draw.picked, draw.scores.size)], dtype=_DRAW).tobytes()
        + draw.scores.astype("<f4").tobytes()
        for position, draw in enumerate(slate.draws)
        if draw is not None
    ]
    numbers = np.concatenate([slate.features, slate.prior_logit], axis=1).astype("<f2")
    widths = bytes([slate.features.shape[1], slate.prior_logit.shape[1]])
    return b"".join([bytes([RANKED_PAGE]), head.tobytes(), items.tobytes(), widths, numbers.tobytes(), *drawn])


def decode_page(data: bytes) -> ServedPage | None:
    """None when ``data`` is something else."""
    if not data or data[0] not in (PAGE, RANKED_PAGE):
        return None
    head = np.frombuffer(data, dtype=_PAGE_HEAD, offset=1, count=1)[0]
    items = np.frombuffer(data, dtype=_PAGE_ITEM, offset=1 + _PAGE_HEAD.itemsize, count=int(head["count"]))
    draws, offset = {}, 1 + _PAGE_HEAD.itemsize + items.nbytes
    first, second = (data[offset], data[offset + 1]) if data[0] == RANKED_PAGE else (0, 0)
    offset += 2 if data[0] == RANKED_PAGE else 0
    numbers = np.frombuffer(data, "<f2", offset=offset, count=items.size * (first + second))
    numbers, offset = numbers.reshape(items.size, first + second), offset + numbers.nbytes
    while offset < len(data):
        position, picked, size = (int(part) for part in np.frombuffer(data, _DRAW, offset=offset, count=1)[0])
        draws[position] = picked, np.frombuffer(data, "<f4", offset=offset + _DRAW.itemsize, count=size)
        offset += _DRAW.itemsize + 4 * size
    surface = _SURFACES[int(head["surface"])]
    return ServedPage(
        int(head["at_ms"]),
        int(head["version"]),
        surface,
        bool(head["personalised"]),
        items,
        draws,
        numbers[:, :first],
        numbers[:, first:],
    )


def encode_sample(sample: ChannelSample) -> bytes:
    return bytes([CHANNELS]) + sample.encode()


def decode_sample(data: bytes) -> ChannelSample | None:
    """None when ``data`` is something else, or of a version this code does not read."""
    if not data or data[0] != CHANNELS:
        return None
    try:
        return ChannelSample.decode(data[1:])
    except SampleFormatError:
        return None


def impressions_of(page: ServedPage, person: int) -> Impressions | None:
    """The places of a page as rows to learn from; None where the page does not say what it was ranked by."""
    count = page.items.size
    if not page.ranked_by.size:
        return None
    features = np.zeros((count, len(Feature)), dtype=np.float32)
    features[:, : page.ranked_by.shape[1]] = page.ranked_by
    prior = np.full((count, len(Head)), -np.inf, dtype=np.float32)
    prior[:, : page.biases.shape[1]] = page.biases
    return Impressions(
        person=np.full(count, person, dtype=np.int64),
        item_id=page.items["item_id"].astype(np.int64),
        at_ms=np.full(count, page.at_ms, dtype=np.int64),
        surface=np.full(count, surface_code(page.surface), dtype=np.int8),
        position=np.arange(count, dtype=np.int16),
        features=features,
        prior_logit=prior,
    )


def recommended_of(slate: Slate, item_names: Sequence[str], tag_names: Mapping[int, str]) -> tuple[Recommended, ...]:
    """The places of a slate, in the shop's names."""
    reasons = reasons_of(slate.reason_tag_ids, slate.reason_weights, slate.reason_horizon, tag_names)
    columns = zip(
        slate.channel.tolist(), slate.score.tolist(), slate.propensity.tolist(), slate.repeated.tolist(), strict=True
    )
    return tuple(
        Recommended(
            item=item_names[position],
            position=position,
            channel=Channel(channel).name.lower(),
            score=round(score, 5),
            propensity=propensity,
            repeated=repeated,
            reasons=reasons[position],
        )
        for position, (channel, score, propensity, repeated) in enumerate(columns)
    )


def reasons_of(
    tags: NDArray[np.int32], weights: NDArray[np.float32], horizons: NDArray[np.int8], names: Mapping[int, str]
) -> list[tuple[Reason, ...]]:
    """Of each row the reasons that there are, strongest first."""
    return [
        tuple(
            Reason(tag=names.get(tag, ""), weight=round(weight, 4), horizon=Horizon(horizon).name.lower())
            for tag, weight, horizon in zip(*row, strict=True)
            if tag >= 0
        )
        for row in zip(tags.tolist(), weights.tolist(), horizons.tolist(), strict=True)
    ]
