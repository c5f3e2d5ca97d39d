"""Next purchase of each shopper: the last item of every sequence is the test, the one before it the validation.

Ranked over all items but those in the person's history (as S3-Rec's full evaluation does; these sets hold no repeats).
Weights of the fusion and the length of training are found on the validation items; then everything is trained once more
with them included, as is customary, and asked for the test items once.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.engine.data import Save, Shoppers, load_shoppers, save_nothing
from xingqu.engine.evaluate.metrics import gini, pessimistic_rank, summarise
from xingqu.engine.evaluate.splits import NextItem, Sequences, leave_one_out
from xingqu.engine.evaluate.tables import markdown_table
from xingqu.engine.learn.fusion_fit import fit_fusion
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.engine.learn.sequence_train import Progress, SequenceConfig, train_sequence
from xingqu.engine.learn.transitions import TransitionParams, learn_transitions
from xingqu.engine.models import Models
from xingqu.engine.ranking.fusion import Fusion, NextFeature, next_features, weigh
from xingqu.engine.state.items import ItemSnapshot

FIRST_SEED = 0
COLUMNS = ["HR@10", "NDCG@10", "HR@20", "NDCG@20", "MRR@20", "gini@10"]
CUT = 10
CONFIG = SequenceConfig(batch_people=128, epochs=14, patience=2, validation_people=3_000, spread=(0.02, 0.05))
FITTED_ON = 3_000  # validation people the fusion is fitted on


def snapshot_of(items: ItemTags, models: Models) -> ItemSnapshot:
    """The catalogue as the engine serves it."""
    return ItemSnapshot.build(
        version=1,
        built_at_ms=0,
        item_id=items.item_id,
        creator_id=items.item_id,
        tag_indptr=items.tag_indptr,
        tag_ids=items.tag_ids,
        models=models,
    )


def evaluate(snapshot: ItemSnapshot, variants: Mapping[str, Fusion], cases: NextItem) -> dict[str, dict[str, float]]:
    """Every case on its own by the engine's own scorer, history left out; each of ``variants`` weighs the same features."""
    params = next(iter(variants.values())).params
    ranks = {name: np.empty(len(cases), dtype=np.int64) for name in variants}
    exposure = {name: np.zeros(len(snapshot)) for name in variants}
    for case in range(len(cases)):
        history, target = cases.history[case], int(cases.target[case])
        features = next_features(snapshot, history, params)
        met = history[history != target]
        for name, fusion in variants.items():
            scores = weigh(features, fusion.weights)
            scores[met] = -np.inf
            ranks[name][case] = pessimistic_rank(scores, target)
            exposure[name][np.argpartition(-scores, CUT)[:CUT]] += 1
    return {name: summarise(ranks[name]) | {f"gini@{CUT}": gini(exposure[name])} for name in variants}


def run(data: Path, name: str, seeds: Sequence[int], save: Save = save_nothing) -> dict[str, Any]:
    """Train and test once a seed, ``save`` after each; the table of the engine and of its parts alone."""
    shoppers = load_shoppers(data, name)
    methods: dict[str, list[dict[str, float]]] = {}
    told: list[dict[str, Any]] = []
    for seed in seeds:
        figures, details = run_seed(shoppers, seed)
        for method, figure in figures.items():
            methods.setdefault(method, []).append(figure)
        told.append(details)
        table = markdown_table(methods, COLUMNS)
        result = {"set": f"amazon/{name}", "table": table, "methods": methods, "seeds": told}
        save(result)
    return result


def train(
    shoppers: Shoppers, sequences: Sequences, config: SequenceConfig, seed: int, validation: NextItem | None
) -> tuple[Models, Progress]:
    """All models of the engine from ``sequences``."""
    sequence, progress = train_sequence(sequences, shoppers.items, config, seed=seed, validation=validation)
    transitions = learn_transitions(sequences, shoppers.items.item_id, TransitionParams())
    return Models(sequence=sequence, transitions=transitions), progress


def without(fusion: Fusion, *features: NextFeature) -> Fusion:
    weights = fusion.weights.copy()
    weights[list(features)] = 0.0
    return replace(fusion, weights=weights)


def run_seed(shoppers: Shoppers, seed: int) -> tuple[dict[str, dict[str, float]], dict[str, Any]]:
    started_s = time.process_time()
    validation, test = leave_one_out(shoppers.sequences, last=2), leave_one_out(shoppers.sequences)
    early, progress = train(shoppers, shoppers.sequences.without_last(2), CONFIG, seed, validation)
    fitted = fit_fusion(snapshot_of(shoppers.items, early), validation, seed=seed, cases=FITTED_ON)
    final = replace(CONFIG, epochs=progress.epochs)
    models, _ = train(shoppers, shoppers.sequences.without_last(1), final, seed, None)
    trained_s = time.process_time() - started_s
    alone = np.eye(len(NextFeature), dtype=np.float32)
    variants = {
        "engine": fitted,
        "without the sequence model": without(fitted, NextFeature.SEQUENCE),
        "without transitions": without(fitted, NextFeature.FOLLOWS, NextFeature.FOLLOWS_LATEST),
        "without tags": without(fitted, NextFeature.TAGS),
        "sequence model alone": replace(fitted, weights=alone[NextFeature.SEQUENCE]),
        "transitions alone": replace(fitted, weights=alone[NextFeature.FOLLOWS]),
    }
    figures = evaluate(snapshot_of(shoppers.items, models), variants, test)
    # as tables whose models never learned from the validation items; they are known as history alone
    kept_apart = {
        f"{name}, validation not learned": variants[name]
        for name in ("engine", "sequence model alone", "transitions alone")
    }
    figures |= evaluate(snapshot_of(shoppers.items, early), kept_apart, test)
    details = {"seed": seed, "epochs": progress.epochs, "trained_cpu_s": trained_s, "weights": fitted.weights.tolist()}
    return figures, details
