"""Feature tags of a content: what its author wrote, what its words say, what hangs on it.

Method: topics weigh 1; a word of the title or caption counts when the shared vocabulary knows it, so that free text adds no
noise; an anchored product lends its own tags at a lower weight. Of the same tag the heaviest counts.
"""

import rjieba

from xingqu.catalogue.selectors import feature_tags_of, tag_ids_by_name
from xingqu.catalogue.services import ensure_tags
from xingqu.content.domain import CAPTION_WEIGHT, PRODUCT_TAG_SHARE, TAGS_MAX, TITLE_WEIGHT, TOPIC_WEIGHT, clean_topics
from xingqu.content.models import Content, ContentAnchor, ContentTag


def set_tags(*, content: Content, topics: list[str] | None) -> None:
    """Write the tags of a content anew. `topics` None keeps the author's. In the caller's transaction."""
    if topics is None:
        kept = ContentTag.objects.filter(content=content, is_topic=True).order_by("-weight", "id")
        topic_ids = list(kept.values_list("tag_id", flat=True))
    else:
        names = clean_topics(topics)
        known = ensure_tags(names) if names else {}
        topic_ids = [known[name] for name in names]
    weights: dict[int, float] = {}
    for tag_id, weight in [*_word_tags(content), *_product_tags(content)]:
        weights[tag_id] = max(weights.get(tag_id, 0.0), weight)
    derived = sorted((pk for pk in weights if pk not in topic_ids), key=lambda pk: (-weights[pk], pk))[:TAGS_MAX]
    ContentTag.objects.filter(content=content).delete()
    ContentTag.objects.bulk_create(
        [
            # A shade less from topic to topic keeps the author's order.
            ContentTag(content=content, tag_id=pk, weight=TOPIC_WEIGHT - 0.001 * place, is_topic=True)
            for place, pk in enumerate(dict.fromkeys(topic_ids))
        ]
        + [ContentTag(content=content, tag_id=pk, weight=round(weights[pk], 4)) for pk in derived]
    )


def _word_tags(content: Content) -> list[tuple[int, float]]:
    title, caption = set(rjieba.cut_for_search(content.title)), set(rjieba.cut_for_search(content.caption))
    known = tag_ids_by_name({word for word in title | caption if len(word) > 1})
    return [(pk, TITLE_WEIGHT if word in title else CAPTION_WEIGHT) for word, pk in known.items()]


def _product_tags(content: Content) -> list[tuple[int, float]]:
    products = list(
        ContentAnchor.objects.filter(content=content).order_by("position").values_list("product_id", flat=True)
    )
    tags = feature_tags_of(products)
    return [
        (tag_id, weight * PRODUCT_TAG_SHARE / (1 + place))
        for place, product_id in enumerate(products)
        for tag_id, weight in tags.get(product_id, ())
    ]
