"""How a text becomes search terms, alike for products and for queries: folding, segmentation, pinyin."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import opencc
import rjieba
from pypinyin import lazy_pinyin

from xingqu.catalogue.domain.feature_tags import curated_tags, lexicon

MAX_TERM = 40
MAX_QUERY_TOKENS = 12
# How much a term counts by where it stands.
FIELD_WEIGHTS = {"name": 3.0, "tag": 2.5, "category": 2.0, "brand": 2.0, "brief": 1.0, "shop": 0.8, "attribute": 0.5}
PAIR_WEIGHT = 0.4  # pairs of characters find words that segmentation cut otherwise
SATURATION = 1.2  # BM25's k1: the tenth mention adds less than the second
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
# Words that say nothing about what is looked for.
_FILLER = frozenset("的了和与及或我想要买给用请有吗") | {"a", "an", "the", "for", "of", "and", "with"}


@cache
def _converter() -> Any:
    return opencc.OpenCC("t2s")  # type: ignore[attr-defined, no-untyped-call]


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """One form for full and half width, upper and lower case, traditional and simplified characters."""
    plain = unicodedata.normalize("NFKC", text).lower()
    converted: str = _converter().convert(plain) if _HAN_RUN.search(plain) else plain
    return " ".join(converted.split())


@lru_cache(maxsize=4096)
def pinyin_of(word: str) -> tuple[str, str]:
    """Full pinyin without tones, and its initials: 毛巾 -> ("maojin", "mj"). Latin words stand for themselves."""
    syllables = lazy_pinyin(word)
    return "".join(syllables)[:120], "".join(syllable[:1] for syllable in syllables)[:40]


def words_of(text: str) -> list[str]:
    """Segmented words of a text, also the short ones inside long ones."""
    return [_stem(word) for part in rjieba.cut_for_search(fold(text)) for word in _WORD.findall(part)]


def _stem(word: str) -> str:
    """English plurals as singulars; other words as they are."""
    if not word.isascii() or len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word[:-1]


def pairs_of(text: str) -> list[str]:
    """Neighbouring characters of every run of Han characters."""
    return [run[i : i + 2] for run in _HAN_RUN.findall(fold(text)) for i in range(len(run) - 1)]


def query_tokens(query: str) -> list[str]:
    """Words a person typed, in order, once each, without filler."""
    words = [_stem(word) for part in rjieba.cut(fold(query)) for word in _WORD.findall(part)]
    kept = [word for word in dict.fromkeys(words) if word not in _FILLER] or words
    return kept[:MAX_QUERY_TOKENS]


def canonical_tag(word: str) -> str | None:
    """The curated tag that a spelling stands for: 全棉 -> 纯棉."""
    return lexicon()[1].get(word)


def weigh_terms(fields: Iterable[tuple[str, str]]) -> dict[str, float]:
    """Terms of a product with weights 0..1 from (field, text) pairs; fields are those of FIELD_WEIGHTS."""
    raw: dict[str, float] = {}

    def add(term: str, weight: float) -> None:
        if 1 <= len(term) <= MAX_TERM:
            raw[term] = raw.get(term, 0.0) + weight

    for field, text in fields:
        weight = FIELD_WEIGHTS[field]
        for word in words_of(text):
            add(word, weight)
        if field in ("name", "tag", "category"):
            for tag in curated_tags(text):
                add(fold(tag), weight)
        if field == "name":
            for pair in pairs_of(text):
                add(pair, PAIR_WEIGHT)
    return {term: round(value / (value + SATURATION), 4) for term, value in raw.items()}


def suggestible(word: str) -> bool:
    """Whether a word is worth suggesting: not a single character, number or size."""
    return len(word) >= 2 and not re.fullmatch(r"[0-9]+[a-z]*", word)


def rarity(products_with_term: int, products: int) -> float:
    """Inverse document frequency as in BM25, never negative."""
    return math.log(1 + (products - products_with_term + 0.5) / (products_with_term + 0.5))


def edit_distance(one: str, other: str, *, at_most: int) -> int:
    """Levenshtein distance with transpositions of neighbours; `at_most` + 1 stands for anything further."""
    if abs(len(one) - len(other)) > at_most:
        return at_most + 1
    before: Sequence[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        last, before, row = before, row, [i]
        for j, right in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > at_most:
            return at_most + 1
    return min(row[-1], at_most + 1)


def best_correction(token: str, vocabulary: Mapping[str, str]) -> str | None:
    """The known word most like a mistyped token: same pinyin first (毛斤 -> 毛巾), then one slip in it or in the word.

    `vocabulary` is word -> pinyin.
    """
    sound = pinyin_of(token)[0]
    slips = 1 if len(sound) < 8 else 2
    ranked = []
    for word, pinyin in vocabulary.items():
        by_sound = edit_distance(sound, pinyin, at_most=slips)
        by_shape = edit_distance(token, word, at_most=1) if len(token) > 1 else 2
        if (by_sound <= slips and len(sound) >= 4) or (by_shape <= 1 and len(token) > 2):
            shared = len(set(token) & set(word))
            ranked.append((min(by_sound, by_shape), -shared, abs(len(word) - len(token)), word))
    return min(ranked)[3] if ranked else None
