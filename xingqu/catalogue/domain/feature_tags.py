"""Feature tags read from a product's text: a curated lexicon first, then nouns by Chinese segmentation.

The weight of a tag = how trustworthy its source is × how rare the tag is in the catalogue (inverse document frequency,
Robertson & Spärck Jones), so that "纯棉" on half the shelf says less than "猫抓板".
"""

import csv
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import rjieba

MAX_TAGS = 8
ENOUGH_TAGS = 3  # curated ones of the text and the category; with fewer, nouns of the title join
MIN_WEIGHT = 0.25  # weaker tags would only blur what a product is
SOURCE_WEIGHTS = {"merchant": 1.0, "title": 0.85, "category": 0.7, "attribute": 0.5, "implied": 0.75, "brief": 0.55}
# Attributes whose values tell what a product is; the rest are sizes, standards and care instructions.
TELLING_ATTRIBUTES = ("材质", "面料", "填充物", "工艺", "花材")
KIND_WEIGHTS = {"goods": 1.0, "theme": 1.0, "audience": 1.0, "scene": 0.9, "style": 0.85, "material": 0.8}
OTHER_KIND_WEIGHT = 0.6
NOUNS = ("n", "nz", "nt", "nr", "vn", "l", "i")
ENGLISH_LENGTH_MAX = 60  # of the column
_HAN = re.compile(r"^[\u4e00-\u9fff]{2,8}$")


@dataclass(frozen=True, slots=True)
class Word:
    """A curated tag."""

    name: str
    name_en: str
    kind: str
    implies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeightedTag:
    """A tag of a product; `weight` 0..1, `source` merchant, title, attribute or category."""

    name: str
    weight: float
    source: str


@cache
def lexicon() -> tuple[dict[str, Word], dict[str, str]]:
    """Curated tags by name, and every spelling with the name it stands for."""
    text = files("xingqu.catalogue").joinpath("data/tags.csv").read_text(encoding="utf-8")
    words: dict[str, Word] = {}
    spellings: dict[str, str] = {}
    for row in csv.DictReader(text.splitlines()):
        implies = tuple(part for part in row["implies"].split("|") if part)
        words[row["name"]] = Word(row["name"], row["name_en"], row["kind"], implies)
        for spelling in (row["name"], *row["also"].split("|")):
            if spelling:
                spellings.setdefault(spelling.lower(), row["name"])
    return words, spellings


@cache
def _stop_words() -> frozenset[str]:
    text = files("xingqu.catalogue").joinpath("data/stopwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


@cache
def _pattern() -> re.Pattern[str]:
    """Longest spelling first, so that 长绒棉 isn't read as 棉."""
    spellings = sorted(lexicon()[1], key=len, reverse=True)
    return re.compile("|".join(re.escape(spelling) for spelling in spellings), re.IGNORECASE)


@cache
def _other_english_names() -> dict[str, str]:
    """English names of words that are no curated tags: shipped categories, and words of the demo's contents."""
    data = files("xingqu.catalogue").joinpath("data")
    roots = json.loads(data.joinpath("categories.json").read_text(encoding="utf-8"))
    nodes = [node for root in roots for node in (root, *root.get("children", ()))]
    names = {node["name"]: node["name_en"] for node in nodes}
    rows = csv.DictReader(data.joinpath("tag_names.csv").read_text(encoding="utf-8").splitlines())
    return names | {row["name"]: row["name_en"] for row in rows}


def english_name(name: str) -> str:
    """English name of a tag: the curated one, of the word it is a spelling of, of a category; else put together from the
    curated words that it consists of (羊毛地毯: Wool rug). A name with a part that nobody knows stays as it is.
    """
    words, spellings = lexicon()
    known = words.get(name)
    if known:
        return known.name_en
    if name in _other_english_names():
        return _other_english_names()[name]
    parts = [words[spellings[found.lower()]].name_en for found in _pattern().findall(name)]
    if not parts or _pattern().sub("", name).strip():
        return name
    first, *others = dict.fromkeys(parts)
    together = " ".join([first, *(part[0].lower() + part[1:] for part in others)])
    return together if len(together) <= ENGLISH_LENGTH_MAX else name


def canonical_name(name: str) -> str:
    """The curated tag that a word is a spelling of (全棉: 纯棉), or the word itself."""
    return lexicon()[1].get(name.lower(), name)


def curated_tags(text: str) -> list[str]:
    """Names of curated tags in the text, in order, once each."""
    spellings = lexicon()[1]
    return list(dict.fromkeys(spellings[found.group().lower()] for found in _pattern().finditer(text)))


def segmented_nouns(text: str) -> list[str]:
    """Nouns that no curated tag covers, without stop words, numbers and units."""
    rest = _pattern().sub(" ", text)
    return [word for word, kind in rjieba.tag(rest) if kind in NOUNS and _HAN.match(word) and word not in _stop_words()]


def read_tags(
    *,
    name: str,
    brief: str,
    attributes: Iterable[Sequence[str]],
    category_tags: Sequence[str],
    stated: Sequence[str],
) -> dict[str, tuple[float, str]]:
    """Every tag of a product with its strength before rarity and the source it came from."""
    found: dict[str, tuple[float, str]] = {}

    def add(tag: str, strength: float, source: str) -> None:
        if strength > found.get(tag, (0.0, ""))[0]:
            found[tag] = (strength, source)

    for tag in stated:
        add(lexicon()[1].get(tag.lower(), tag), SOURCE_WEIGHTS["merchant"], "merchant")
    telling = [value for field, value in attributes if any(part in field for part in TELLING_ATTRIBUTES)]
    texts = [(name, "title", "title"), (brief, "brief", "title"), *((v, "attribute", "attribute") for v in telling)]
    for text, origin, source in texts:
        for tag in curated_tags(text):
            add(tag, SOURCE_WEIGHTS[origin] * _kind_weight(tag), source)
    for tag in category_tags:
        add(tag, SOURCE_WEIGHTS["category"], "category")
    for tag, (strength, source) in list(found.items()):
        for implied in _implied(tag):
            add(implied, strength * SOURCE_WEIGHTS["implied"], source)
    if len(found) < ENOUGH_TAGS:
        for noun in segmented_nouns(name):
            add(noun, SOURCE_WEIGHTS["title"] * OTHER_KIND_WEIGHT, "title")
    return found


def _implied(tag: str) -> tuple[str, ...]:
    word = lexicon()[0].get(tag)
    return word.implies if word else ()


def _kind_weight(tag: str) -> float:
    return KIND_WEIGHTS.get(lexicon()[0][tag].kind, OTHER_KIND_WEIGHT)


def weigh_tags(
    found: Mapping[str, tuple[float, str]], *, product_counts: Mapping[str, int], products: int
) -> list[WeightedTag]:
    """The strongest tags, heaviest first. `product_counts` says how many of `products` carry each tag."""
    total = max(products, 1)

    def rarity(tag: str) -> float:
        share = math.log(1 + total / (1 + product_counts.get(tag, 0))) / math.log(1 + total)
        return 0.45 + 0.55 * min(share, 1.0)

    weighted = [
        WeightedTag(tag, round(strength * (1.0 if source == "merchant" else rarity(tag)), 4), source)
        for tag, (strength, source) in found.items()
    ]
    strongest = sorted(weighted, key=lambda tag: (-tag.weight, tag.name))[:MAX_TAGS]
    return [tag for rank, tag in enumerate(strongest) if tag.weight >= MIN_WEIGHT or rank < ENOUGH_TAGS]
