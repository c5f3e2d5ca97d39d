"""Transactional outbox: a fact is written with the change it tells of, and delivered at least once to every subscriber.

A handler runs in one transaction with the mark that it ran, so its own database writes happen exactly once;
anything it does outside the database must be idempotent.
"""

import dataclasses
import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, get_type_hints

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from xingqu.kit import clock
from xingqu.kit.models import OutboxDelivery, OutboxFact
from xingqu.kit.sql import execute, fetch, insert_rows

log = logging.getLogger(__name__)
Handler = Callable[[Any], None]
_TAKE_FACT = "UPDATE kit_outboxfact SET fanned_out = %s WHERE id = %s AND fanned_out = %s"
_TAKE_DELIVERY = "UPDATE kit_outboxdelivery SET state = 'done' WHERE id = %s AND state = 'waiting'"
_READ_DELIVERY = (
    "SELECT d.handler, f.name, f.payload FROM kit_outboxdelivery d JOIN kit_outboxfact f ON f.id = d.fact_id"
    " WHERE d.id = %s"
)
MAX_ATTEMPTS = 12
FIRST_RETRY_S = 1
LAST_RETRY_S = 600


def publish(fact: Any) -> int:
    """Write `fact`, a frozen dataclass of `xingqu.events`, in the caller's transaction. Returns its id.

    A fact class with ``prompt = True`` is also delivered right after the commit, in the same process, so that the person
    who caused it sees the effect at once; the worker delivers it should that process die in between.
    Raises RuntimeError outside a transaction: the fact could be lost or told of a change that never happened.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("publish() must be called in the transaction that makes the fact true")
    row = OutboxFact(name=type(fact).__name__, payload=_to_json(fact), published_at=clock.now())
    insert_rows([row])
    if getattr(fact, "prompt", False):
        transaction.on_commit(lambda: _deliver_promptly(row.pk))
    return row.pk


def deliver_due(*, limit: int = 200) -> int:
    """Fan out new facts and run what is due, oldest first. Returns how many handlers ran. For the worker."""
    for fact in OutboxFact.objects.filter(fanned_out=False).order_by("id")[:limit]:
        _fan_out(fact)
    due = OutboxDelivery.objects.filter(state=OutboxDelivery.State.WAITING, due_at__lte=clock.now())
    ids = list(due.order_by("fact_id", "id").values_list("id", flat=True)[:limit])
    return sum(_deliver(pk) for pk in ids)


@cache
def _subscriptions() -> dict[str, tuple[type[Any], dict[str, Handler]]]:
    """Fact name -> (class, {handler's dotted name: handler}), from the one table of subscriptions."""
    table: Mapping[type[Any], list[Handler]] = import_string(settings.SUBSCRIPTIONS)
    return {
        fact.__name__: (fact, {f"{h.__module__}.{h.__qualname__}": h for h in handlers})
        for fact, handlers in table.items()
    }


def _deliver_promptly(fact_id: int) -> None:
    try:
        _fan_out(OutboxFact.objects.get(pk=fact_id))
        for pk in OutboxDelivery.objects.filter(fact_id=fact_id, state="waiting").values_list("id", flat=True):
            _deliver(pk)
    except Exception:  # the worker will repeat it; the person's request has already succeeded
        log.exception("prompt delivery of fact %s failed; left to the worker", fact_id)


def _fan_out(fact: OutboxFact) -> None:
    _, handlers = _subscriptions().get(fact.name, (None, {}))
    with transaction.atomic():
        if execute(_TAKE_FACT, [True, fact.pk, False]):
            insert_rows([OutboxDelivery(fact=fact, handler=name, due_at=fact.published_at) for name in handlers])


def _deliver(delivery_id: int) -> bool:
    try:
        with transaction.atomic():
            if not execute(_TAKE_DELIVERY, [delivery_id]):
                return False  # another process was faster
            ((handler, name, payload),) = fetch(_READ_DELIVERY, [delivery_id])
            entry = _subscriptions().get(name)
            if entry is None or handler not in entry[1]:
                OutboxDelivery.objects.filter(pk=delivery_id).update(error="no longer subscribed")
                return False
            entry[1][handler](_from_json(entry[0], json.loads(payload) if isinstance(payload, str) else payload))
    except Exception as error:
        _retry_later(delivery_id, error)
        return False
    return True


def _retry_later(delivery_id: int, error: Exception) -> None:
    delivery = OutboxDelivery.objects.select_related("fact").get(pk=delivery_id)
    attempts = delivery.attempts + 1
    dead = attempts >= MAX_ATTEMPTS
    wait_s = min(FIRST_RETRY_S * 2 ** (attempts - 1), LAST_RETRY_S)
    OutboxDelivery.objects.filter(pk=delivery_id, state=OutboxDelivery.State.WAITING).update(
        attempts=attempts,
        due_at=clock.now() + timedelta(seconds=wait_s),
        state=OutboxDelivery.State.DEAD if dead else OutboxDelivery.State.WAITING,
        error=f"{type(error).__name__}: {error}"[:2000],
    )
    log.warning(
        "%s on fact %s failed (%s of %s)",
        delivery.handler,
        delivery.fact_id,
        attempts,
        MAX_ATTEMPTS,
        exc_info=error,
    )


def _to_json(fact: Any) -> dict[str, Any]:
    return {
        field.name: value.isoformat() if isinstance(value, datetime) else value
        for field in dataclasses.fields(fact)
        for value in [getattr(fact, field.name)]
    }


def _from_json(fact_class: type[Any], payload: dict[str, Any]) -> Any:
    hints = get_type_hints(fact_class)
    values = dict(payload)
    for name, hint in hints.items():
        value = values.get(name)
        if isinstance(value, str) and hint in (datetime, datetime | None):
            values[name] = datetime.fromisoformat(value).astimezone(UTC)
        elif isinstance(value, list):
            values[name] = tuple(tuple(part) if isinstance(part, list) else part for part in value)
    known = {field.name for field in dataclasses.fields(fact_class)}
    return fact_class(**{name: value for name, value in values.items() if name in known})
