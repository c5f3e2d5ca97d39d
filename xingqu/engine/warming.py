"""Compiling, before anybody waits for it, all that a request uses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.learn.cluster_fit import with_clusters
from xingqu.engine.learn.factors import FactorParams, train_taste
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.next_item import NextItemModel, SequenceView, sequence_alone
from xingqu.engine.learn.sequence_model import LAYER_ARRAYS, SequenceModel
from xingqu.engine.learn.transitions import Transitions
from xingqu.engine.models import Models
from xingqu.engine.params import EngineParams
from xingqu.engine.ranking.fusion import Fusion, NextFeature
from xingqu.engine.ranking.ranker import RankerModel
from xingqu.engine.ranking.residual import ResidualModel
from xingqu.engine.recommend import Request, recommend
from xingqu.engine.retrieval.candidates import best
from xingqu.engine.row_set import RowSet
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.near import with_near
from xingqu.engine.state.sessions import SessionIndex
from xingqu.engine.state.signals import SignalBatch, apply_signals
from xingqu.engine.state.user import UserState

COUNT = 12  # items of the catalogue that is warmed up with


def warm_up(params: EngineParams | None = None) -> None:
    """Compile (or load from the cache) every compiled function, so that no request has to wait for it."""
    settings = params or EngineParams()
    snapshot = ItemSnapshot.build(
        version=0,
        built_at_ms=0,
        item_id=np.arange(1, COUNT + 1),
        creator_id=np.arange(1, COUNT + 1),
        tag_indptr=np.arange(COUNT + 1),
        tag_ids=np.arange(COUNT) % 3,
        covisit_indptr=np.arange(COUNT + 1),
        covisit_rows=(np.arange(COUNT) + 1) % COUNT,
        covisit_weights=np.ones(COUNT),
        models=_models(settings),
    )
    RowSet.none(COUNT).include(np.zeros(1, np.int32))
    best(np.arange(COUNT, dtype=np.int32), np.ones(COUNT, dtype=np.float32), 1)
    snapshot = with_clusters(snapshot, replace(settings.clusters, least_items=1))
    state = UserState.empty()
    apply_signals(state, SignalBatch.of(kind=[5], item_id=[1], at_ms=[1]), snapshot, settings)
    unlearned = replace(snapshot, models=replace(snapshot.models, ranker=None, residual=None))
    large = replace(settings, near=replace(settings.near, items=0))
    for one, how in ((snapshot, settings), (unlearned, settings), (with_near(snapshot, large.near), large)):
        recommend(one, state, Request(size=4, now_ms=2), np.random.default_rng(0), how)


def _models(settings: EngineParams) -> Models:
    ids = np.arange(1, COUNT + 1)
    tags = ItemTags(ids, np.arange(COUNT + 1), (np.arange(COUNT) % 3).astype(np.int32))
    taste = train_taste(person=[1, 1, 2], item_id=[1, 2, 2], items=tags, params=FactorParams(dim=2))
    taste = taste.learned(np.array([0]), np.array([True]), np.zeros(1), np.zeros(1))
    next_item = NextItemModel(ids, SessionIndex.build(np.array([0, 2]), np.array([0, 1]), COUNT), sequence_alone())
    nothing = SequenceView(
        np.zeros((COUNT, 1), np.float32), np.zeros(1, np.float32), next_item.sessions.rows, np.zeros(2, np.float32)
    )
    next_item.rank(np.zeros(1, np.int32), nothing, settings.sessions)
    links = (np.arange(COUNT + 1), ((np.arange(COUNT) + 1) % COUNT).astype(np.int32), np.ones(COUNT, np.float32))
    return Models(
        sequence=_sequence(),
        taste=taste,
        next_item=next_item,
        transitions=Transitions(ids, *links, np.ones(COUNT, np.float32)),
        fusion=Fusion(np.ones(len(NextFeature), np.float32)),
        ranker=RankerModel.silent(),
        residual=ResidualModel.empty(),
    )


def _sequence() -> SequenceModel:
    """Of two numbers, with one layer."""
    layer: dict[str, NDArray[np.float32]] = {name: np.zeros((2, 2), np.float32) for name in LAYER_ARRAYS}
    layer |= {"norm_1": np.ones(2, np.float32), "norm_2": np.ones(2, np.float32)}
    own = np.random.default_rng(0).standard_normal((COUNT, 2), dtype=np.float32)
    return SequenceModel(
        item_id=np.arange(1, COUNT + 1),
        item_own=own,
        targets=own,
        norms=np.ones(COUNT, np.float32),
        tag_id=np.arange(3, dtype=np.int32),
        tag_vectors=np.zeros((3, 2), np.float32),
        norm=np.ones(2, np.float32),
        layers=(layer,),
        max_len=4,
        scale=1.0,
    )
