"""Reads of the tag vocabulary."""

from collections import defaultdict
from collections.abc import Iterable

from xingqu.catalogue.contracts import TagName
from xingqu.catalogue.domain.feature_tags import canonical_name as canonical_name
from xingqu.catalogue.models import FeatureTag
from xingqu.catalogue.selectors.rows import fetch_in

_TAGS_OF = (
    "SELECT pt.product_id, t.id, t.name, t.name_en, pt.weight FROM catalogue_producttag pt"
    " JOIN catalogue_featuretag t ON t.id = pt.tag_id WHERE pt.product_id IN ({ids})"
    " ORDER BY pt.product_id, pt.weight DESC, t.id"
)


def feature_tags_of(product_ids: Iterable[int]) -> dict[int, list[tuple[int, float]]]:
    """(tag id, weight 0..1) of each product, heaviest first; products without tags are absent."""
    found: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for product_id, tag_id, _, _, weight in fetch_in(_TAGS_OF, product_ids):
        found[product_id].append((tag_id, weight))
    return dict(found)


def tag_names_of(product_ids: Iterable[int]) -> dict[int, list[TagName]]:
    """Named tags of each product, heaviest first."""
    found: dict[int, list[TagName]] = defaultdict(list)
    for product_id, tag_id, name, name_en, _ in fetch_in(_TAGS_OF, product_ids):
        found[product_id].append(TagName(id=tag_id, name=name, name_en=name_en or name))
    return dict(found)


def tags_by_ids(ids: Iterable[int]) -> dict[int, TagName]:
    """Names by id; unknown ids are absent."""
    rows = fetch_in("SELECT id, name, name_en FROM catalogue_featuretag WHERE id IN ({ids})", ids)
    return {pk: TagName(id=pk, name=name, name_en=name_en or name) for pk, name, name_en in rows}


def tag_ids_by_name(names: Iterable[str]) -> dict[str, int]:
    """Ids by exact name; unknown names are absent."""
    return dict(FeatureTag.objects.filter(name__in=list(names)).values_list("name", "id"))
