"""Popular: best lower confidence bound of the value rate. Few views never make an item popular."""

from __future__ import annotations

import numpy as np

from xingqu.engine.kernels import take_eligible
from xingqu.engine.retrieval.candidates import Candidates
from xingqu.engine.view import View


def retrieve(view: View, limit: int) -> Candidates:
    """Half with, half without a product, so that commerce spacing always has something to choose from."""
    index = view.snapshot.index
    content = take_eligible(index.popular_content, view.eligible.bits, limit)
    commerce = take_eligible(index.popular_commerce, view.eligible.bits, limit)
    half = limit // 2
    content_share = max(half, limit - commerce.size)
    commerce_share = max(limit - half, limit - content.size)
    rows = np.concatenate([content[:content_share], commerce[:commerce_share]])
    return Candidates.certain(rows, index.quality[rows])
