"""How well the review room reads Chinese: sentiment against a floor and plain peers, and carried over to a category never seen.

    python -m bench.review.sentiment --data /path/to/chinese_reviews

The data is `reviews.csv.gz` with columns cat, label (1 praises), review. Texts are counted once. A fifth of each category and
label is held out, by seed. The peers need scikit-learn; without it they are left out and the table says so.
"""

import argparse
import csv
import gzip
import importlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xingqu.review.domain.opinions import mentions_of, polarity_of
from xingqu.review.domain.sentiment import learn, lexicon_probability

Classifier = Callable[[Sequence[str], Sequence[bool], Sequence[str]], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Text:
    category: str
    praises: bool
    text: str


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    texts = read(arguments.data / "reviews.csv.gz")
    print(f"{len(texts)} texts, {sum(one.praises for one in texts)} praise\n")
    print("held-out fifth, mean of seeds (spread): accuracy, F1 of both kinds averaged, seconds")
    methods = {"majority": majority, "lexicon alone": lexicon, "xingqu, learned": ours, **peers()}
    for name, method in methods.items():
        _print_seeds(name, method, texts, arguments.seeds)
    print("\ncarried over: learned on the other categories, tested on the one named: accuracy (F1)")
    categories = sorted({one.category for one in texts})
    for name, method in methods.items():
        cells = []
        for category in categories:
            known = [one for one in texts if one.category != category]
            unknown = [one for one in texts if one.category == category]
            accuracy, f1 = judged(method, known, unknown)
            cells.append(f"{category} {accuracy:.3f} ({f1:.3f})")
        print(f"{name:24}", "  ".join(cells), flush=True)
    _print_aspects(texts)
    return 0


def read(path: Path) -> list[Text]:
    """Texts of the file, each once."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = {row["review"].strip("\ufeff "): row for row in csv.DictReader(file)}
    return [Text(row["cat"], row["label"] == "1", text) for text, row in rows.items() if text]


def split(texts: Sequence[Text], seed: int) -> tuple[list[Text], list[Text]]:
    """A fifth of each category and label is held out."""
    groups: dict[tuple[str, bool], list[Text]] = defaultdict(list)
    for one in texts:
        groups[one.category, one.praises].append(one)
    random, known, held = np.random.default_rng(seed), [], []
    for key in sorted(groups):
        order = random.permutation(len(groups[key]))
        cut = len(order) // 5
        held += [groups[key][i] for i in order[:cut]]
        known += [groups[key][i] for i in order[cut:]]
    return known, held


def judged(method: Classifier, known: Sequence[Text], held: Sequence[Text]) -> tuple[float, float]:
    """Accuracy, and F1 averaged over the two kinds."""
    found = method([one.text for one in known], [one.praises for one in known], [one.text for one in held])
    truth = np.array([one.praises for one in held])
    scores = []
    for kind in (True, False):
        hits = float(((found == kind) & (truth == kind)).sum())
        scores.append(2 * hits / max(float((found == kind).sum() + (truth == kind).sum()), 1.0))
    return float((found == truth).mean()), float(np.mean(scores))


def majority(known: Sequence[str], praises: Sequence[bool], asked: Sequence[str]) -> NDArray[np.bool_]:
    """The commoner kind."""
    return np.full(len(asked), sum(praises) * 2 >= len(known))


def lexicon(known: Sequence[str], praises: Sequence[bool], asked: Sequence[str]) -> NDArray[np.bool_]:
    """What a site has before anybody has written; undecided counts as praise, which it mostly is."""
    return np.array([lexicon_probability(text) >= 0.5 for text in asked])


def ours(known: Sequence[str], praises: Sequence[bool], asked: Sequence[str]) -> NDArray[np.bool_]:
    """What a site has learned from its own stars."""
    model = learn(known, praises)
    return np.array([model.probability(text) >= 0.5 for text in asked])


def peers() -> dict[str, Classifier]:
    """Naive Bayes and logistic regression of scikit-learn on the same runs of letters."""
    try:
        text, linear, bayes = map(
            importlib.import_module, ("sklearn.feature_extraction.text", "sklearn.linear_model", "sklearn.naive_bayes")
        )
    except ImportError:
        print("scikit-learn is not installed: no peers\n")
        return {}

    def peer(make: Callable[[], Any]) -> Classifier:
        def run(known: Sequence[str], praises: Sequence[bool], asked: Sequence[str]) -> NDArray[np.bool_]:
            letters = text.TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2)
            model = make()
            model.fit(letters.fit_transform(known), np.asarray(praises))
            found: NDArray[np.bool_] = model.predict(letters.transform(asked))
            return found

        return run

    return {
        "scikit-learn NB": peer(bayes.MultinomialNB),
        "scikit-learn LogReg": peer(lambda: linear.LogisticRegression(C=10, solver="liblinear")),
    }


def _print_seeds(name: str, method: Classifier, texts: Sequence[Text], seeds: int) -> None:
    began = time.process_time()
    results = np.array([judged(method, *split(texts, seed)) for seed in range(seeds)])
    spent = (time.process_time() - began) / seeds
    means, spreads = results.mean(axis=0), results.max(axis=0) - results.min(axis=0)
    print(f"{name:24} {means[0]:.4f} ({spreads[0]:.4f})  {means[1]:.4f} ({spreads[1]:.4f})  {spent:6.1f}", flush=True)


def _print_aspects(texts: Sequence[Text]) -> None:
    """Nobody labelled aspects in this data; how often what is said of one agrees with the text's label is the next best thing."""
    print("\naspects by the lexicon: texts that mention one with an opinion, of them those that agree with their label")
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    covered = 0
    for one in texts:
        opinions = [mention for mention in mentions_of(one.text) if mention.polarity]
        covered += bool(opinions)
        for mention in opinions:
            counts[one.category, mention.aspect][0] += 1
            counts[one.category, mention.aspect][1] += (mention.polarity > 0) == one.praises
    undecided = sum(polarity_of(one.text) == 0 for one in texts)
    print(
        f"texts with at least one: {covered / len(texts):.3f}; undecided by the lexicon: {undecided / len(texts):.3f}"
    )
    for category, rows in _by_category(counts):
        cells = [f"{aspect} {agreed / count:.2f} of {count}" for aspect, count, agreed in rows if count >= 50]
        print(f"{category}: " + ", ".join(cells))


def _by_category(counts: dict[tuple[str, str], list[int]]) -> Iterator[tuple[str, list[tuple[str, int, int]]]]:
    for category in sorted({key[0] for key in counts}):
        rows = [(aspect, values[0], values[1]) for (owner, aspect), values in counts.items() if owner == category]
        yield category, sorted(rows, key=lambda row: -row[1])


if __name__ == "__main__":
    raise SystemExit(main())
