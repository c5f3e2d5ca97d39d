"""The residual learns from every impression, minutes after it; what it learned is served without a new snapshot."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from xingqu.engine.learn.online import OnlineRows
from xingqu.engine.learn.residual_fit import base_of
from xingqu.engine.ranking.residual import ResidualModel
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.signals import SignalBatch
from xingqu.interest.services.ranking import read_served
from xingqu.interest.storage import PARAMS, SNAPSHOT_FOLDER
from xingqu.interest.stores.snapshots import write_residual
from xingqu.kit import clock
from xingqu.signals.services import open_log


@dataclass
class OnlineRanking:
    """What waits to be learned, up to where served pages have been read, and the residual as learned so far.

    What waits is lost with the process: some minutes of impressions, and nothing else.
    """

    waiting: OnlineRows = field(default_factory=OnlineRows)
    positions: dict[int, int] = field(default_factory=dict)
    model: ResidualModel | None = None

    def observe(self, people: NDArray[np.int64], told: SignalBatch) -> None:
        """What people did; of no use while no residual serves."""
        if self.model is not None:
            self.waiting.add_events(people, told)

    def serves(self, items: ItemSnapshot) -> ResidualModel | None:
        """The residual to serve with ``items``: what was learned since, unless the base has changed."""
        base = items.models.residual
        return self.model if base is not None and self.model is not None and _same_base(base, self.model) else base


def learn_residual(online: OnlineRanking, items: ItemSnapshot) -> int:
    """Learn from what was served and is settled, and serve it; returns from how many impressions."""
    base = items.models.residual
    if base is None or online.model is None or not _same_base(base, online.model):
        online.waiting, online.positions, online.model = OnlineRows(), _end_of_served(), base
        return 0
    for rows in read_served(positions=online.positions):
        online.waiting.add_served(rows)
    settled = online.waiting.settle(clock.now_ms(), items, PARAMS)
    if settled is None:
        return 0
    rows, labels = settled
    row = items.rows_of(rows.item_id)
    known = row >= 0
    base_logits = base_of(rows, items.models, PARAMS.scorer)[known]
    online.model = online.model.learned(items, row[known], rows.features[known], base_logits, labels[known])
    write_residual(Path(settings.HOME) / SNAPSHOT_FOLDER, online.model)
    return int(known.sum())


def _same_base(one: ResidualModel, other: ResidualModel) -> bool:
    return one.born_ms == other.born_ms


def _end_of_served() -> dict[int, int]:
    """Where the log of served pages ends now: what was served before a residual was trained, it has met."""
    return {position.segment: position.end for position, _ in open_log(name="served", sync=False).read({})}
