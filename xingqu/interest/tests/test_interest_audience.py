"""Whom a new content is for, learned by the log's reader from who answers."""

import numpy as np

from xingqu.engine.columns import Signal
from xingqu.engine.state.items import ItemSnapshot
from xingqu.interest import services
from xingqu.interest.tests.test_interest_learning import publish
from xingqu.interest.tests.test_interest_training import like, person
from xingqu.interest.tests.world import event
from xingqu.kit import clock


def test_whom_a_content_is_for_that_no_model_was_trained_on_is_learned_from_who_answers(
    world: ItemSnapshot,
) -> None:
    for key in range(1, 41):
        like(person(key), [5, 6, 7] if key % 2 else [20, 21, 22])
    services.learn_from_log()
    services.run_trainings(kinds=["taste"], seed=1)
    new = 63
    for key in range(1, 41):
        if key % 2:
            like(person(key), [new])
        else:
            skipped = [event(Signal.SKIP, content_id=new, value=300)]
            services.observe(actor=person(key), events=skipped, received_at_ms=clock.now_ms())
    services.learn_from_log()
    items = publish(world)
    model = items.models.taste
    assert model is not None
    row = int(items.rows_of([new])[0])
    assert not model.met[row]
    assert model.audiences.item_id.tolist() == [new]
    rows = items.rows_of([5, 6, 7, 20, 21, 22])
    for_it, against = (model.log_odds(model.person(rows, np.arange(6) // 3 == group))[row] for group in (0, 1))
    assert for_it > against + 0.3
