"""The taste model of this installation, trained on its whole log; from then on it learns from every answer."""

from dataclasses import replace

import numpy as np

from xingqu.engine.learn.factors import train_taste
from xingqu.engine.learn.item_tags import ItemTags
from xingqu.interest.domain.answers import answers_in
from xingqu.interest.domain.translate import to_engine
from xingqu.interest.services.learning import publish_models
from xingqu.interest.storage import PARAMS, snapshots
from xingqu.signals.selectors import read_batches


def train_taste_model() -> int:
    """Train on who took to what, by all that the log still holds, and serve it at once; returns how many positives.

    Whose data was deleted is not in it.
    """
    served = snapshots().refresh()
    people: list[np.ndarray] = []
    liked: list[np.ndarray] = []
    for batch in read_batches(positions={}):
        told = to_engine(batch.events, item_of_product=served.item_showing)
        slots = np.full(len(batch.events), batch.slot, dtype=np.int64)
        ids, positive = answers_in(slots, told, served.items, PARAMS)
        liked.append(ids[positive])
        people.append(np.full(int(positive.sum()), batch.slot, dtype=np.int64))
    items = served.items
    model = train_taste(
        person=np.concatenate([*people, np.empty(0, np.int64)]),
        item_id=np.concatenate([*liked, np.empty(0, np.int64)]),
        items=ItemTags(items.item_id, items.tag_indptr, items.tag_ids),
    )
    publish_models(replace(items.models, taste=model))
    return sum(part.size for part in liked)
