"""Bytes of a served page in the log, and the request id that says where they stand."""

import re
import struct
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Channel, Feature, Head, Horizon
from xingqu.engine.learn.impressions import Impressions
from xingqu.engine.ranking.ranker import surface_code
from xingqu.engine.recommend import Slate
from xingqu.interest.contracts import Page, Reason, Recommended

VERSION: Final = 2  # 1 did not keep what the items were ranked by
SURFACES: Final = ("for_you", "following", "similar", "mall")
_HEAD = struct.Struct("<BQQB?B")  # version, at (ms), snapshot version, surface, personalised, number of items
_ITEM = np.dtype(
    [
        ("item_id", "<i8"),
        ("channel", "i1"),
        ("repeated", "?"),
        ("score", "<f4"),
        ("propensity", "<f4"),
        ("tag_ids", "<i4", (3,)),
        ("weights", "<f4", (3,)),
        ("horizons", "i1", (3,)),
    ]
)
_WIDTHS = struct.Struct("<BB")  # features and biases an item
_NO_REASON: Final = Reason(tag_id=0, weight=0.0, horizon="instant")
_REQUEST_ID = re.compile(r"^[0-9a-f]{24}$")


class ServedFormatError(ValueError):
    """The bytes are not a served page of a version this code reads."""


def encode_page(page: Page) -> bytes:
    """What is recorded of a page: place by place the item, channel, score, propensity and reasons."""
    items = np.zeros(len(page.items), dtype=_ITEM)
    for position, item in enumerate(page.items):
        reasons = [*item.reasons[:3], *[_NO_REASON] * 3][:3]
        items[position] = (
            item.content_id,
            Channel[item.channel.upper()],
            item.repeated,
            item.score,
            item.propensity,
            tuple(reason.tag_id for reason in reasons),
            tuple(reason.weight for reason in reasons),
            tuple(Horizon[reason.horizon.upper()] for reason in reasons),
        )
    surface = SURFACES.index(page.surface)
    head = _HEAD.pack(VERSION, page.at_ms, page.snapshot_version, surface, page.personalised, len(items))
    widths = _WIDTHS.pack(*(len(page.items[0].ranked_by), len(page.items[0].biases)) if page.items else (0, 0))
    numbers = np.array([item.ranked_by + item.biases for item in page.items], dtype="<f2")
    return head + items.tobytes() + widths + numbers.tobytes()


def decode_page(data: bytes, *, request_id: str) -> Page:
    """Inverse of `encode_page`. Raises ServedFormatError."""
    try:
        _, at_ms, snapshot_version, surface, personalised, _ = _HEAD.unpack_from(data)
        items, features, biases = _columns(data)
        ranked_by = zip(features.tolist(), biases.tolist(), strict=True)
        return Page(
            request_id=request_id,
            at_ms=at_ms,
            surface=SURFACES[surface],
            snapshot_version=snapshot_version,
            personalised=personalised,
            items=tuple(
                _recommended(position, (*item, *ranked))
                for position, (item, ranked) in enumerate(zip(items.tolist(), ranked_by, strict=True))
            ),
        )
    except (struct.error, IndexError, ValueError) as error:
        raise ServedFormatError(str(error)) from error


def decode_impressions(data: bytes, *, slot: int) -> Impressions:
    """The places of a page as rows to learn from, in the order of the page. Raises ServedFormatError.

    A page of version 1, which does not say what it was ranked by, gives none, nor does that of somebody who wishes not to be
    known.
    """
    try:
        _, at_ms, _, surface, personalised, _ = _HEAD.unpack_from(data)
        items, features, biases = _columns(data)
    except (struct.error, IndexError, ValueError) as error:
        raise ServedFormatError(str(error)) from error
    count = items.size if features.size and personalised else 0
    full = np.zeros((count, len(Feature)), dtype=np.float32)
    full[:, : features.shape[1]] = features[:count]
    prior = np.full((count, len(Head)), -np.inf, dtype=np.float32)
    prior[:, : biases.shape[1]] = biases[:count]
    return Impressions(
        person=np.full(count, slot, dtype=np.int64),
        item_id=items["item_id"][:count].astype(np.int64),
        at_ms=np.full(count, at_ms, dtype=np.int64),
        surface=np.full(count, surface_code(SURFACES[surface]), dtype=np.int8),
        position=np.arange(count, dtype=np.int16),
        features=full,
        prior_logit=prior,
    )


def _columns(data: bytes) -> tuple[NDArray[Any], NDArray[np.float16], NDArray[np.float16]]:
    """Items (k,), features (k, f) and biases (k, h); f and h are 0 in a page of version 1."""
    version, _, _, _, _, count = _HEAD.unpack_from(data)
    if version not in (1, VERSION):
        raise ServedFormatError(f"page version {version} is unknown; this code reads {VERSION}")
    items = np.frombuffer(data, dtype=_ITEM, offset=_HEAD.size, count=count)
    offset = _HEAD.size + items.nbytes
    widths = _WIDTHS.unpack_from(data, offset) if version > 1 else (0, 0)
    numbers = (
        np.frombuffer(data, dtype="<f2", offset=offset + _WIDTHS.size, count=count * sum(widths))
        if version > 1
        else np.empty(0, "<f2")
    )
    numbers = numbers.reshape(count, sum(widths))
    return items, numbers[:, : widths[0]], numbers[:, widths[0] :]


def request_id_of(segment: int, start: int) -> str:
    """24 hexadecimal digits that name the place of the page in the log of served pages."""
    return f"{segment:016x}{start:08x}"


def place_of(request_id: str) -> tuple[int, int] | None:
    """(segment, start) of a request id, or None when it is not one."""
    if not _REQUEST_ID.match(request_id):
        return None
    return int(request_id[:16], 16), int(request_id[16:], 16)


def recommended_of(slate: Slate) -> tuple[Recommended, ...]:
    """The places of an engine's slate."""
    columns = (
        slate.item_id,
        slate.channel,
        slate.repeated,
        slate.score,
        slate.propensity,
        slate.reason_tag_ids,
        slate.reason_weights,
        slate.reason_horizon,
        slate.features.astype(np.float16),
        slate.prior_logit.astype(np.float16),
    )
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return tuple(_recommended(position, row) for position, row in enumerate(rows))


def _recommended(position: int, item: tuple[Any, ...]) -> Recommended:
    item_id, channel, repeated, score, propensity, tag_ids, weights, horizons, ranked_by, biases = item
    reasons = [
        Reason(tag_id=int(tag), weight=round(float(weight), 4), horizon=Horizon(int(horizon)).name.lower())
        for tag, weight, horizon in zip(tag_ids, weights, horizons, strict=True)
        if tag > 0
    ]
    return Recommended(
        content_id=item_id,
        position=position,
        channel=Channel(channel).name.lower(),
        score=score,
        propensity=propensity,
        reasons=tuple(reasons),
        repeated=repeated,
        ranked_by=tuple(ranked_by),
        biases=tuple(biases),
    )
