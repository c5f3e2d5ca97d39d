"""What an operator may see of one person: opened for a stated reason, written down, and changing nothing.

An opened look-up shows one person's data to the operator who opened it, for a while.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import numpy as np

from xingqu.accounts import selectors as accounts
from xingqu.accounts.contracts import Actor, PersonBrief
from xingqu.engine.columns import Surface
from xingqu.engine.recommend import Request, Slate
from xingqu.engine.recommend import recommend as rank
from xingqu.interest.contracts import Lookup, Preview
from xingqu.interest.models import PersonLookup
from xingqu.interest.services.commerce import commerce_state
from xingqu.interest.storage import PARAMS, snapshots, state_store
from xingqu.interest.stores.served import recommended_of
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.ids import MAX_ID

OPEN_FOR: Final = timedelta(minutes=30)
FOUND_LIMIT: Final = 20
REASON_LEAST: Final = 5  # characters


def search_people(*, operator_id: int, query: str, reason: str) -> list[tuple[str, PersonBrief | None]]:
    """(actor key, person) of those who match; a guest is found by their key, ``g`` and a number. Written down.

    Raises InvalidInput for an empty query or a reason that says nothing.
    """
    wanted = query.strip()
    if not wanted:
        raise InvalidInput(field="query", expected="an id, an e-mail address, a name or a guest's key")
    PersonLookup.objects.create(
        operator_id=operator_id, what=PersonLookup.What.SEARCH, query=wanted, reason=_told(reason), at=clock.now()
    )
    if wanted[0] in "gG" and wanted[1:].isdecimal() and wanted.isascii():
        key = f"g{int(wanted[1:])}"
        return [(key, None)] if state_store().slots(key) else []
    return [(f"p{found.id}", found) for found in accounts.find_people(text=wanted, limit=FOUND_LIMIT)]


def open_lookup(*, operator_id: int, actor_key: str, reason: str) -> Lookup:
    """Open one person's data for this operator. Written down. Raises InvalidInput, NotFound for nobody."""
    told = _told(reason)
    actor = _actor(actor_key)
    if actor.person_id is None:
        if not state_store().slots(actor.key):
            raise NotFound(field="actor_key", expected="the key of a person or guest")
    elif not accounts.person_labels(ids=[actor.person_id]):
        raise NotFound(field="actor_key", expected="the key of a person or guest")
    now = clock.now()
    row = PersonLookup.objects.create(
        operator_id=operator_id,
        what=PersonLookup.What.OPEN,
        actor_key=actor.key,
        reason=told,
        at=now,
        open_until=now + OPEN_FOR,
    )
    return Lookup(id=row.pk, actor=actor, reason=told, open_until=now + OPEN_FOR)


def opened_lookup(*, operator_id: int, lookup_id: int) -> Lookup:
    """A look-up that this operator opened and that is still open. Raises NotFound."""
    row = PersonLookup.objects.filter(
        pk=lookup_id, operator_id=operator_id, what=PersonLookup.What.OPEN, open_until__gt=clock.now()
    ).first()
    if row is None or row.open_until is None:
        raise NotFound(field="lookup_id", expected="a look-up that you opened and that is still open")
    return Lookup(id=row.pk, actor=_actor(row.actor_key), reason=row.reason, open_until=row.open_until)


def preview_page(*, actor: Actor, size: int, seed: int, previous: Sequence[int] = ()) -> Preview:
    """The page the engine would serve now, with all that it is made of. Nothing is recorded and nothing changes.

    What is drawn at random is drawn from `seed`: another seed shows what else might have come.
    """
    served, state = snapshots().get(), state_store().read(actor.key)
    commerce = commerce_state(events_total=state.events_total)
    now_ms = clock.now_ms()
    request = Request(
        size=size,
        now_ms=now_ms,
        previous_item_ids=np.asarray(previous, dtype=np.int64),
        surface=Surface.FOR_YOU,
        commerce_load=commerce.load,
        trace=True,
    )
    slate: Slate = rank(served.items, state, request, np.random.default_rng(seed), PARAMS)
    return Preview(
        at=clock.from_ms(now_ms),
        snapshot_version=served.items.version,
        models=tuple(sorted(served.items.models.present())),
        commerce=_plain(commerce.as_dict()),
        personalised=slate.personalised,
        places=recommended_of(slate),
        trace=slate.trace,
        stage_ns=slate.stage_ns,
    )


def _plain(numbers: dict[str, float]) -> dict[str, float]:
    return {name: round(float(number), 4) for name, number in numbers.items()}


def _actor(key: str) -> Actor:
    number = int(key[1:]) if key[1:].isdecimal() and key.isascii() else 0
    if not 0 < number <= MAX_ID or key[0] not in "pg":
        raise InvalidInput(field="actor_key", expected="p or g and a number")
    return Actor(number, None) if key[0] == "p" else Actor(None, number)


def _told(reason: str) -> str:
    if len(reason.strip()) < REASON_LEAST:
        raise InvalidInput(field="reason", expected=f"why you need to see it, {REASON_LEAST} characters or more")
    return reason.strip()
