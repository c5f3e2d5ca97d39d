"""Models travel as arrays, follow the rows of a snapshot, and are swapped with it."""

import threading

import numpy as np
import pytest

from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.sequence_model import LAYER_ARRAYS, SequenceModel, split_norms
from xingqu.engine.models import Models
from xingqu.engine.state.items import ItemSnapshot

DIM = 8


def random_model(
    item_id: list[int], tags: list[int] | None = None, *, seed: int = 0, max_len: int = 6
) -> SequenceModel:
    """Two layers of random weights; items without tags."""
    rng = np.random.default_rng(seed)
    shape = {"norm_1": (DIM,), "norm_2": (DIM,), "bias": (2, max_len), "up": (DIM, 2 * DIM), "gate": (DIM, 2 * DIM)}
    shape |= {"down": (2 * DIM, DIM)}

    def layer() -> dict[str, np.ndarray]:
        return {name: rng.normal(0, 0.5, shape.get(name, (DIM, DIM))).astype(np.float32) for name in LAYER_ARRAYS}

    own = rng.normal(size=(len(item_id), DIM)).astype(np.float32)
    targets, norms = split_norms(own)
    return SequenceModel(
        item_id=np.array(item_id, dtype=np.int64),
        item_own=own,
        targets=targets,
        norms=norms,
        tag_id=np.array(tags or [], dtype=np.int32),
        tag_vectors=rng.normal(size=(len(tags or []), DIM)).astype(np.float32),
        norm=np.ones(DIM, np.float32),
        layers=(layer(), layer()),
        max_len=max_len,
        scale=10.0,
    )


def snapshot_of(
    item_id: list[int], tags: dict[int, list[int]] | None = None, models: Models | None = None
) -> ItemSnapshot:
    lists = [sorted((tags or {}).get(item, [])) for item in item_id]
    return ItemSnapshot.build(
        version=1,
        built_at_ms=0,
        item_id=item_id,
        creator_id=item_id,
        tag_indptr=np.concatenate([[0], np.cumsum([len(part) for part in lists])]),
        tag_ids=[tag for part in lists for tag in part],
        models=models,
    )


def test_models_come_back_from_arrays_as_they_were() -> None:
    snapshot = snapshot_of([3, 5, 9], models=Models(sequence=random_model([3, 5, 9])))
    again = ItemSnapshot.from_arrays(snapshot.to_arrays())
    model, copy = snapshot.models.sequence, again.models.sequence
    assert model is not None
    assert copy is not None
    rows = np.array([0, 2, 1])
    assert np.array_equal(model.score(rows), copy.score(rows))
    assert (copy.max_len, copy.scale) == (6, 10.0)
    assert set(snapshot.to_arrays()) == set(again.to_arrays())
    with pytest.raises(KeyError):
        Models.from_arrays({"unheard_of.weights": np.ones(3)})


def test_a_model_follows_the_rows_of_a_new_snapshot() -> None:
    model = random_model([3, 5, 9], tags=[70, 80])
    old = snapshot_of([9, 3, 5], models=Models(sequence=model))
    assert old.models.sequence is not None
    assert np.array_equal(old.models.sequence.item_own, model.item_own)
    # 5 is gone; 4 and 12 are new, the one with tags, one of them unknown, the other without
    new = snapshot_of([3, 4, 9, 12], {4: [70, 80, 99]}, models=old.models).models.sequence
    assert new is not None
    assert new.item_id.tolist() == [3, 4, 9, 12]
    assert np.array_equal(new.targets[[0, 2]], model.targets[[0, 2]])
    mean = model.tag_vectors.mean(axis=0)
    assert new.targets[1] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)
    assert not new.targets[3].any()
    # a person who met what both know is the same person
    assert np.array_equal(new.encode(np.array([0, 2])), model.encode(np.array([0, 2])))


def test_an_encoding_reads_only_the_last_places_and_none_gives_none() -> None:
    model = random_model(list(range(1, 21)), max_len=4)
    rows = np.arange(12)
    assert np.array_equal(model.encode(rows), model.encode(rows[-4:]))
    assert not np.array_equal(model.encode(rows), model.encode(rows[-3:]))
    assert not model.encode(rows[:0]).any()
    assert np.linalg.norm(model.encode(rows)) == pytest.approx(10.0, abs=1e-4)


def test_some_items_score_as_among_all() -> None:
    model = random_model(list(range(1, 21)))
    rows = np.array([3, 1])
    some = model.score(rows, np.array([7, 2]))
    assert some == pytest.approx(model.score(rows)[[7, 2]], abs=1e-5)
    assert np.array_equal(some[:1], model.score(rows, np.array([7])))


def test_arrays_of_models_are_read_only() -> None:
    model = random_model([1, 2])
    with pytest.raises(ValueError, match="read-only"):
        model.targets[0] = 0


def test_readers_never_see_a_model_of_other_rows() -> None:
    """One swaps snapshots of 3 and of 5 items while others read: rows and model always agree."""
    items = {size: list(range(1, size + 1)) for size in (3, 5)}
    versions = [snapshot_of(items[size], models=Models(sequence=random_model(items[size]))) for size in (3, 5)]
    current, wrong, stop = [versions[0]], [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            snapshot = current[0]
            model = snapshot.models.sequence
            assert model is not None
            if model.score(np.array([0, 1])).size != len(snapshot) or model.item_id is not snapshot.item_id:
                wrong.append(len(snapshot))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(2_000):
        current[0] = versions[turn % 2]
    stop.set()
    for reader in readers:
        reader.join()
    assert not wrong


def test_tags_of_items_are_found_by_id() -> None:
    items = ItemTags.of(np.array([2, 4, 7]), {7: [5, 1, 5], 2: [3]})
    assert items.tag_indptr.tolist() == [0, 1, 1, 3]
    assert items.tag_ids.tolist() == [3, 1, 5]
