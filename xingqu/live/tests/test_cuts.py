"""From a recording to drafts: what is planned, each piece once, and what becomes of pieces that can't be made."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from xingqu.accounts.contracts import Actor
from xingqu.content.models import Content
from xingqu.kit import clock
from xingqu.live import selectors, services
from xingqu.live.ingest.cutting import CutFailed
from xingqu.live.models import LiveCut, LiveExplain, LiveRoom
from xingqu.live.services import cuts
from xingqu.live.tests.conftest import Studio

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def show(studio: Studio, *, explain_s: tuple[int, int], length_s: int = 60, **changes: Any) -> tuple[int, int]:
    """A show of `length_s` in which one product was explained; ends. Returns room and product."""
    with clock.frozen(START):
        room_id, _ = studio.live_room(**changes)
        product_id = studio.product()
        [item] = studio.items(room_id, product_id)
    own = {"shop_id": studio.shop_id, "room_id": room_id}
    with clock.frozen(START + timedelta(seconds=explain_s[0])):
        services.explain_item(**own, item_id=item)
    if explain_s[1] < length_s:
        with clock.frozen(START + timedelta(seconds=explain_s[1])):
            services.stop_explaining(**own, item_id=item)
    with clock.frozen(START + timedelta(seconds=length_s)):
        services.end_room(**own)
    return room_id, product_id


def planned(room_id: int) -> list[tuple[int, int, list[int]]]:
    rows = LiveCut.objects.filter(room_id=room_id).order_by("id")
    return [(row.start_ms, row.end_ms, row.product_ids) for row in rows]


def later(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def test_the_replay_and_a_clip_that_begins_a_moment_early(studio: Studio) -> None:
    room_id, product_id = show(studio, explain_s=(20, 40))
    assert planned(room_id) == [(0, 60_000, []), (18_000, 40_000, [product_id])]


def test_a_clip_as_long_as_the_show_stands_beside_the_replay(studio: Studio) -> None:
    room_id, product_id = show(studio, explain_s=(0, 60))
    assert planned(room_id) == [(0, 60_000, []), (0, 60_000, [product_id])]


def test_each_piece_is_planned_once(studio: Studio) -> None:
    room_id, _ = show(studio, explain_s=(0, 60))
    before = planned(room_id)
    cuts.plan_cuts(room_id=room_id, until=later(60))
    assert planned(room_id) == before
    row = LiveCut.objects.filter(room_id=room_id).order_by("id").first()
    assert row is not None
    for piece in (row, LiveCut.objects.filter(room_id=room_id).order_by("-id").first()):
        assert piece is not None
        piece.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            piece.save(force_insert=True)


@pytest.mark.parametrize(
    ("changes", "pieces"),
    [({"replay_mode": "off"}, 1), ({"clip_mode": "off"}, 1), ({"replay_mode": "off", "clip_mode": "off"}, 0)],
)
def test_what_the_room_does_not_want_is_not_planned(studio: Studio, changes: dict[str, Any], pieces: int) -> None:
    room_id, _ = show(studio, explain_s=(20, 40), **changes)
    assert len(planned(room_id)) == pieces


def test_moments_are_too_short_for_a_clip(studio: Studio) -> None:
    room_id, _ = show(studio, explain_s=(20, 20))
    assert planned(room_id) == [(0, 60_000, [])]


def test_pieces_become_drafts_with_their_product(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def copy(*, source: Path, target: Path, start_ms: int, end_ms: int) -> None:
        target.write_bytes(b"\x00\x00\x00\x18ftypisom" + bytes(4_000))

    monkeypatch.setattr(cuts, "cut_recording", copy)
    room_id, product_id = show(studio, explain_s=(20, 40))
    with clock.frozen(later(62)):
        assert services.make_cuts() == 0  # the recording's last bytes may still be on their way
    with clock.frozen(later(64)):
        assert (services.make_cuts(), services.make_cuts()) == (2, 0)
    rows = list(LiveCut.objects.filter(room_id=room_id).order_by("id"))
    assert [(row.state, row.content_id is not None) for row in rows] == [("done", True), ("done", True)]
    assert rows[1].product_ids == [product_id]


def test_a_replay_is_shown_once_it_is_public(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        cuts, "cut_recording", lambda **named: named["target"].write_bytes(b"\x00\x00\x00\x18ftypisom" + bytes(4_000))
    )
    room_id, _ = show(studio, explain_s=(20, 40), clip_mode="off", replay_mode="draft")
    with clock.frozen(later(64)):
        services.make_cuts()
    content_id = LiveCut.objects.get(room_id=room_id).content_id
    guest = Actor(person_id=None, guest_key=5)
    assert content_id is not None
    assert selectors.room_page(room_id=room_id, actor=guest)["replay_content_id"] is None
    Content.objects.filter(pk=content_id).update(state="published")
    assert selectors.room_page(room_id=room_id, actor=guest)["replay_content_id"] == content_id


def test_a_piece_that_cannot_be_made_is_tried_a_few_times_and_then_given_up(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> None:
        raise CutFailed("no space left")

    monkeypatch.setattr(cuts, "cut_recording", broken)
    room_id, _ = show(studio, explain_s=(20, 40), clip_mode="off")
    for turn in range(cuts.ATTEMPTS_MAX + 2):
        with clock.frozen(later(64 + 31 * turn)):
            services.make_cuts()
    row = LiveCut.objects.get(room_id=room_id)
    assert (row.state, row.attempts, row.failure) == ("failed", cuts.ATTEMPTS_MAX, "CutFailed: no space left")
    assert row.content_id is None


def test_a_banned_rooms_pieces_are_not_made(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[int] = []
    monkeypatch.setattr(cuts, "cut_recording", lambda **_: called.append(1))
    room_id, _ = show(studio, explain_s=(20, 40))
    services.ban_room(room_id=room_id, reason="违规")
    with clock.frozen(later(64)):
        services.make_cuts()
    assert (called, {row.state for row in LiveCut.objects.filter(room_id=room_id)}) == ([], {"failed"})
    assert LiveExplain.objects.filter(room_id=room_id, ended_at=None).count() == 0
    assert LiveRoom.objects.get(pk=room_id).state == "banned"


def test_the_replay_is_of_the_whole_show_and_a_clip_is_no_longer_than_an_upload(studio: Studio) -> None:
    two_hours = 7_200
    room_id, product_id = show(studio, explain_s=(60, 4_000), length_s=two_hours)
    clip_ms = settings.ENVIRONMENT.media_max_duration_ms - cuts.KEYFRAME_SLACK_MS
    assert planned(room_id) == [(0, two_hours * 1_000, []), (58_000, 58_000 + clip_ms, [product_id])]


def test_parts_of_a_show_whose_line_broke_have_numbers(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def copy(*, source: Path, target: Path, start_ms: int, end_ms: int) -> None:
        target.write_bytes(b"\x00\x00\x00\x18ftypisom" + bytes(4_000))

    monkeypatch.setattr(cuts, "cut_recording", copy)
    with clock.frozen(START):
        room_id, token = studio.live_room(clip_mode="off")
    with clock.frozen(later(30)):
        services.close_stream(token=token, reason="disconnected")
    with clock.frozen(later(40)):
        studio.push(room_id)
    with clock.frozen(later(90)):
        services.end_room(shop_id=studio.shop_id, room_id=room_id)
    with clock.frozen(later(95)):
        assert services.make_cuts() == 2
    ids = LiveCut.objects.filter(room_id=room_id).order_by("id").values_list("content_id", flat=True)
    assert [Content.objects.get(pk=pk).title for pk in ids] == ["周五夜场", "周五夜场 (2)"]


def test_a_disk_without_room_copies_nothing(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cuts, "DISK_RESERVE_BYTES", 1 << 60)
    room_id, _ = show(studio, explain_s=(20, 40), clip_mode="off")
    with clock.frozen(later(64)):
        assert services.make_cuts() == 0
    row = LiveCut.objects.get(room_id=room_id)
    assert (row.state, row.attempts, row.content_id) == ("waiting", 1, None)
