"""Seeds that were run one by one are one result."""

import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from bench.engine.merge import MergeError, merge

FIGURES = dict.fromkeys(("positives", "first 20", "last 20", "of oracle", "gini", "tail share", "interests"), 0.5)


def sessions_part(seed: int, hit: float, **changed: object) -> dict[str, object]:
    methods = {"popular": [{"P@20": 1.0, "MRR@20": 0.2}], "engine": [{"P@20": hit, "MRR@20": 20.0}]}
    part = {"set": "s", "sessions": 9, "items": 4, "tests": 3, "seeds": [seed], "methods": methods}
    return part | {"training_cpu_s": [10.0 * seed], "wall_s": 2.0, "cpu_s": 1.5, "peak_resident_mb": 5 * seed} | changed


def loop_part(name: str, seed: int, hits: float, rates: list[float]) -> dict[str, object]:
    runs = {"random": [FIGURES], name: [FIGURES | {"positives": hits}]}
    return {"set": "kuairec", "people": 7, "seeds": {name: [seed]}, "runs": runs, "hit_rate_by_round": {name: rates}}


def test_seeds_of_sessions_are_joined_and_what_has_no_seed_stands_once() -> None:
    told = merge([sessions_part(1, 50.0), sessions_part(3, 54.0)])
    assert told["seeds"] == [1, 3]
    assert told["methods"]["popular"] == [{"P@20": 1.0, "MRR@20": 0.2}]
    assert [of["P@20"] for of in told["methods"]["engine"]] == [50.0, 54.0]
    assert (told["training_cpu_s"], told["wall_s"], told["peak_resident_mb"]) == ([10.0, 30.0], 4.0, 15)
    assert "| engine | 52.00 ± 2.83 |" in told["table"]


def test_a_seed_that_comes_twice_and_other_data_are_refused() -> None:
    with pytest.raises(MergeError, match="seed 1 is in more than one part"):
        merge([sessions_part(1, 50.0), sessions_part(1, 51.0)])
    with pytest.raises(MergeError, match="tests differ"):
        merge([sessions_part(1, 50.0), sessions_part(2, 51.0, tests=4)])
    with pytest.raises(MergeError, match="seed of engine, even 2"):
        merge([loop_part("engine, even", 2, 9, [0.1]), loop_part("engine, even", 2, 8, [0.1])])


def test_settings_of_the_loop_may_have_seeds_of_their_own() -> None:
    parts = [loop_part("engine, even", 0, 9.0, [0.2, 0.4]), loop_part("engine, even", 1, 11.0, [0.4, 0.0])]
    told = merge([*parts, loop_part("engine, spread", 4, 3.0, [0.1, 0.1])])
    assert told["seeds"] == {"engine, even": [0, 1], "engine, spread": [4]}
    assert [of["positives"] for of in told["runs"]["engine, even"]] == [9.0, 11.0]
    assert told["hit_rate_by_round"]["engine, even"] == pytest.approx([0.3, 0.2])
    assert len(told["runs"]["random"]) == 1
