"""A site over Redis: two processes, moving there and back, and Redis gone for a while. Redis is Debian's, started here."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from pydantic import SecretStr

from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Signal
from xingqu.engine.state.items import ItemSnapshot
from xingqu.interest import selectors, services, storage
from xingqu.interest.stores import transfer
from xingqu.interest.stores.ports import StatesUnavailable
from xingqu.interest.stores.redis_store import RedisStateStore
from xingqu.interest.tests.test_interest_crash import WRITER
from xingqu.interest.tests.world import event, linger
from xingqu.kit import clock
from xingqu.kit.errors import Conflict
from xingqu.signals.services import open_log, open_vault
from xingqu.standalone.tests.conftest import RedisServer


def use(settings: Any, url: str) -> None:
    """Set `XINGQU_STATE_URL` for what is opened from now on."""
    storage.close_stores()
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"state_url": SecretStr(url)})


@pytest.mark.slow
def test_two_processes_over_redis_lose_nothing(
    world: ItemSnapshot, guest: Actor, home: Path, redis_server: RedisServer, settings: Any
) -> None:
    environment = os.environ | {
        "XINGQU_HOME": str(home),
        "XINGQU_STATE_URL": redis_server.url,
        "DJANGO_SETTINGS_MODULE": "xingqu.config.settings",
    }
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, first, last], env=environment, stdout=subprocess.PIPE)
        for first, last in (("0", "150"), ("100", "250"))  # fifty numbers are told by both
    ]
    for process in writers:
        process.communicate(timeout=120)
        assert process.returncode == 0
    use(settings, redis_server.url)
    assert storage.state_store().read(guest.key).events_total == 250
    assert len({row["event_id"] for row in selectors.export(actor=guest)["signals"]}) == 250
    assert not (home / "state").exists()


@pytest.mark.slow
def test_a_site_moves_to_redis_and_back(
    world: ItemSnapshot, guest: Actor, home: Path, redis_server: RedisServer, settings: Any, capsys: Any
) -> None:
    linger(guest, [2, 6, 10])
    services.merge_guest(guest_key=77, person_id=5)
    person, other, leaving = Actor(5, None), Actor(6, None), Actor(7, None)
    like = event(Signal.LIKE, content_id=9)
    services.observe(actor=other, events=[like], received_at_ms=clock.now_ms())
    linger(leaving, [3])
    before = [storage.state_store().read(actor.key).encode() for actor in (person, other)]
    slots = storage.state_store().slots(leaving.key)
    left = next(actor for actor in storage.state_store().export_actors() if actor.slots == slots)
    kept = {actor.name: actor for actor in storage.state_store().export_actors()}
    applied, profile = dict(storage.state_store().applied()), selectors.export(actor=person)
    call_command("export_states", home / "states.bin")
    services.delete_everything(actor=leaving)

    use(settings, redis_server.url)
    with pytest.raises(ImproperlyConfigured, match="are in lmdb"):
        storage.state_store()
    call_command("import_states", home / "states.bin")
    assert "2 people and guests are in redis now: all the same.\n1 of the file were deleted" in capsys.readouterr().out
    store = storage.state_store()
    assert isinstance(store, RedisStateStore)
    assert [store.read(actor.key).encode() for actor in (person, other)] == before
    assert {actor.name: actor for actor in store.export_actors()} == {n: a for n, a in kept.items() if n != left.name}
    assert dict(store.applied()) == applied
    assert store.slots(leaving.key) == ()
    again = selectors.export(actor=person)
    assert (again["signals"], again["served"]) == (profile["signals"], profile["served"])
    assert services.observe(actor=other, events=[like], received_at_ms=clock.now_ms()).duplicates == 1
    with pytest.raises(CommandError, match="in redis already"):
        call_command("import_states", home / "states.bin")
    linger(other, [4])  # what LMDB does not know
    there = store.read(other.key).encode()
    services.delete_everything(actor=person)  # whom the abandoned LMDB still has
    call_command("export_states", home / "back.bin")

    use(settings, "")
    with pytest.raises(ImproperlyConfigured, match="are in redis"):
        storage.state_store()
    call_command("import_states", home / "back.bin")
    assert storage.state_store().read(other.key).encode() == there
    assert storage.state_store().slots(person.key) == ()
    assert len(list(storage.state_store().export_actors())) == 1


def test_only_a_whole_export_is_taken(world: ItemSnapshot, guest: Actor, home: Path, settings: Any) -> None:
    linger(guest, [2, 6, 10])
    services.export_states(path=home / "states.bin")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_states", home / "states.bin")
    with pytest.raises(Conflict, match="in lmdb already"):
        services.import_states(path=home / "states.bin")
    whole = (home / "states.bin").read_bytes()
    assert (home / "states.bin").stat().st_mode & 0o777 == 0o600
    changed = bytearray(whole)
    changed[len(whole) // 2] ^= 1
    for number, data in enumerate((whole[:-1], whole[:-70], bytes(changed), whole + b"x", b"something else")):
        (home / f"{number}.bin").write_bytes(data)
        with pytest.raises(CommandError, match=r"damaged|too early|not an export"):
            call_command("import_states", home / f"{number}.bin")
    positions: dict[int, int] = {}
    actors = list(transfer.read_file(home / "states.bin", positions))
    assert actors == list(storage.state_store().export_actors())
    assert positions == dict(storage.state_store().applied())
    assert storage.state_store().read(guest.key).events_total == 9


@pytest.mark.slow
def test_without_redis_pages_are_for_nobody_and_nothing_is_lost(
    world: ItemSnapshot, guest: Actor, redis_server: RedisServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xingqu.interest.stores.redis_store.REST_S", 0.0)
    use(settings, redis_server.url)
    linger(guest, [2, 6, 10])
    like = event(Signal.LIKE, content_id=5)
    redis_server.kill()
    page = services.recommend(actor=guest, size=5)
    assert (len(page.items), page.personalised) == (5, False)
    recorded = services.record_served(actor=guest, page=page, content_ids=[page.items[0].content_id])
    assert (recorded.request_id, len(recorded.items)) == ("", 1)
    for refused in (
        lambda: services.observe(actor=guest, events=[like], received_at_ms=clock.now_ms()),
        lambda: services.recommend(actor=guest, size=5, surface="following"),
        lambda: services.delete_everything(actor=guest),
    ):
        with pytest.raises(StatesUnavailable) as told:
            refused()
        assert (told.value.status, told.value.code, told.value.retry_after_s) == (503, "states_unavailable", 2)
    services.warm_up()
    redis_server.start()
    assert storage.state_store().read(guest.key).events_total == 9
    assert services.observe(actor=guest, events=[like], received_at_ms=clock.now_ms()).accepted == 1
    assert services.recommend(actor=guest, size=5).personalised is True


@pytest.mark.slow
def test_what_redis_forgot_is_applied_again(
    world: ItemSnapshot, guest: Actor, redis_server: RedisServer, settings: Any
) -> None:
    """As after a crash of a Redis that writes its file every second: the last batches are gone, the writer lives on."""
    use(settings, redis_server.url)
    linger(guest, [2, 6, 10])
    store = storage.state_store()
    assert isinstance(store, RedisStateStore)
    tables = {key: store._redis.dump(key) for key in store._redis.scan_iter()}
    linger(guest, [3])
    assert store.read(guest.key).events_total == 12
    store._redis.flushall()
    for key, data in tables.items():
        store._redis.restore(key, 0, data)
    linger(guest, [7])
    assert store.read(guest.key).events_total == 12
    open_log(name="signals").roll()
    assert services.apply_unapplied() == 3
    assert store.read(guest.key).events_total == 15
    assert services.apply_unapplied() == 0


@pytest.mark.slow
def test_an_empty_redis_is_not_taken_for_the_site_s(
    world: ItemSnapshot, guest: Actor, redis_server: RedisServer, settings: Any, home: Path
) -> None:
    use(settings, redis_server.url)
    linger(guest, [2])
    services.export_states(path=home / "states.bin")
    use(settings, redis_server.url.replace("/0", "/1"))
    with pytest.raises(ImproperlyConfigured, match="does not have this site's states"):
        storage.state_store()
    services.import_states(path=home / "states.bin")
    assert storage.state_store().read(guest.key).events_total == 3


def test_a_key_that_is_gone_makes_the_actor_new(world: ItemSnapshot, guest: Actor) -> None:
    """As after a crash that undid the last commit of the store, but not the deletion's erasing of the key."""
    linger(guest, [2])
    slot = storage.state_store().slots(guest.key)[0]
    open_vault().erase(slot)
    assert linger(guest, [3]) == 3
    assert storage.state_store().slots(guest.key)[0] != slot
    assert storage.state_store().read(guest.key).events_total == 3
