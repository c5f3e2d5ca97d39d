"""Texts become vectors in the worker, once each, a little at a time."""

import numpy as np
import pytest

from xingqu.accounts.contracts import Actor
from xingqu.engine.learn.content import DIM
from xingqu.engine.state.items import ItemSnapshot
from xingqu.interest import services
from xingqu.interest.services import describe
from xingqu.interest.storage import snapshots
from xingqu.interest.tests.world import ITEMS, linger


class Encoder:
    """Texts of the same first letter are alike; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> np.ndarray:
        self.asked += texts
        own = [np.random.default_rng(ord(text[0])).standard_normal(DIM) for text in texts]
        noise = [np.random.default_rng(len(self.asked) + place).standard_normal(DIM) for place in range(len(texts))]
        vectors = np.array(own) + 0.3 * np.array(noise)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> Encoder:
    found = Encoder()
    monkeypatch.setattr(describe, "_encoder", lambda: found)
    monkeypatch.setattr(describe, "find_spec", lambda name: True)
    return found


def texts() -> dict[int, str]:
    return {pk: f"{'abcde'[pk % 5]} {pk}" for pk in range(1, ITEMS + 1)} | {9_999: "not published"}


def test_texts_are_encoded_once_a_little_at_a_time_and_serve(
    world: ItemSnapshot, guest: Actor, encoder: Encoder
) -> None:
    assert services.describe_contents(texts=texts(), budget_s=0.0) == 16
    assert services.describe_contents(texts=texts(), budget_s=60.0) == ITEMS - 16
    version = snapshots().get().items.version
    assert services.describe_contents(texts=texts(), budget_s=60.0) == 0
    assert snapshots().refresh().items.version == version
    assert sorted(encoder.asked) == sorted(text for pk, text in texts().items() if pk <= ITEMS)
    changed = texts() | {7: "another"}
    assert services.describe_contents(texts=changed, budget_s=60.0) == 1
    assert encoder.asked[-1] == "another"
    # somebody who met three of them is brought those like them
    linger(guest, [5, 10, 15])
    model = snapshots().refresh().items.models.content
    assert model is not None
    assert (model.item_cell >= 0).all()
    page = services.recommend(actor=guest, size=20)
    assert any(item.content_id % 5 == 0 for item in page.items)


def test_without_the_encoder_nothing_is_done(world: ItemSnapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describe, "find_spec", lambda name: None)
    version = snapshots().get().items.version
    assert services.describe_contents(texts=texts(), budget_s=60.0) == 0
    assert snapshots().refresh().items.version == version
    assert snapshots().get().items.models.content is None
