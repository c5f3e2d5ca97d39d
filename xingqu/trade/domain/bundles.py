"""套装: which sets the lines of a quote make up, and what each line costs in them. Pure; the rules stand in decision record 0094."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, combinations

from xingqu.kit.money import split_by_largest_remainder
from xingqu.programmes.contracts import Bundle

# Ways to make up sets that are compared; beyond it only as many as can be of those that save most, and none.
MOST_WAYS = 200
# Lines at a flash price that a set could have instead: up to so many, every choice of them is compared.
MOST_WITHHELD = 3

Sets = tuple[tuple[Bundle, int], ...]


def saving_minor(bundle: Bundle, prices_minor: Mapping[int, int]) -> int:
    """What one set takes off its parts' prices; 0 or less when they cost no more apart."""
    return sum(prices_minor[sku_id] * units for sku_id, units in bundle.items) - bundle.price_minor


def ways_to_bundle(bundles: Sequence[Bundle], units: Mapping[int, int], prices_minor: Mapping[int, int]) -> list[Sets]:
    """Every way to make up sets of these units, that with the most of the best sets first and no set at all last."""
    usable = [
        bundle
        for bundle in bundles
        if all(units.get(sku_id, 0) >= count for sku_id, count in bundle.items)
        and saving_minor(bundle, prices_minor) > 0
    ]
    usable.sort(key=lambda bundle: (-saving_minor(bundle, prices_minor), bundle.id))
    found: list[Sets] = []
    if _collect(usable, dict(units), (), found):
        return found
    return [_most(usable, dict(units)), ()]


def _collect(bundles: Sequence[Bundle], left: dict[int, int], chosen: Sets, found: list[Sets]) -> bool:
    """Add all ways to `found`; False when there are too many."""
    if not bundles:
        found.append(chosen)
        return len(found) <= MOST_WAYS
    bundle, *rest = bundles
    most = min(left[sku_id] // count for sku_id, count in bundle.items)
    if most > MOST_WAYS:
        return False
    for sets in range(most, -1, -1):
        after = dict(left)
        for sku_id, count in bundle.items:
            after[sku_id] -= count * sets
        if not _collect(rest, after, (*chosen, (bundle, sets)) if sets else chosen, found):
            return False
    return True


def _most(bundles: Sequence[Bundle], left: dict[int, int]) -> Sets:
    chosen: Sets = ()
    for bundle in bundles:
        sets = min(left[sku_id] // count for sku_id, count in bundle.items)
        for sku_id, count in bundle.items:
            left[sku_id] -= count * sets
        chosen = (*chosen, (bundle, sets)) if sets else chosen
    return chosen


def split_sets(bundle: Bundle, sets: int, prices_minor: Mapping[int, int]) -> dict[int, int]:
    """What so many sets take off each of their lines: the sets' price is split by the parts' own prices, to the cent."""
    own = {sku_id: prices_minor[sku_id] * count * sets for sku_id, count in bundle.items}
    shares = split_by_largest_remainder(bundle.price_minor * sets, list(own.values()))
    return {sku_id: whole - share for (sku_id, whole), share in zip(own.items(), shares, strict=True)}


def withheld_flash(bundles: Iterable[Bundle], wanted: set[int], flash: set[int]) -> list[frozenset[int]]:
    """Which flash prices to do without, so that their lines can be in sets: none first, then each choice of them."""
    skus = {sku_id for one in bundles if {sku for sku, _ in one.items} <= wanted for sku_id, _ in one.items} & flash
    ordered = sorted(skus)
    if len(ordered) > MOST_WITHHELD:
        return [frozenset(), frozenset(ordered)]
    chosen = chain.from_iterable(combinations(ordered, count) for count in range(len(ordered) + 1))
    return [frozenset(one) for one in chosen]
