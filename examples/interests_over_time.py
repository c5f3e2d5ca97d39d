"""Play the engine against real answers and draw what it learns. Run it:

    python examples/interests_over_time.py DATA [--people 40] [--rounds 40] [--log 130000] [--out pictures]

DATA is a folder with the layout of KuaiRec (`evaluated_videos.csv.gz`, `videos.csv.gz`, `full_matrix_positives.csv.gz`,
`log_positives.csv.gz`). The engine is told what other people liked in the log and trained on it. Then everyone is new to it, is
shown one clip a round, and answers as they did in the data.
Three pictures (SVG, no further package needed): hits by round, one person's interests over time, and hits against how
unevenly clips are shown, with lists that draw from the K most popular clips for comparison.
"""

import argparse
import csv
import gzip
import html
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from xingqu.engine.evaluate.metrics import gini
from xingqu.standalone import Engine
from xingqu.standalone.training import train_models

COLOURS = ("#1f5fa8", "#cb2c1c", "#14713d", "#8a5300", "#6a3d9a", "#444444")
FRONTIER = (50, 100, 200, 400, 800)
SMOOTHED = 5


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def catalogue(folder: Path, shown: set[str]) -> list[dict]:
    """The clips that were shown to everybody, with their topics and categories as tags."""
    items = []
    for row in read(folder, "videos"):
        if row["video_id"] in shown:
            tags = [tag.strip(" []'\"#") for tag in row["topic_tag"].split(",")]
            tags += [row[f"{level}_level_category_name"] for level in ("first", "second", "third")]
            named = list(dict.fromkeys(tag for tag in tags if tag and tag != "UNKNOWN"))
            items.append({"id": row["video_id"], "tags": named[:12], "sells": False})
    return items


def learn_from_log(folder: Path, engine_folder: str, items: list[dict], shown: set[str], limit: int) -> int:
    """What other people took to in the log, in its order: told as likes, then trained on; returns how many."""
    rows = [row for row in read(folder, "log_positives") if row["video_id"] in shown][:limit]
    with Engine.open(engine_folder, background=False) as engine:
        engine.put_items(items)
        engine.refresh()
        for start in range(0, len(rows), 200):
            engine.observe(
                [
                    {
                        "id": f"log-{start + k}",
                        "person": f"log-{row['user_id']}",
                        "kind": "like",
                        "item": row["video_id"],
                    }
                    for k, row in enumerate(rows[start : start + 200])
                ]
            )
    print("trained:", train_models(Path(engine_folder), None, budget_s=120, seed=1))
    return len(rows)


def play(engine: Engine, people: list[str], likes: dict[str, set[str]], rounds: int) -> tuple[np.ndarray, dict, list]:
    """(people, rounds) of hits, how often each clip was shown, and the first person's interests after each round."""
    hits = np.zeros((len(people), rounds), dtype=bool)
    shown: dict[str, int] = defaultdict(int)
    beliefs = []
    for turn in range(rounds):
        for place, person in enumerate(people):
            (item,) = (one.item for one in engine.recommend(person, size=1).items)
            hits[place, turn] = item in likes[person]
            shown[item] += 1
            told = [{"id": f"{person}-{turn}", "person": person, "kind": "impression", "item": item}]
            if hits[place, turn]:
                told.append({"id": f"{person}-{turn}-like", "person": person, "kind": "like", "item": item})
            else:
                told.append(
                    {"id": f"{person}-{turn}-skip", "person": person, "kind": "skip", "item": item, "value": 800}
                )
            engine.observe(told)
        engine.refresh()
        beliefs.append({one.tag: one.score for one in engine.explain(people[0]).interests})
    return hits, shown, beliefs


def popular_lists(folder: Path, people: list[str], likes: dict[str, set[str]], shown: set[str], rounds: int) -> list:
    """(K, hits a round, Gini) of random draws from the K most liked clips of the log."""
    counts: dict[str, int] = defaultdict(int)
    for row in read(folder, "log_positives"):
        if row["video_id"] in shown:
            counts[row["video_id"]] += 1
    order = sorted(shown, key=lambda pk: (-counts[pk], pk))
    rng, points = np.random.default_rng(0), []
    for k in FRONTIER:
        given: dict[str, int] = defaultdict(int)
        hits = 0
        for person in people:
            for item in rng.choice(order[:k], min(rounds, k), replace=False):
                given[str(item)] += 1
                hits += str(item) in likes[person]
        points.append((k, hits / (len(people) * rounds), gini([given.get(pk, 0) for pk in order])))
    return points


def draw(path: Path, title: str, lines: dict[str, list[tuple[float, float]]], x_name: str, y_name: str) -> None:
    """Lines with dots, axes from nothing to the largest, and a legend."""
    width, height, left, top, right, bottom = 760, 400, 60, 40, 210, 50
    points = [point for line in lines.values() for point in line]
    x_most = max([x for x, _ in points] + [1e-9])
    y_low, y_most = min([y for _, y in points] + [0.0]), max([y for _, y in points] + [1e-9])

    def at(x: float, y: float) -> str:
        across = left + x / x_most * (width - left - right)
        return f"{across:.1f},{height - bottom - (y - y_low) / (y_most - y_low) * (height - top - bottom):.1f}"

    parts = [f'<text x="{left}" y="22" font-size="15">{html.escape(title)}</text>']
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = share * x_most, y_low + share * (y_most - y_low)
        x_px, _, y_px = at(x, y_low).split(",")[0], "", at(0, y).split(",")[1]
        parts.append(f'<line x1="{left}" x2="{width - right}" y1="{y_px}" y2="{y_px}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y_px}" text-anchor="end" dy="4">{y:.2f}</text>')
        parts.append(f'<text x="{x_px}" y="{height - bottom + 18}" text-anchor="middle">{x:.4g}</text>')
    parts.append(f'<text x="{left}" y="{height - 8}">{html.escape(x_name)} (across), {html.escape(y_name)} (up)</text>')
    for place, (name, line) in enumerate(lines.items()):
        colour, y = COLOURS[place % len(COLOURS)], top + 18 * place
        parts.append(
            f'<polyline points="{" ".join(at(*p) for p in line)}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        parts += [
            f'<circle cx="{at(*p).split(",")[0]}" cy="{at(*p).split(",")[1]}" r="3" fill="{colour}"/>' for p in line
        ]
        parts.append(f'<rect x="{width - right + 14}" y="{y - 8}" width="12" height="8" fill="{colour}"/>')
        parts.append(f'<text x="{width - right + 32}" y="{y}">{html.escape(name)}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">'
    path.write_text(
        head + f'<rect width="{width}" height="{height}" fill="white"/>' + "".join(parts) + "</svg>\n", "utf-8"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument(
        "--log", type=int, default=130_000, help="likes of the log that the engine is told of beforehand"
    )
    parser.add_argument("--out", type=Path, default=Path("pictures"))
    args = parser.parse_args()
    shown = {row["video_id"] for row in read(args.data, "evaluated_videos")}
    likes: dict[str, set[str]] = defaultdict(set)
    for row in read(args.data, "full_matrix_positives"):
        likes[row["user_id"]].add(row["video_id"])
    people = sorted(likes, key=int)[: args.people]
    with tempfile.TemporaryDirectory() as folder:
        learn_from_log(args.data, folder, catalogue(args.data, shown), shown, args.log)
        with Engine.open(folder, background=False, seed=1) as engine:
            engine.refresh()
            hits, given, beliefs = play(engine, people, likes, args.rounds)
    args.out.mkdir(parents=True, exist_ok=True)
    rate = np.convolve(hits.mean(axis=0), np.ones(SMOOTHED) / SMOOTHED, mode="valid")
    by_round = [(turn + SMOOTHED, float(share)) for turn, share in enumerate(rate)]
    draw(args.out / "hits.svg", "Hits by round", {f"mean of {SMOOTHED} rounds": by_round}, "round", "share of hits")
    strongest = sorted(beliefs[-1], key=lambda tag: -beliefs[-1][tag])[:5]
    told = {tag: [(turn + 1, step.get(tag, 0.0)) for turn, step in enumerate(beliefs)] for tag in strongest}
    draw(args.out / "interests.svg", "What the engine believes of one person", told, "round", "interest")
    lists = popular_lists(args.data, people, likes, shown, args.rounds)
    spread = gini([given.get(pk, 0) for pk in shown])
    lines = {
        "the engine": [(spread, float(hits.mean()))],
        "random of the K most popular": [(g, h) for _, h, g in lists],
    }
    draw(args.out / "frontier.svg", "Hits against spread", lines, "exposure Gini", "share of hits")
    print(f"{len(people)} people, {args.rounds} rounds: {hits.mean():.3f} hits a round, exposure Gini {spread:.2f}")
    for k, share, unevenness in lists:
        print(f"  random of the {k} most popular: {share:.3f} hits a round, exposure Gini {unevenness:.2f}")
    print(f"pictures: {args.out}/hits.svg, interests.svg, frontier.svg")


if __name__ == "__main__":
    main()
