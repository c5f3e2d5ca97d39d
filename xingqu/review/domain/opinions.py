"""What a Chinese review is about and how its author feels: a lexicon, clause by clause. Pure.

A text is cut into clauses. An opinion word speaks of the aspect word nearest to it in its clause, or of the aspect that it
implies by itself (贵 speaks of the price); a negation close before it turns it round. A clause that only names an aspect takes
the opinions of the next one if that names none. What a lexicon can't decide, the caller's model may.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
NEGATIONS = ("不是很", "并不", "不太", "不够", "没有", "没", "不", "无", "毫无", "非", "别", "未")
NEGATION_REACH = 3  # letters between a negation and what it turns round
SURE = 0.85  # of a model that is asked about a clause without an opinion word
_CLAUSE = re.compile(r"[^，。！？；、,.!?;~…\s]+")
ASPECTS = (
    "quality",
    "look",
    "size",
    "price",
    "logistics",
    "service",
    "packaging",
    "match",
    "comfort",
    "performance",
    "battery",
    "taste",
    "smell",
    "effect",
    "authentic",
    "content",
)


@dataclass(frozen=True, slots=True)
class Mention:
    """An aspect in a clause: how it is spoken of (-1, 0, 1), and where the clause stands in the text (letters)."""

    aspect: str
    polarity: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Found:
    at: int
    end: int
    polarity: int
    aspect: str


@cache
def _words() -> tuple[dict[str, tuple[int, str]], dict[str, str], int]:
    """Opinion words with polarity and implied aspect, aspect words, and the longest of all."""
    with (DATA / "opinion_words.csv").open(encoding="utf-8") as file:
        opinions = {row["word"]: (int(row["polarity"]), row["aspect"]) for row in csv.DictReader(file)}
    with (DATA / "aspect_words.csv").open(encoding="utf-8") as file:
        aspects = {row["word"]: row["aspect"] for row in csv.DictReader(file)}
    return opinions, aspects, max(map(len, [*opinions, *aspects]))


def polarity_of(text: str) -> int:
    """Sum of what a text's opinion words say, negations considered: above 0 is praise."""
    return sum(found.polarity for start, clause in _clauses(text) for found in _scan(clause, start)[0])


def mentions_of(text: str, *, judge: Callable[[str], float] | None = None) -> list[Mention]:
    """Every aspect of a text once, by the sum of what is said of it; the place is that of the clause that says it.

    `judge` gives the probability that a clause praises, for those in which the lexicon finds no opinion.
    """
    said: dict[str, list[Mention]] = {}
    clauses = [(start, clause, *_scan(clause, start)) for start, clause in _clauses(text)]
    for number, (start, clause, opinions, aspects) in enumerate(clauses):
        heard = opinions
        if aspects and not opinions and number + 1 < len(clauses) and not clauses[number + 1][3]:
            heard = [one for one in clauses[number + 1][2] if not one.aspect]
        for aspect, polarity in _assigned(heard, aspects, clause, judge).items():
            end = start + len(clause)
            said.setdefault(aspect, []).append(Mention(aspect, polarity, start, end))
    return [_summed(many) for many in said.values()]


def _clauses(text: str) -> list[tuple[int, str]]:
    return [(found.start(), found.group()) for found in _CLAUSE.finditer(text)]


def _scan(clause: str, offset: int) -> tuple[list[_Found], list[_Found]]:
    """Opinion words and aspect words of a clause, the longest first at each place; a word may be both."""
    opinion_words, aspect_words, longest = _words()
    opinions: list[_Found] = []
    aspects: list[_Found] = []
    at = 0
    while at < len(clause):
        step = 1
        for length in range(min(longest, len(clause) - at), 0, -1):
            word = clause[at : at + length]
            opinion, aspect = opinion_words.get(word), aspect_words.get(word)
            if opinion is None and aspect is None:
                continue
            place = (offset + at, offset + at + length)
            if opinion is not None:
                sign = -1 if _is_negated(clause[max(0, at - NEGATION_REACH - 1) : at]) else 1
                opinions.append(_Found(*place, opinion[0] * sign, opinion[1]))
            if aspect is not None:
                aspects.append(_Found(*place, 0, aspect))
            step = length
            break
        at += step
    return opinions, aspects


def _is_negated(before: str) -> bool:
    """Whether the letters before a word turn it round; two negations do not."""
    count, rest = 0, before
    while True:
        found = next((word for word in NEGATIONS if word in rest), None)
        if found is None:
            return count % 2 == 1
        rest = rest.replace(found, " ", 1)
        count += 1


def _assigned(
    opinions: list[_Found], aspects: list[_Found], clause: str, judge: Callable[[str], float] | None
) -> dict[str, int]:
    """What is said of each aspect of a clause."""
    said: dict[str, int] = dict.fromkeys((one.aspect for one in aspects), 0)
    for opinion in opinions:
        # A word that implies an aspect speaks of it where none is named, or where it is named.
        if opinion.aspect and (not aspects or opinion.aspect in said):
            said[opinion.aspect] = said.get(opinion.aspect, 0) + opinion.polarity
        elif aspects:
            nearest = min(aspects, key=lambda one: abs(one.at - opinion.at))
            said[nearest.aspect] += opinion.polarity
    if judge is not None and any(value == 0 for value in said.values()) and not opinions:
        probability = judge(clause)
        sign = 1 if probability >= SURE else -1 if probability <= 1 - SURE else 0
        said = {aspect: value or sign for aspect, value in said.items()}
    return said


def _summed(many: list[Mention]) -> Mention:
    total = sum(one.polarity for one in many)
    sign = (total > 0) - (total < 0)
    first = next((one for one in many if one.polarity * sign > 0), many[0])
    return Mention(first.aspect, sign, first.start, first.end)
