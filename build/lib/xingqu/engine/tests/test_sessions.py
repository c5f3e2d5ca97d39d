"""Neighbouring sessions, the evidence for a next item, and its weights."""

from dataclasses import fields

import numpy as np
import pytest

from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.next_item import Blend, Evidence, NextItemModel, SequenceView, gather
from xingqu.engine.models import Models
from xingqu.engine.params import SessionParams
from xingqu.engine.state.sessions import SessionIndex

PARAMS = SessionParams()
SESSIONS = ([0, 1, 2], [3, 1, 4], [1, 2, 2], [5, 6])
ITEMS = 8


def index_of(sessions: tuple[list[int], ...] = SESSIONS) -> SessionIndex:
    indptr = np.cumsum([0, *map(len, sessions)])
    return SessionIndex.build(indptr, np.array([row for part in sessions for row in part]), ITEMS)


def rows(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


def view_of(top: np.ndarray, scores: np.ndarray) -> SequenceView:
    targets = np.zeros((ITEMS, 1), dtype=np.float32)
    targets[top, 0] = scores
    return SequenceView(targets, np.ones(1, np.float32), top, scores.astype(np.float32))


def blend(**changed: np.ndarray) -> Blend:
    shapes = {"mean": 13, "deviation": 13, "context_mean": 6, "context_deviation": 6, "linear": 13}
    parts = {name: np.zeros(size, np.float32) for name, size in shapes.items()}
    parts |= {"by_context": np.zeros((6, 13), np.float32), "inward": np.zeros((19, 2), np.float32)}
    parts |= {"inward_bias": np.zeros(2, np.float32), "outward": np.zeros(2, np.float32)}
    parts["deviation"] += 1
    parts["context_deviation"] += 1
    return Blend(**{**parts, **changed})


def votes_by_hand(recent: list[int]) -> dict[int, float]:
    """The same votes, written down plainly."""
    index, found = index_of(), dict[int, float]()
    half_life = PARAMS.half_life_share * len(SESSIONS)
    for number, session in enumerate(SESSIONS):
        distinct = dict.fromkeys(reversed(recent))
        shared = [item for item in distinct if item in session]
        if not shared:
            continue
        weight = sum(PARAMS.item_decay ** recent[::-1].index(item) * float(index.idf[item]) for item in shared)
        weight *= 0.5 ** ((len(SESSIONS) - 1 - number) / half_life) / len(session) ** PARAMS.length_power
        at = len(session) - 1 - session[::-1].index(shared[0])
        for place, item in enumerate(session):
            if place != at:
                share = PARAMS.place_decay ** (abs(place - at) - 1) * (1.0 if place > at else PARAMS.backward)
                found[item] = found.get(item, 0.0) + weight * share
    return found


@pytest.mark.parametrize("recent", [[1], [1, 2], [2, 1, 1], [5, 3], [7]])
def test_neighbours_vote_as_written_down(recent: list[int]) -> None:
    found, votes = index_of().neighbours(rows(*recent), PARAMS)
    told = dict(zip(found.tolist(), votes.tolist(), strict=True))
    assert told == pytest.approx(votes_by_hand(recent), rel=1e-5)


def test_many_are_answered_as_each_alone() -> None:
    history = rows(1, 1, 2, 7)
    starts, stops = np.array([0, 1, 3]), np.array([1, 3, 4])
    found, votes, totals = index_of().neighbours_of_all(starts, stops, history, 3, PARAMS)
    for case, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        alone = dict(zip(*index_of().neighbours(history[start:stop], PARAMS), strict=True))
        best = sorted(alone.values(), reverse=True)[:3]
        assert votes[case][: len(best)].tolist() == best
        assert totals[case] == pytest.approx(sum(alone.values()))
        assert all(alone[row] == vote for row, vote in zip(found[case], votes[case], strict=True) if row >= 0)
    assert found[2].tolist() == [-1, -1, -1]


def test_an_index_refuses_what_is_none() -> None:
    with pytest.raises(ValueError, match="pointer"):
        SessionIndex.build(np.array([0, 3]), np.array([1, 2]), ITEMS)
    with pytest.raises(ValueError, match="does not exist"):
        SessionIndex.build(np.array([0, 2]), np.array([1, ITEMS]), ITEMS)


def test_without_sessions_there_are_no_neighbours() -> None:
    index = SessionIndex.build(np.zeros(1, np.int64), np.empty(0, np.int32), ITEMS)
    assert index.neighbours(rows(1), PARAMS)[0].size == 0
    evidence = gather(index, rows(1), view_of(rows(2), np.array([1.0])), PARAMS)
    assert evidence.rows.tolist() == [1, 2]
    assert np.isfinite(evidence.features).all()
    assert np.isfinite(evidence.context).all()


def test_evidence_names_repetition_and_transitions() -> None:
    evidence = gather(index_of(), rows(2, 1, 1), view_of(rows(6), np.array([2.0])), PARAMS)
    told = dict(zip(evidence.rows.tolist(), evidence.features, strict=True))
    assert sorted(told) == [0, 1, 2, 3, 4, 6]
    # the last item: at the end, and once more before; item 2: two places before the end
    assert told[1][7:].tolist() == [1, 0, 0, 0, 0, 1]
    assert told[2][7:].tolist() == [0, 0, 1, 0, 0, 0]
    assert told[4][7:].tolist() == [0, 0, 0, 0, 0, 0]
    half_life = PARAMS.half_life_share / 2 * len(SESSIONS)
    shares = {2: 0.5 ** (3 / half_life) + 0.5 ** (1 / half_life), 4: 0.5 ** (2 / half_life)}
    total = sum(shares.values())
    for item, share in shares.items():
        assert told[item][3] == pytest.approx(np.log(share / (total + 1) + 1e-3), rel=1e-5)
    assert told[6][0] == pytest.approx(0.0)  # alone at the sequence model's top


def test_a_score_does_not_depend_on_the_other_candidates() -> None:
    rng = np.random.default_rng(3)
    weights = blend(linear=rng.normal(size=13).astype(np.float32), outward=np.ones(2, np.float32))
    features, context = rng.normal(size=(5, 13)).astype(np.float32), rng.normal(size=6).astype(np.float32)
    together = weights.score(Evidence(np.arange(5, dtype=np.int32), features, context))
    alone = [weights.score(Evidence(rows(k), features[k : k + 1], context))[0] for k in range(5)]
    assert together.tolist() == pytest.approx(alone, rel=1e-5)


def test_a_model_survives_the_journey_and_a_changed_catalogue() -> None:
    ids = np.arange(ITEMS, dtype=np.int64) * 10
    model = NextItemModel(ids, index_of(), blend(linear=np.arange(13, dtype=np.float32)))
    again = Models.from_arrays(Models(next_item=model).to_arrays()).next_item
    assert again is not None
    assert all(np.array_equal(getattr(again.blend, f.name), getattr(model.blend, f.name)) for f in fields(Blend))
    # item 10 is gone, item 15 is new: rows after it move
    items = ItemTags.of(np.array([0, 15, 20, 30, 40, 50, 60, 70], dtype=np.int64), {})
    laid = again.aligned(items)
    assert laid.item_id.tolist() == items.item_id.tolist()
    assert laid.sessions.rows.tolist() == [0, 2, 3, 4, 2, 2, 5, 6]
    assert laid.sessions.indptr.tolist() == [0, 2, 4, 6, 8]
    assert model.sessions.rows.tolist() == [row for part in SESSIONS for row in part]
    empty = again.aligned(ItemTags.of(np.empty(0, np.int64), {}))
    assert len(empty.sessions) == 0
