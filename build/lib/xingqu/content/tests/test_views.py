"""Views: what counts as one, and that none is lost or counted twice."""

from collections.abc import Sequence
from uuid import uuid4

import pytest

from xingqu.content import selectors, services
from xingqu.content.models import Content, CountedLook, ViewPosition
from xingqu.content.services import views
from xingqu.content.tests.conftest import Shop, World
from xingqu.engine.columns import Signal
from xingqu.kit import clock
from xingqu.signals.contracts import SignalEvent
from xingqu.signals.services import append_batch, open_log, open_vault

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def slot() -> int:
    return open_vault().new_slot()


def look(content_id: int, value_ms: int, kind: Signal = Signal.DWELL, event_id: bytes | None = None) -> SignalEvent:
    return SignalEvent(
        event_id=event_id or uuid4().bytes,
        kind=kind,
        occurred_at_ms=clock.now_ms(),
        content_id=content_id,
        value=value_ms,
    )


def log_events(slot: int, events: Sequence[SignalEvent]) -> None:
    append_batch(slot=slot, received_at_ms=clock.now_ms(), events=events)


def views_of(content_id: int) -> int:
    return Content.objects.values_list("view_count", flat=True).get(pk=content_id)


def test_a_look_of_two_and_a_half_seconds_is_a_view(world: World, shop: Shop, slot: int) -> None:
    seen, passed = world.content(shop), world.content(shop)
    others = [look(seen, 9_000, kind=kind) for kind in (Signal.SKIP, Signal.COMPLETION, Signal.IMPRESSION, Signal.LIKE)]
    log_events(slot, [look(seen, 2_500), look(seen, 60_000), look(passed, 2_499), *others])
    before = Content.objects.values_list("updated_at", flat=True).get(pk=seen)
    assert services.count_views() == 2
    assert (views_of(seen), views_of(passed)) == (2, 0)
    assert selectors.card(content_id=seen).counts.views == 2
    # A counter is no change of the content: the snapshot need not be built anew for it.
    assert Content.objects.values_list("updated_at", flat=True).get(pk=seen) == before


def test_each_look_is_counted_once_however_often_the_log_is_read(world: World, shop: Shop, slot: int) -> None:
    content_id = world.content(shop)
    log_events(slot, [look(content_id, 3_000)])
    assert [services.count_views(), services.count_views()] == [1, 0]
    log_events(slot, [look(content_id, 3_000)])
    assert [services.count_views(), services.count_views()] == [1, 0]
    assert views_of(content_id) == 2


def test_a_batch_that_was_sent_and_logged_twice_counts_once(world: World, shop: Shop, slot: int) -> None:
    content_id = world.content(shop)
    same = look(content_id, 3_000, event_id=bytes(range(16)))
    log_events(slot, [same, look(content_id, 3_000)])
    log_events(slot, [same])
    assert services.count_views() == 2
    log_events(slot, [same])
    assert services.count_views() == 0
    assert views_of(content_id) == 2


def test_nothing_is_counted_when_the_transaction_fails(
    world: World, shop: Shop, slot: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content_id = world.content(shop)
    log_events(slot, [look(content_id, 3_000)])
    with monkeypatch.context() as context:
        context.setattr(views.ViewPosition.objects, "update_or_create", _break)
        with pytest.raises(OSError, match="power cut"):
            services.count_views()
    assert (views_of(content_id), CountedLook.objects.count(), ViewPosition.objects.count()) == (0, 0, 0)
    assert services.count_views() == 1
    assert views_of(content_id) == 1


def _break(**_: object) -> None:
    raise OSError("power cut")


def test_of_two_counters_one_counts(world: World, shop: Shop, slot: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content_id = world.content(shop)
    log_events(slot, [look(content_id, 3_000)])
    count = views._count

    def late(batches: list[views.LoggedBatch], positions: dict[int, int]) -> int:
        monkeypatch.setattr(views, "_count", count)
        assert services.count_views() == 1  # the other process is faster
        return count(batches, positions)

    monkeypatch.setattr(views, "_count", late)
    assert services.count_views() == 0
    assert views_of(content_id) == 1


def test_an_erased_persons_looks_are_passed_over(world: World, shop: Shop, slot: int) -> None:
    content_id = world.content(shop)
    log_events(slot, [look(content_id, 3_000)])
    open_vault().erase(slot)
    other = open_vault().new_slot()
    log_events(other, [look(content_id, 3_000)])
    assert services.count_views() == 1
    assert services.count_views() == 0


def test_what_is_remembered_is_forgotten_in_time(
    world: World, shop: Shop, slot: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content_id = world.content(shop)
    log_events(slot, [look(content_id, 3_000), look(999_999, 3_000)])  # the other content is gone
    assert services.count_views() == 2
    assert CountedLook.objects.count() == 2
    later_ms = clock.now_ms() + views.LOOKS_REMEMBERED_MS + 1_000
    monkeypatch.setattr(clock, "now_ms", lambda: later_ms)
    services.count_views()
    assert CountedLook.objects.count() == 0
    assert list(ViewPosition.objects.values_list("segment", flat=True)) == open_log(name="signals").segments()
    open_log(name="signals").roll()
    open_log(name="signals").drop_before(later_ms + 10**9)
    services.count_views()
    assert ViewPosition.objects.count() == 0
    assert views_of(content_id) == 1
