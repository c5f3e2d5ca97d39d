"""What the engine believes of a person, and what it expects of an item, in the shop's names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xingqu.engine.columns import Head
from xingqu.engine.params import EngineParams
from xingqu.engine.ranking import reasons
from xingqu.engine.ranking.scorer import predict
from xingqu.engine.retrieval import covisit
from xingqu.engine.slate.value import value_of
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState, interests
from xingqu.engine.view import Request, build_view
from xingqu.standalone.codec import reasons_of
from xingqu.standalone.contracts import Interest, ItemExplanation


def interests_of(state: UserState, now_ms: int, params: EngineParams, tags: Mapping[int, str]) -> tuple[Interest, ...]:
    """Strongest first."""
    return tuple(
        Interest(
            tag=tags.get(int(row["tag_id"]), ""),
            score=round(float(row["score"]), 4),
            instant=round(float(row["instant"]), 4),
            mid=round(float(row["mid"]), 4),
            long_term=round(float(row["long_term"]), 4),
            last_at_ms=int(row["touched_at_ms"]),
            pinned=bool(row["pinned"]),
            blocked=bool(row["blocked"]),
        )
        for row in interests(state, now_ms, params)
    )


def explain_item(
    snapshot: ItemSnapshot,
    state: UserState,
    row: int,
    item: str,
    *,
    now_ms: int,
    params: EngineParams,
    tags: Mapping[int, str],
) -> ItemExplanation:
    """The item at ``row`` as it would be scored for a page now."""
    view = build_view(snapshot, state, Request(size=1, now_ms=now_ms), params)
    rows = np.array([row], dtype=np.int32)
    visits = covisit.retrieve(view, params.retrieval.covisit_limit)
    together = np.array([visits.score[visits.rows == row].max(initial=0.0)], dtype=np.float32)
    predictions = predict(view, rows, together)
    found = reasons_of(*reasons.explain(view, rows), tags)
    return ItemExplanation(
        item=item,
        value=round(float(value_of(predictions, params.value)[0]), 5),
        predictions={head.name.lower(): round(float(predictions[0, head]), 6) for head in Head},
        reasons=found[0],
        seen=int(snapshot.item_id[row]) in set(state.seen.ids.tolist()),
        may_be_shown=bool(view.eligible[row]),
    )
