"""Transactional outbox: a fact is written with the change it tells of, and delivered at least once to every subscriber.

A handler runs in one transaction with the mark that it ran, so its own database writes happen exactly once;
anything it does outside the database must be idempotent. One that writes nothing but outside (`@outside`) runs before the
transaction of its mark: it may wait for a disk, and nobody should wait for its lock meanwhile.
"""

import dataclasses
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, get_type_hints

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from xingqu.kit import clock
from xingqu.kit.models import OutboxDelivery
from xingqu.kit.sql import execute, fetch, insert

log = logging.getLogger(__name__)
Handler = Callable[[Any], None]
_NEW_FACTS = "SELECT id FROM kit_outboxfact WHERE NOT fanned_out ORDER BY id LIMIT %s"
# What another process has at hand is left to it; PostgreSQL would otherwise wait for it to the end, or the two for each other.
_FREE_FACTS = "SELECT id FROM kit_outboxfact WHERE id IN ({marks}) AND NOT fanned_out ORDER BY id {skip}"
_TAKE_FACTS = "UPDATE kit_outboxfact SET fanned_out = %s WHERE id IN ({free}) RETURNING id, name, published_at"
_FREE_DELIVERIES = "SELECT id FROM kit_outboxdelivery WHERE id IN ({marks}) AND state = 'waiting' ORDER BY id {skip}"
_TAKE_DELIVERIES = "UPDATE kit_outboxdelivery SET state = 'done' WHERE id IN ({free}) RETURNING id"
_DELIVERIES = (
    "SELECT d.id, d.handler, f.name, f.payload FROM kit_outboxdelivery d JOIN kit_outboxfact f ON f.id = d.fact_id"
    " WHERE d.state = 'waiting' AND {condition} ORDER BY d.fact_id, d.id LIMIT %s"
)
# Handlers that run in one transaction: a commit costs more than most of them, but other writers wait for it on SQLite.
TOGETHER = {"sqlite": 8, "postgresql": 48}
MAX_ATTEMPTS = 12
FIRST_RETRY_S = 1
LAST_RETRY_S = 600


def outside(handler: Handler) -> Handler:
    """Mark a handler that writes nothing to the database and is idempotent in what it does elsewhere."""
    handler.outside = True  # type: ignore[attr-defined]
    return handler


def publish(fact: Any) -> int:
    """Write `fact`, a frozen dataclass of `xingqu.events`, in the caller's transaction. Returns its id.

    A fact class with ``prompt = True`` is also delivered right after the commit, in the same process, so that the person
    who caused it sees the effect at once; the worker delivers it should that process die in between.
    Raises RuntimeError outside a transaction: the fact could be lost or told of a change that never happened.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("publish() must be called in the transaction that makes the fact true")
    ((fact_id,),) = fetch(
        "INSERT INTO kit_outboxfact (name, payload, published_at, fanned_out) VALUES (%s, %s, %s, %s) RETURNING id",
        [type(fact).__name__, orjson.dumps(_to_json(fact)).decode(), clock.now(), False],
    )
    if getattr(fact, "prompt", False):
        transaction.on_commit(lambda: _deliver_promptly(fact_id))
    return int(fact_id)


def deliver_due(*, limit: int = 200) -> int:
    """Fan out new facts and run what is due, oldest first. Returns how many handlers ran. For the worker."""
    _fan_out([fact_id for (fact_id,) in fetch(_NEW_FACTS, [limit])])
    due = [Due(*row) for row in fetch(_DELIVERIES.format(condition="d.due_at <= %s"), [clock.now(), limit])]
    arrived = _deliver_outside([delivery for delivery in due if delivery.is_outside])
    inside = [delivery for delivery in due if not delivery.is_outside]
    together = TOGETHER[connection.vendor]
    return arrived + sum(_deliver(inside[start : start + together]) for start in range(0, len(inside), together))


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """A delivery with its fact as it is stored: JSON is text in SQLite, an object in PostgreSQL."""

    id: int
    handler: str
    name: str
    payload: str | dict[str, Any]

    @property
    def is_outside(self) -> bool:
        """Whether the handler writes nothing to the database."""
        _, handlers = _subscriptions().get(self.name, (None, {}))
        return bool(getattr(handlers.get(self.handler), "outside", False))

    def run(self) -> None:
        """Call the handler, in the caller's transaction. A handler that left the table of subscriptions is skipped."""
        entry = _subscriptions().get(self.name)
        if entry is None or self.handler not in entry[1]:
            OutboxDelivery.objects.filter(pk=self.id).update(error="no longer subscribed")
            return
        payload = orjson.loads(self.payload) if isinstance(self.payload, str) else self.payload
        entry[1][self.handler](_from_json(entry[0], payload))


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
        _fan_out([fact_id])
        for row in fetch(_DELIVERIES.format(condition="d.fact_id = %s"), [fact_id, 100]):
            _deliver([Due(*row)])
    except Exception:  # the worker will repeat it; the person's request has already succeeded
        log.exception("prompt delivery of fact %s failed; left to the worker", fact_id)


def _fan_out(fact_ids: Sequence[int]) -> None:
    """Write a delivery for each handler of these facts; facts that another process takes at the same time are left to it."""
    if not fact_ids:
        return
    with transaction.atomic():
        taken = fetch(_TAKE_FACTS.format(free=_free(_FREE_FACTS, fact_ids)), [True, *fact_ids])
        insert(
            "kit_outboxdelivery",
            ("fact_id", "handler", "state", "attempts", "due_at", "error"),
            [
                (fact_id, handler, "waiting", 0, published_at, "")
                for fact_id, name, published_at in sorted(taken)
                for handler in _subscriptions().get(name, (None, {}))[1]
            ],
        )


def _deliver(due: Sequence[Due]) -> int:
    """Run handlers in one transaction, or each in its own when one of them fails. Returns how many ran."""
    try:
        with transaction.atomic():
            ids = [delivery.id for delivery in due]
            taken = {pk for (pk,) in fetch(_TAKE_DELIVERIES.format(free=_free(_FREE_DELIVERIES, ids)), ids)}
            mine = [delivery for delivery in due if delivery.id in taken]  # another process may have been faster
            for delivery in mine:
                delivery.run()
    except Exception as error:
        if len(due) > 1:
            return sum(_deliver([delivery]) for delivery in due)
        _retry_later(due[0].id, error)
        return 0
    return len(mine)


def _deliver_outside(due: Sequence[Due]) -> int:
    """Run handlers that write outside the database, then mark those that did. Returns how many ran.

    Another process may run one of them at the same time: they are idempotent.
    """
    ran = []
    for delivery in due:
        try:
            delivery.run()
        except Exception as error:
            _retry_later(delivery.id, error)
        else:
            ran.append(delivery.id)
    if ran:
        execute(
            f"UPDATE kit_outboxdelivery SET state = 'done' WHERE id IN ({_marks(ran)}) AND state = 'waiting'",
            ran,
        )
    return len(ran)


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _free(sql: str, ids: Sequence[int]) -> str:
    """The selection of those of `ids` that nobody else has at hand."""
    skip = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    return sql.format(marks=_marks(ids), skip=skip)


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


@cache
def _hints(fact_class: type[Any]) -> dict[str, Any]:
    return get_type_hints(fact_class)


def _from_json(fact_class: type[Any], payload: dict[str, Any]) -> Any:
    values = dict(payload)
    for name, hint in _hints(fact_class).items():  # type: ignore[arg-type]  # a class is hashable
        value = values.get(name)
        if isinstance(value, str) and hint in (datetime, datetime | None):
            values[name] = datetime.fromisoformat(value).astimezone(UTC)
        elif isinstance(value, list):
            values[name] = tuple(tuple(part) if isinstance(part, list) else part for part in value)
    known = {field.name for field in dataclasses.fields(fact_class)}
    return fact_class(**{name: value for name, value in values.items() if name in known})
