"""Product search: an inverted index in the database, scored like BM25, with correction and suggestions."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q

from xingqu.catalogue.contracts import SearchPage, Suggestion
from xingqu.catalogue.domain.search_text import (
    best_correction,
    canonical_tag,
    fold,
    pairs_of,
    pinyin_of,
    query_tokens,
    rarity,
)
from xingqu.catalogue.models import SearchWord
from xingqu.catalogue.selectors.categories import category_ids_below
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.sql import fetch

MAX_HITS = 5000  # total and facets count the best of these; nobody pages further
MAX_EXPANSIONS = 12
_SHELF = "p.status = 'online' AND p.check_status = 'approved'"
_SORT_KEYS: dict[str, Any] = {
    "relevance": lambda hit: (-hit[4], hit[0]),
    "sales": lambda hit: (-hit[3], -hit[4], hit[0]),
    "price_asc": lambda hit: (hit[2], -hit[4], hit[0]),
    "price_desc": lambda hit: (-hit[2], -hit[4], hit[0]),
    "new": lambda hit: (-hit[0],),
}
SEARCH_SORTS = tuple(_SORT_KEYS)
Gains = Callable[[Sequence[int]], Sequence[float]]
Group = dict[str, float]  # alternatives for one word of the query, each with its weight


def search_products(
    *,
    q: str,
    category_id: int | None = None,
    min_price_minor: int | None = None,
    max_price_minor: int | None = None,
    sort: str = "relevance",
    cursor: str | None = None,
    limit: int = 20,
    gains: Gains | None = None,
) -> SearchPage:
    """Products on the shelf that match all words of `q`, else a corrected `q`, else most of its words.

    Without words every product matches. When nothing does, `suggestions` names what could be searched instead.
    `sort` is one of SEARCH_SORTS; facets count the hits of all categories.
    `gains` tells of product ids by what share each score is to be raised or lowered in the order of relevance.
    """
    offset = (decode_cursor(cursor, int) or (0,))[0]
    tokens = query_tokens(q)
    corrected = None
    groups = _groups(tokens)
    wordless = bool(q.strip()) and not tokens
    hits = [] if wordless else _hits(groups, len(groups), min_price_minor, max_price_minor)
    if not hits and tokens:
        better = _correct(tokens, groups)
        if better is not None:
            groups = _groups(better)
            hits = _hits(groups, len(groups), min_price_minor, max_price_minor)
            corrected = _joined(better) if hits else None
    if not hits and len(groups) > 1:
        hits = _hits(groups, len(groups) // 2, min_price_minor, max_price_minor)
    facets = Counter(hit[1] for hit in hits)
    if category_id is not None:
        branch = set(category_ids_below(category_id=category_id))
        hits = [hit for hit in hits if hit[1] in branch]
    if gains is not None and sort == "relevance":
        hits = _raised(hits, gains)
    hits.sort(key=_SORT_KEYS[sort])
    page = hits[max(offset, 0) : max(offset, 0) + limit]
    more = max(offset, 0) + limit < len(hits)
    return SearchPage(
        ids=tuple(hit[0] for hit in page),
        total=len(hits),
        next_cursor=encode_cursor(max(offset, 0) + limit) if more else None,
        facets=tuple(facets.most_common()),
        corrected_query=corrected,
        suggestions=() if hits else tuple(_alternatives(q)),
    )


def _raised(hits: list[tuple[Any, ...]], gains: Gains) -> list[tuple[Any, ...]]:
    shares = gains([hit[0] for hit in hits])
    return [(*hit[:4], float(hit[4]) * (1 + share)) for hit, share in zip(hits, shares, strict=True)]


def _groups(tokens: list[str]) -> list[Group]:
    """What may stand for each word: itself, its curated tag, words of its pinyin, else its pairs of characters."""
    groups: list[Group] = []
    for token in tokens:
        group: Group = {token: 1.0}
        if (tag := canonical_tag(token)) is not None:
            group[fold(tag)] = 1.0
        if token.isascii() and token.isalpha() and len(token) >= 2:
            sounded = SearchWord.objects.filter(Q(pinyin=token) | Q(initials=token) | Q(pinyin__startswith=token))
            group |= dict.fromkeys(sounded.values_list("word", flat=True)[:MAX_EXPANSIONS], 0.9)
        groups.append(group)
    known = _product_counts([term for group in groups for term in group])
    widened: list[Group] = []
    for token, group in zip(tokens, groups, strict=True):
        if any(term in known for term in group) or len(pairs_of(token)) < 1:
            widened.append(group)
        else:
            widened += [{pair: 0.8} for pair in pairs_of(token)]
    return widened


def _product_counts(terms: list[str]) -> dict[str, int]:
    if not terms:
        return {}
    marks = ", ".join(["%s"] * len(terms))
    return dict(fetch(f"SELECT term, COUNT(*) FROM catalogue_searchterm WHERE term IN ({marks}) GROUP BY term", terms))


def _hits(
    groups: list[Group], needed: int, min_price_minor: int | None, max_price_minor: int | None
) -> list[tuple[Any, ...]]:
    """(product id, category id, price, sold, score) of the products that match `needed` of the groups."""
    where, parameters = _SHELF, []
    for compare, bound in ((">=", min_price_minor), ("<=", max_price_minor)):
        if bound is not None:
            where += f" AND p.min_price_minor {compare} %s"
            parameters.append(bound)
    columns = "p.id, p.category_id, p.min_price_minor, p.sold_count"
    if not groups:
        return fetch(
            f"SELECT {columns}, p.sold_count * 1.0 FROM catalogue_product p WHERE {where}"
            " ORDER BY p.sold_count DESC, p.id DESC LIMIT %s",
            [*parameters, MAX_HITS],
        )
    counts = _product_counts([term for group in groups for term in group])
    if sum(any(term in counts for term in group) for group in groups) < needed:
        return []
    total = fetch("SELECT COUNT(*) FROM catalogue_product p WHERE " + _SHELF)[0][0]
    values: list[Any] = []
    for index, group in enumerate(groups):
        for term, weight in group.items():
            values += [term, index, weight * rarity(counts.get(term, 0), total)]
    marks = ", ".join(["(%s, %s, %s)"] * (len(values) // 3))
    return fetch(
        f"WITH wanted(term, part, weight) AS (VALUES {marks})"
        f" SELECT {columns}, SUM(t.weight * w.weight) AS score FROM wanted w"
        " JOIN catalogue_searchterm t ON t.term = w.term JOIN catalogue_product p ON p.id = t.product_id"
        f" WHERE {where} GROUP BY {columns} HAVING COUNT(DISTINCT w.part) >= %s ORDER BY score DESC, p.id LIMIT %s",
        [*values, *parameters, needed, MAX_HITS],
    )


def _vocabulary(token: str) -> dict[str, str]:
    """Words that a slip could have turned into the token: they begin with the same sound, or share a character."""
    sound, initials = pinyin_of(token)
    begins = Q(pinyin__startswith=sound[:2]) | Q(initials__startswith=initials[:2])
    for character in set(token) if not token.isascii() else ():
        begins |= Q(word__contains=character)
    return dict(SearchWord.objects.filter(begins).values_list("word", "pinyin")[:2000])


def _correct(tokens: list[str], groups: list[Group]) -> list[str] | None:
    """The query with each unknown word replaced by the most similar known one, or None when there is none.

    Segmentation tears misspelt words apart, so the whole query is tried as one word first.
    """
    whole = "".join(tokens)
    if len(whole) <= 8 and not _product_counts([whole]):
        best = best_correction(whole, _vocabulary(whole))
        if best is not None and best != whole:
            return [best]
    known = _product_counts(tokens)
    better = [token if token in known else (best_correction(token, _vocabulary(token)) or token) for token in tokens]
    return better if better != tokens else None


def _joined(tokens: list[str]) -> str:
    return (" " if any(token.isascii() for token in tokens) else "").join(tokens)


def _alternatives(q: str) -> list[str]:
    """For an empty result: words that share a character with the query, then what most products carry."""
    characters = [c for c in dict.fromkeys(fold(q)) if "\u4e00" <= c <= "\u9fff"]
    near = Q(pk=None)
    for character in characters[:8]:
        near |= Q(word__contains=character, kind__in=("tag", "category"))
    found = list(SearchWord.objects.filter(near).values_list("word", flat=True)[:4])
    popular = fetch(
        "SELECT t.name FROM catalogue_producttag pt JOIN catalogue_featuretag t ON t.id = pt.tag_id"
        f" JOIN catalogue_product p ON p.id = pt.product_id WHERE {_SHELF}"
        " GROUP BY t.id, t.name ORDER BY SUM(pt.weight * (1 + p.sold_count)) DESC, t.id LIMIT 8"
    )
    return list(dict.fromkeys(found + [row[0] for row in popular]))[:8]


def suggest(*, q: str, limit: int = 10) -> list[Suggestion]:
    """What a person may be about to type, by characters, pinyin or initials; the words of most products first."""
    typed = fold(q)
    if not typed:
        return []
    squeezed = typed.replace(" ", "")
    starts = Q(word__startswith=typed) | Q(pinyin__startswith=squeezed) | Q(initials__startswith=squeezed)
    if not squeezed.isascii():
        starts = Q(word__contains=typed)
    rows = list(SearchWord.objects.filter(starts).values_list("word", "kind", "pinyin")[:200])
    counts = _product_counts([word for word, _, _ in rows])

    def order(row: tuple[str, str, str]) -> tuple[bool, bool, int, int, str]:
        word, kind, pinyin = row
        begins = word.startswith(typed) or pinyin.startswith(squeezed)
        return not begins, kind == "word", -counts.get(word, 0), len(word), word

    found = [Suggestion(text=row[0], kind=row[1]) for row in sorted(rows, key=order) if row[0] in counts][:limit]
    if len(found) < limit:
        names = fetch(
            f"SELECT p.name FROM catalogue_product p WHERE {_SHELF} AND LOWER(p.name) LIKE %s ESCAPE '!'"
            " ORDER BY p.sold_count DESC, p.id LIMIT %s",
            [f"%{_escape(q.strip().lower())}%", limit - len(found)],
        )
        found += [Suggestion(text=row[0], kind="product") for row in names]
    return found


def _escape(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
