"""The outbox delivers each fact to each handler at least once, and its database effects exactly once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from django.db import connection, transaction

from xingqu.accounts.models import Person
from xingqu.kit import clock, outbox
from xingqu.kit.models import OutboxDelivery, OutboxFact

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(frozen=True)
class Lit:
    lamp_id: int
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True)
class LitNow:
    prompt: ClassVar[bool] = True
    lamp_id: int


SEEN: list[object] = []
BROKEN = {"on": False}


def note(fact: object) -> None:
    Person.objects.create_user(f"lamp{len(SEEN)}@example.test")
    SEEN.append(fact)
    if BROKEN["on"]:
        raise RuntimeError("the bulb broke")


def note_too(fact: object) -> None:
    SEEN.append(("too", fact))


TABLE = {Lit: [note, note_too], LitNow: [note]}


@pytest.fixture(autouse=True)
def table(settings: object) -> Iterator[None]:
    settings.SUBSCRIPTIONS = f"{__name__}.TABLE"  # type: ignore[attr-defined]
    import sys

    sys.modules.setdefault(__name__, sys.modules[note.__module__])
    outbox._subscriptions.cache_clear()
    SEEN.clear()
    BROKEN["on"] = False
    yield
    outbox._subscriptions.cache_clear()


def publish(fact: object) -> None:
    with transaction.atomic():
        outbox.publish(fact)


def test_a_fact_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        outbox.publish(Lit(1))
    assert OutboxFact.objects.count() == 0


def test_a_rolled_back_change_tells_nobody() -> None:
    with transaction.atomic():
        outbox.publish(Lit(1))
        transaction.set_rollback(True)
    assert OutboxFact.objects.count() == 0
    assert outbox.deliver_due() == 0
    assert SEEN == []


def test_every_handler_hears_a_fact_once() -> None:
    publish(Lit(7, ("hall", "attic")))
    assert outbox.deliver_due() == 2
    assert outbox.deliver_due() == 0
    assert [Lit(7, ("hall", "attic")), ("too", Lit(7, ("hall", "attic")))] == SEEN


def test_a_failing_handler_leaves_nothing_and_is_tried_again() -> None:
    BROKEN["on"] = True
    publish(Lit(1))
    assert outbox.deliver_due() == 1  # the other handler is not held up
    assert Person.objects.count() == 0
    delivery = OutboxDelivery.objects.get(handler__endswith="note")
    assert (delivery.state, delivery.attempts) == ("waiting", 1)
    assert "the bulb broke" in delivery.error
    BROKEN["on"] = False
    assert outbox.deliver_due() == 0  # not due yet
    with clock.frozen(clock.now() + timedelta(seconds=2)):
        assert outbox.deliver_due() == 1
    assert Person.objects.count() == 1


def test_deliveries_share_transactions_and_a_failure_holds_nobody_up(django_assert_num_queries) -> None:
    BROKEN["on"] = True
    for lamp_id in range(8):
        publish(Lit(lamp_id))
    assert outbox.deliver_due() == 8  # what failed took its neighbours with it, and they ran again alone
    assert OutboxDelivery.objects.filter(state="done", handler__endswith="note_too").count() == 8
    assert set(OutboxDelivery.objects.exclude(state="done").values_list("attempts", flat=True)) == {1}
    assert Person.objects.count() == 0
    BROKEN["on"] = False
    SEEN.clear()
    with clock.frozen(clock.now() + timedelta(seconds=2)), django_assert_num_queries(2 + 3 + 8):
        assert outbox.deliver_due() == 8  # two readings, begin, commit, one mark for all, and what the handlers write
    assert [Lit(lamp_id) for lamp_id in range(8)] == SEEN


def test_a_handler_that_left_is_skipped() -> None:
    publish(Lit(1))
    outbox._fan_out([OutboxFact.objects.get().pk])
    OutboxDelivery.objects.filter(handler__endswith="note").update(handler="long.gone")
    assert outbox.deliver_due() == 2
    assert OutboxDelivery.objects.get(handler="long.gone").error == "no longer subscribed"
    assert [("too", Lit(1))] == SEEN


def test_after_its_last_attempt_a_delivery_is_dead() -> None:
    BROKEN["on"] = True
    publish(Lit(1))
    at = clock.now()
    for attempt in range(outbox.MAX_ATTEMPTS + 2):
        with clock.frozen(at + timedelta(hours=attempt)):
            outbox.deliver_due()
    delivery = OutboxDelivery.objects.get(handler__endswith="note")
    assert (delivery.state, delivery.attempts) == ("dead", outbox.MAX_ATTEMPTS)


def test_a_prompt_fact_is_delivered_before_the_request_ends() -> None:
    publish(LitNow(3))
    assert [LitNow(3)] == SEEN
    assert outbox.deliver_due() == 0


def test_a_prompt_fact_that_fails_does_not_fail_the_request() -> None:
    BROKEN["on"] = True
    publish(LitNow(3))
    assert OutboxDelivery.objects.get().state == "waiting"


def test_a_handler_that_writes_outside_runs_before_the_transaction_and_again_when_it_fails() -> None:
    inside: list[bool] = []

    @outbox.outside
    def switch(fact: object) -> None:
        inside.append(connection.in_atomic_block)
        if BROKEN["on"]:
            raise RuntimeError("the bulb broke")

    switch.__qualname__ = "switch"
    TABLE[Lit] = [switch, note_too]
    try:
        outbox._subscriptions.cache_clear()
        BROKEN["on"] = True
        publish(Lit(1))
        assert outbox.deliver_due() == 1
        waiting = OutboxDelivery.objects.get(state="waiting")
        assert (waiting.handler.rpartition(".")[2], waiting.attempts, inside) == ("switch", 1, [False])
        BROKEN["on"] = False
        OutboxDelivery.objects.update(due_at=clock.now() - timedelta(seconds=1))
        assert outbox.deliver_due() == 1
        assert (inside, OutboxDelivery.objects.exclude(state="done").count()) == ([False, False], 0)
        assert outbox.deliver_due() == 0
    finally:
        TABLE[Lit] = [note, note_too]
