"""Recordings: kept for their days, and nobody else's."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site

from xingqu.accounts.models import Person
from xingqu.kit import clock
from xingqu.live import selectors, services
from xingqu.live.models import LiveCut, StreamSession
from xingqu.live.tests.conftest import Caller, Studio

DAY = timedelta(days=1)


def recorded(studio: Studio, **changes: Any) -> tuple[int, Path]:
    """A room that is over, with its recording on the disk."""
    room_id, _ = studio.live_room(**{"replay_mode": "off", "clip_mode": "off", **changes})
    session = StreamSession.objects.get(room_id=room_id)
    path = Path(site.HOME) / "recordings" / session.recording
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"FLV" + bytes(997))
    services.close_stream(token=session.token, reason="disconnected")
    services.end_room(shop_id=studio.shop_id, room_id=room_id)
    return room_id, path


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path


def test_kept_for_its_days_and_deleted_with_them(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    room_id, path = recorded(studio)
    monkeypatch.setattr(site.ENVIRONMENT, "live_recording_days", 1_095)
    [row] = selectors.shops_recordings(shop_id=studio.shop_id, room_id=room_id)
    assert (row["size_bytes"], row["kept_until"] - row["ended_at"]) == (1_000, timedelta(days=1_095))
    end = StreamSession.objects.get(room_id=room_id).ended_at
    assert end is not None
    with clock.frozen(end + 1_095 * DAY - timedelta(seconds=1)):
        assert (services.sweep_recordings(), path.exists()) == (0, True)
    with clock.frozen(end + 1_095 * DAY + timedelta(seconds=1)):
        assert (services.sweep_recordings(), path.exists(), path.parent.exists()) == (1, False, False)
        assert services.sweep_recordings() == 0
    assert selectors.shops_recordings(shop_id=studio.shop_id, room_id=room_id) == []
    assert StreamSession.objects.filter(room_id=room_id, recording="").count() == 1


def test_what_is_still_to_be_cut_stays(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    room_id, path = recorded(studio)
    session = StreamSession.objects.get(room_id=room_id)
    cut = LiveCut.objects.create(
        room_id=room_id, session=session, mode="draft", start_ms=0, end_ms=9_000, due_at=clock.now()
    )
    monkeypatch.setattr(site.ENVIRONMENT, "live_recording_days", 0)
    with clock.frozen(clock.now() + DAY):
        assert (services.sweep_recordings(), path.exists()) == (0, True)
        LiveCut.objects.filter(pk=cut.pk).update(state="done")
        assert (services.sweep_recordings(), path.exists()) == (1, False)


def test_a_list_is_its_shops_and_the_platforms(
    studio: Studio, other_studio: Studio, caller: type[Caller], viewer: Any
) -> None:
    room_id, _ = recorded(studio)
    path = f"/shops/{studio.shop_id}/live-rooms/{room_id}/recordings"
    assert [row["size_bytes"] for row in caller(studio.owner_id).get(path).json()] == [1_000]
    stranger = caller(other_studio.owner_id)
    assert stranger.get(path).status_code == 404
    assert stranger.get(path.replace(str(studio.shop_id), str(other_studio.shop_id), 1)).status_code == 404
    assert stranger.get(f"/platform/live/rooms/{room_id}/recordings").status_code == 404
    assert stranger.get("/platform/live/past-rooms").status_code == 404
    operator_id = viewer()
    Person.objects.filter(pk=operator_id).update(is_staff=True)
    operator = caller(operator_id)
    assert [row["id"] for row in operator.get("/platform/live/past-rooms").json()] == [room_id]
    assert operator.get("/platform/live/past-rooms?handle=nobody").json() == []
    assert len(operator.get(f"/platform/live/rooms/{room_id}/recordings").json()) == 1
