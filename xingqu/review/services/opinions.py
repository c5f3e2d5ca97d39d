"""Reading reviews: sentiment and aspects of each, and what is learned from the stars beside the words.

All of it can be thrown away and made again (`analyse_all`, the command `analyse-reviews`): it is only of reviews.
"""

import functools
import logging
from datetime import timedelta
from typing import Final

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.transactions import hold_names, retried
from xingqu.review.domain.opinions import mentions_of
from xingqu.review.domain.sentiment import Model, learn, lexicon_probability, unpack
from xingqu.review.models import FollowUp, OpinionMention, Review, ReviewOpinion, SentimentModel
from xingqu.review.selectors.opinions import current_model_row
from xingqu.review.selectors.rules import rules_at

log = logging.getLogger(__name__)
LEARN_EVERY: Final = timedelta(days=1)
MOST_TEXTS: Final = 50_000  # of each kind, the newest
HELD_OUT: Final = 5  # every so many-th is held out
PRAISE_STARS: Final = 4
BLAME_STARS: Final = 2


@retried
@transaction.atomic
def analyse_review(*, review_id: int) -> int:
    """Read a review and its follow-up anew; returns how many aspects it speaks of. Idempotent.

    A hidden review and one that nobody wrote say nothing.
    """
    hold_names(f"review-opinion:{review_id}")
    OpinionMention.objects.filter(review_id=review_id).delete()
    ReviewOpinion.objects.filter(review_id=review_id).delete()
    review = Review.objects.filter(pk=review_id, hidden=False).first()
    if review is None:
        return 0
    more = FollowUp.objects.filter(review=review).first()
    parts = [(False, review.text, review.created_at)]
    parts += [(True, more.text, more.created_at)] if more is not None else []
    row, model = _model()
    rows = [
        OpinionMention(
            review=review,
            product_id=review.product_id,
            shop_id=review.shop_id,
            in_follow_up=in_follow_up,
            aspect=one.aspect,
            polarity=one.polarity,
            start=one.start,
            end=one.end,
            at=at,
        )
        for in_follow_up, text, at in parts
        for one in mentions_of(text, judge=model.probability if model is not None else None)
    ]
    OpinionMention.objects.bulk_create(rows)
    said = "\n".join(text for _, text, _ in parts if text)
    if said:
        praise = model.probability(said) if model is not None else lexicon_probability(said)
        ReviewOpinion.objects.create(review=review, praise_permille=round(1000 * praise), model=row, at=clock.now())
    return len(rows)


def analyse_all(*, after_id: int = 0) -> int:
    """Read every review anew, in the order they were written; returns how many."""
    count = 0
    for review_id in Review.objects.filter(pk__gt=after_id).order_by("id").values_list("id", flat=True).iterator():
        analyse_review(review_id=review_id)
        count += 1
    return count


def train_if_due() -> int | None:
    """Learn once a day when there is enough to learn from; the id of what was learned, else None. For the worker."""
    last = SentimentModel.objects.order_by("-id").values_list("trained_at", flat=True).first()
    if last is not None and last > clock.now() - LEARN_EVERY:
        return None
    return train_sentiment()


def train_sentiment() -> int | None:
    """Learn from this site's own stars. A model that judges held-out texts no better than the lexicon is kept and not used.

    Returns its id, None when there are too few texts of one kind.
    """
    texts = _starred()
    praises = sum(praise for _, praise in texts)
    least = rules_at().learn_min_texts
    if min(praises, len(texts) - praises) < least:
        return None
    held = [one for number, one in enumerate(texts) if number % HELD_OUT == 0]
    known = [one for number, one in enumerate(texts) if number % HELD_OUT]
    trial = learn([text for text, _ in known], [praise for _, praise in known])
    accuracy = _balanced([(trial.probability(text) >= 0.5, praise) for text, praise in held])
    by_lexicon = _balanced([(lexicon_probability(text) >= 0.5, praise) for text, praise in held])
    model = learn([text for text, _ in texts], [praise for _, praise in texts])
    row = SentimentModel.objects.create(
        trained_at=clock.now(),
        texts=len(texts),
        held_out=len(held),
        accuracy=accuracy,
        lexicon_accuracy=by_lexicon,
        adopted=accuracy > by_lexicon,
        weights=model.pack(),
    )
    log.info("sentiment of %s texts: %.3f, lexicon %.3f", len(texts), accuracy, by_lexicon)
    return row.pk


def _starred() -> list[tuple[str, bool]]:
    """Texts with a clear verdict in stars, praise and blame by turns of time; those of the system and hidden ones are none."""
    written = Review.objects.filter(is_default=False, hidden=False).exclude(text="")
    praise = written.filter(goods_score__gte=PRAISE_STARS).order_by("-id").values_list("id", "text")
    blame = written.filter(goods_score__lte=BLAME_STARS).order_by("-id").values_list("id", "text")
    rows = [(pk, text, True) for pk, text in praise[:MOST_TEXTS]]
    rows += [(pk, text, False) for pk, text in blame[:MOST_TEXTS]]
    return [(text, kind) for _, text, kind in sorted(rows)]


def _balanced(results: list[tuple[bool, bool]]) -> float:
    """Accuracy as the mean of both kinds': of praise there is mostly far more."""
    shares = []
    for kind in (True, False):
        asked = [found == truth for found, truth in results if truth == kind]
        shares.append(sum(asked) / len(asked) if asked else 0.0)
    return sum(shares) / 2


def _model() -> tuple[SentimentModel | None, Model | None]:
    row = current_model_row()
    return row, _loaded(row.pk) if row is not None else None


@functools.lru_cache(maxsize=2)
def _loaded(model_id: int) -> Model:
    return unpack(bytes(SentimentModel.objects.values_list("weights", flat=True).get(pk=model_id)))
