"""The sequence model: training and serving agree, repeat exactly, and go on learning. Needs the extra `train`."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

torch.set_num_threads(1)  # for models as small as these, threads only wait for each other

from xingqu.engine.evaluate.splits import Sequences, leave_one_out  # noqa: E402
from xingqu.engine.learn.item_tags import ItemTags  # noqa: E402
from xingqu.engine.learn.sequence_model import SequenceModel  # noqa: E402
from xingqu.engine.learn.sequence_net import Net, Noise  # noqa: E402
from xingqu.engine.learn.sequence_train import SequenceConfig, train_sequence  # noqa: E402

ITEMS = 40
CONFIG = SequenceConfig(
    dim=16, max_len=8, dropout=0.1, negatives=0, epochs=8, batch_people=32, averaging=0.9, learning_rate=1e-2
)


def items_of(count: int = ITEMS) -> ItemTags:
    """Items 10, 20, ...; item ``i`` carries the tag ``i % 4``, every fifth none."""
    item_id = np.arange(1, count + 1) * 10
    return ItemTags.of(item_id, {int(item): [i % 4] for i, item in enumerate(item_id) if i % 5})


def walks(people: int, *, step: int, seed: int, count: int = ITEMS) -> Sequences:
    """Everyone starts somewhere and goes on by ``step``."""
    rng = np.random.default_rng(seed)
    return Sequences.of([(rng.integers(count) + step * np.arange(rng.integers(3, 8))) % count for _ in range(people)])


def top(model: SequenceModel, rows: list[int]) -> int:
    return int(np.argmax(model.score(np.array(rows))))


@pytest.fixture(scope="module")
def model() -> SequenceModel:
    return train_sequence(walks(200, step=1, seed=1), items_of(), CONFIG, seed=3)[0]


def test_it_learns_what_comes_next(model: SequenceModel) -> None:
    right = sum(top(model, [start, (start + 1) % ITEMS]) == (start + 2) % ITEMS for start in range(ITEMS))
    assert right >= 0.9 * ITEMS


def test_numpy_serves_what_torch_computes() -> None:
    torch.manual_seed(5)
    items = items_of()
    net = Net(items, dim=16, layers=3, heads=4, max_len=8, scale=7.0, noise=Noise(0.5, 0)).eval()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.3)
    served = net.export(items.item_id)
    for length in (1, 2, 7, 8):
        rows = np.random.default_rng(length).integers(0, ITEMS, length)
        with torch.no_grad():
            vector = net(torch.from_numpy(rows)[None], net.table())[0, -1].numpy() * 7.0
            targets = torch.nn.functional.normalize(net.table(), dim=-1).numpy()
        assert served.encode(rows) == pytest.approx(vector, abs=1e-4)
        assert served.score(rows) == pytest.approx(targets @ vector, abs=1e-4)
        longer = np.concatenate([[3, 4], rows])
        assert (length == 8) == np.array_equal(served.encode(longer), served.encode(rows))


def test_the_same_seed_makes_the_same_model(model: SequenceModel) -> None:
    again = train_sequence(walks(200, step=1, seed=1), items_of(), CONFIG, seed=3)[0]
    assert all(
        np.array_equal(a, b) for a, b in zip(model.to_arrays().values(), again.to_arrays().values(), strict=True)
    )
    other = train_sequence(walks(200, step=1, seed=1), items_of(), CONFIG, seed=4)[0]
    assert not np.array_equal(model.targets, other.targets)


def test_what_others_ask_does_not_change_a_score(model: SequenceModel) -> None:
    rows = np.array([3, 4, 5])
    before = model.score(rows)
    for other in ([1], [2, 3, 4, 5, 6, 7, 8, 9], [39, 38]):
        model.score(np.array(other))
        assert np.array_equal(model.score(rows), before)


def test_places_after_the_end_say_nothing() -> None:
    net = Net(items_of(), dim=16, layers=2, heads=2, max_len=8, scale=7.0, noise=Noise(0.5, 0)).eval()
    with torch.no_grad():
        short = net(torch.tensor([[4, 5, 6]]), net.table())[0, 2]
        padded = net(torch.tensor([[4, 5, 6, 0, 0, 0], [1, 2, 3, 4, 5, 6]]), net.table())[0, 2]
    assert padded.numpy() == pytest.approx(short.numpy(), abs=1e-6)


def test_a_new_item_starts_from_its_tags(model: SequenceModel) -> None:
    old = items_of()
    wider = ItemTags.of(np.append(old.item_id, [990]), {990: [2], **{int(item): [1] for item in old.item_id}})
    laid = model.aligned(wider)
    direction = model.tag_vectors[2] / np.linalg.norm(model.tag_vectors[2])
    assert laid.targets[-1] == pytest.approx(direction, abs=1e-5)


def test_it_goes_on_learning_from_new_events(model: SequenceModel) -> None:
    """A new habit, from item 0 to 20 to 7, and a new item 40 that follows 7: a few steps, and the old habits stay."""
    items = items_of(ITEMS + 1)
    laid = model.aligned(items)
    habit = Sequences.of([[0, 20, 7, 40]] * 40)
    mixed = Sequences.of([*habit, *walks(120, step=1, seed=9)])
    assert top(laid, [0, 20]) != 7
    continued, _ = train_sequence(mixed, items, SequenceConfig(**{**vars(CONFIG), "epochs": 4}), seed=1, start=laid)
    assert top(continued, [0, 20]) == 7
    assert top(continued, [0, 20, 7]) == 40
    kept = sum(top(continued, [start, start + 1]) == start + 2 for start in range(1, 37))
    assert kept >= 30


def test_training_stops_when_validation_gets_no_better() -> None:
    people = walks(120, step=1, seed=2)
    config = SequenceConfig(**{**vars(CONFIG), "epochs": 30, "patience": 1, "validate_every": 1})
    found, progress = train_sequence(
        people.without_last(1), items_of(), config, seed=0, validation=leave_one_out(people)
    )
    assert progress.epochs < 30
    assert progress.history[-1][0] == progress.epochs + 1
    assert max(quality for *_, quality in progress.history) > 0.8
    assert found.dim == 16


def test_drawn_negatives_learn_as_well() -> None:
    config = SequenceConfig(**{**vars(CONFIG), "negatives": 12})
    sampled = train_sequence(walks(200, step=1, seed=1), items_of(), config, seed=3)[0]
    assert (
        sum(top(sampled, [start, (start + 1) % ITEMS]) == (start + 2) % ITEMS for start in range(ITEMS)) >= 0.9 * ITEMS
    )


def test_rows_beyond_the_items_are_refused() -> None:
    with pytest.raises(ValueError, match="not among the items"):
        train_sequence(Sequences.of([[1, 2, ITEMS]]), items_of(), CONFIG, seed=0)
    wrong = train_sequence(walks(5, step=1, seed=1), items_of(), SequenceConfig(dim=16, epochs=1), seed=0)[0]
    with pytest.raises(ValueError, match="another shape"):
        train_sequence(walks(5, step=1, seed=1), items_of(ITEMS + 1), CONFIG, seed=0, start=wrong)
