"""What only training needs: the graph, the fused softmax, the recurrent reading, the weights of the evidence."""

import numpy as np
import pytest

from xingqu.engine.evaluate.splits import NextItem, Sequences
from xingqu.engine.learn.item_graph import ItemGraph
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.next_item import Evidence, sequence_alone
from xingqu.engine.learn.sequence_model import SequenceModel

torch = pytest.importorskip("torch")

from xingqu.engine.learn.next_item_train import fit_blend  # noqa: E402
from xingqu.engine.learn.sequence_loss import sampled_softmax, smooth  # noqa: E402
from xingqu.engine.learn.sequence_net import Net, Noise  # noqa: E402
from xingqu.engine.learn.sequence_train import SequenceConfig, train_sequence  # noqa: E402

torch.set_num_threads(1)  # arrays this small gain nothing from more
RNG = np.random.default_rng(5)
SEQUENCES = Sequences.of(RNG.integers(0, 60, (120, 5)).tolist())
ITEMS = ItemTags.of(np.arange(60), {})


def dense(adjacency: object, size: int) -> np.ndarray:
    return adjacency @ np.eye(size, dtype=np.float32)  # type: ignore[operator, no-any-return]


def test_a_graph_means_over_neighbours_and_knows_its_transpose() -> None:
    graph = ItemGraph.of(Sequences.of([[0, 1, 2], [0, 1], [3]]), 5, neighbours=1)
    forward = dense(graph.forward, 5)
    assert np.array_equal(forward, dense(graph.backward, 5).T)
    # 0-1 were met twice side by side, 1-2 once, 0-2 with one in between
    assert forward.tolist() == [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0] * 5, [0] * 5]
    wide = dense(ItemGraph.of(SEQUENCES, 60, neighbours=7).forward, 60)
    assert wide.sum(axis=1) == pytest.approx(np.ones(60))
    assert ((wide > 0).sum(axis=1) <= 7).all()


def test_smoothing_hands_gradients_back_along_the_edges() -> None:
    graph = ItemGraph.of(SEQUENCES, 60, neighbours=5)
    vectors = torch.randn(60, 4, requires_grad=True)
    wanted = torch.randn(60, 4)
    (smooth(vectors, graph) * wanted).sum().backward()
    assert np.allclose(vectors.grad.numpy(), dense(graph.forward, 60).T @ wanted.numpy(), atol=1e-5)


def test_the_fused_softmax_is_the_softmax() -> None:
    def unit(*shape: int) -> torch.Tensor:
        return torch.nn.functional.normalize(torch.randn(*shape), dim=-1).requires_grad_(True)

    vectors, own, others = unit(300, 16), unit(300, 16), unit(50, 16)
    hit = torch.full((300,), -1)
    hit[3], hit[290] = 7, 49
    loss = sampled_softmax(vectors, own, others, hit, scale=12.0, correction=0.7)
    loss.backward()
    fused = [part.grad.clone() for part in (vectors, own, others)]
    for part in (vectors, own, others):
        part.grad = None
    negatives = 12.0 * vectors @ others.T + 0.7
    barred = torch.zeros(300, 50, dtype=torch.bool)
    barred[3, 7] = barred[290, 49] = True
    logits = torch.cat([12.0 * (vectors * own).sum(1, keepdim=True), negatives.masked_fill(barred, -1e9)], dim=1)
    plain = torch.nn.functional.cross_entropy(logits, torch.zeros(300, dtype=torch.long))
    plain.backward()
    assert float(loss.detach()) == pytest.approx(float(plain.detach()), rel=2e-3)
    for mine, part in zip(fused, (vectors, own, others), strict=True):
        assert torch.nn.functional.cosine_similarity(mine.flatten(), part.grad.flatten(), dim=0) > 0.9999


def recurrent_net() -> Net:
    graph = ItemGraph.of(SEQUENCES, 60, neighbours=4)
    settings = {"dim": 16, "layers": 0, "heads": 2, "max_len": 10, "scale": 12.0, "noise": Noise(0.3, 1)}
    return Net(ITEMS, **settings, graph=graph, recurrent=True).eval()


def test_the_recurrent_reading_serves_as_it_learned() -> None:
    torch.manual_seed(2)
    net = recurrent_net()
    model = SequenceModel.from_arrays(net.export(ITEMS.item_id).to_arrays())
    rows = np.array([[5, 9, 5, 5, 30, 2]])
    with torch.no_grad():
        states = net(torch.from_numpy(rows), net.table())[0].numpy()
    for length in range(1, 7):
        assert np.allclose(model.encode(rows[0, :length]), 12.0 * states[length - 1], atol=1e-4)
    again = recurrent_net()
    again.load(model)
    with torch.no_grad():
        assert np.allclose(again(torch.from_numpy(rows), again.table())[0].numpy(), states, atol=1e-5)


def test_training_finds_what_follows_what() -> None:
    sequences = Sequences.of([[start, (start + 1) % 60, (start + 2) % 60] for start in range(60)] * 4)
    config = SequenceConfig(
        dim=16, recurrent=True, max_len=10, dropout=0.0, negatives=24, epochs=15, batch_people=64, weight_decay=0.0,
        learning_rate=2e-2, decay=True, neighbours=4, fused=True, averaging=0.5,
    )  # fmt: skip
    model, progress = train_sequence(sequences, ITEMS, config, seed=1)
    assert progress.epochs == 15
    hits = [int(np.argmax(model.score(np.array([a, (a + 1) % 60])))) == (a + 2) % 60 for a in range(60)]
    assert np.mean(hits) > 0.9
    twin, _ = train_sequence(sequences, ITEMS, config, seed=1)
    assert np.array_equal(twin.targets, model.targets)


def cases_of(count: int) -> tuple[list[Evidence], NextItem]:
    """The target is the candidate with the greatest second feature; the sequence model knows nothing."""
    evidence, target = [], []
    for _ in range(count):
        rows = np.sort(RNG.choice(1000, 12, replace=False)).astype(np.int32)
        features = RNG.normal(size=(12, 13)).astype(np.float32)
        evidence.append(Evidence(rows, features, RNG.normal(size=6).astype(np.float32)))
        target.append(rows[np.argmax(features[:, 1])])
    return evidence, NextItem(Sequences.of([[0]] * count), np.array(target, dtype=np.int32))


def test_the_evidence_that_tells_gets_the_weight() -> None:
    evidence, cases = cases_of(1_500)
    blend = fit_blend(evidence[:1_000], cases.target[:1_000], seed=1)
    late = zip(evidence[1_000:], cases.target[1_000:], strict=True)
    assert np.mean([case.rows[np.argmax(blend.score(case))] == item for case, item in late]) > 0.8


def test_without_a_case_the_sequence_model_counts_alone() -> None:
    evidence, _ = cases_of(3)
    blend = fit_blend(evidence, np.array([-1, -1, -1]), seed=1)
    assert np.array_equal(blend.score(evidence[0]), evidence[0].features[:, 0])
    assert np.array_equal(blend.linear, sequence_alone().linear)
