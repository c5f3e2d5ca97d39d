"""From a recording to the feed: the replay of a room, and a clip of each product that was explained.

A cut is copied out of the recording by ffmpeg, goes into content's uploads like any file, and is published when it is ready
and the room says so. Every step is repeated until it is done: a killed worker loses nothing.
"""

import logging
import shutil
import tempfile
from base64 import b64encode
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from xingqu.catalogue.selectors import cards
from xingqu.content.selectors import shop_content
from xingqu.content.services import (
    AnchorSpec,
    ContentChanges,
    adopt_recording,
    append_bytes,
    begin_upload,
    create_content,
    publish_content,
)
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError
from xingqu.kit.transactions import retried
from xingqu.live.ingest.cutting import CutFailed, cut_recording
from xingqu.live.models import LiveCut, LiveRoom, StreamSession

log = logging.getLogger(__name__)
CLIP_MIN_MS = 3_000
# A clip begins a moment before the pop-up: the host shows a thing, then somebody clicks.
LEAD_MS = 2_000
# A copy begins at the keyframe before the place that was asked for, and must not be longer than an upload may be.
KEYFRAME_SLACK_MS = 15_000
DISK_RESERVE_BYTES = 1024 * 1024 * 1024
ATTEMPTS_MAX = 5
RETRY = timedelta(seconds=30)
ANCHORS_MAX = 10


def recordings_folder() -> Path:
    """Where recordings stand: beside the public media, never inside it."""
    return Path(settings.HOME) / "recordings"


def plan_cuts(*, room_id: int, until: datetime) -> int:
    """Write down what is to be cut of a room that ends, in the caller's transaction; returns how many pieces."""
    room = LiveRoom.objects.get(pk=room_id)
    clip_ms = settings.ENVIRONMENT.media_max_duration_ms - KEYFRAME_SLACK_MS
    replay_ms = settings.ENVIRONMENT.live_replay_limit_ms
    planned: list[LiveCut] = []
    if room.started_at is None:
        return 0
    for session in StreamSession.objects.filter(room=room, recorded_from__isnull=False).exclude(recording=""):
        begin = session.recorded_from
        assert begin is not None
        end_ms = _ms(begin, min(session.ended_at or until, until))
        start_ms = max(0, _ms(begin, room.started_at))
        if room.replay_mode != "off" and end_ms - start_ms >= CLIP_MIN_MS:
            planned.append(_cut(room, session, start_ms, min(end_ms, start_ms + replay_ms), room.replay_mode, until))
        if room.clip_mode == "off":
            continue
        for explain in room.explains.order_by("id"):
            from_ms = max(start_ms, _ms(begin, explain.started_at) - LEAD_MS)
            to_ms = min(end_ms, _ms(begin, explain.ended_at or until), from_ms + clip_ms)
            if to_ms - from_ms >= CLIP_MIN_MS:
                cut = _cut(room, session, from_ms, to_ms, room.clip_mode, until)
                cut.explain, cut.product_ids = explain, [explain.product_id]
                planned.append(cut)
    LiveCut.objects.bulk_create(planned, ignore_conflicts=True)
    return len(planned)


def make_cuts() -> int:
    """Cut what waits and publish what is ready; returns how many steps were taken. For the worker."""
    due = LiveCut.objects.filter(state__in=("waiting", "cut"), due_at__lte=clock.now()).order_by("due_at", "id")
    return sum(_step(pk) for pk in list(due.values_list("id", flat=True)[:5]))


def _step(pk: int) -> int:
    cut = LiveCut.objects.select_related("room", "session").get(pk=pk)
    try:
        if cut.state == "waiting":
            _make(cut)
        else:
            _publish(cut)
    except (BusinessError, CutFailed, OSError) as error:
        log.warning("cut %s of room %s: %s", pk, cut.room_id, error)
        over = cut.attempts + 1 >= ATTEMPTS_MAX
        LiveCut.objects.filter(pk=pk).update(
            attempts=F("attempts") + 1,
            failure=f"{type(error).__name__}: {error}"[:200],
            state="failed" if over else cut.state,
            due_at=clock.now() + RETRY,
        )
        return 0
    return 1


def _make(cut: LiveCut) -> None:
    source = recordings_folder() / cut.session.recording
    name = f"live-{cut.room_id}-{cut.pk}.mp4"
    # Beside the recording: a replay is as large as it, and the system's folder for such things is often small.
    with tempfile.TemporaryDirectory(prefix=".cut-", dir=_roomy_folder(source)) as folder:
        piece = Path(folder) / "cut.mp4"
        cut_recording(source=source, target=piece, start_ms=cut.start_ms, end_ms=cut.end_ms)
        if cut.explain_id is None:
            asset_id = adopt_recording(shop_id=cut.room.shop_id, source=piece, filename=name)
        else:
            asset_id = _upload(cut.room.shop_id, piece, name)
    _make_content(cut, asset_id)


def _roomy_folder(source: Path) -> Path:
    """Where a copy of a recording, and what is made of that, has room. Raises OSError."""
    folder = recordings_folder()
    folder.mkdir(parents=True, exist_ok=True)
    size = source.stat().st_size if source.is_file() else 0
    if shutil.disk_usage(folder).free < 2 * size + DISK_RESERVE_BYTES:
        raise OSError("the disk has no room for a copy of the recording")
    return folder


def _upload(shop_id: int, piece: Path, name: str) -> int:
    size = piece.stat().st_size
    metadata = f"filename {b64encode(name.encode()).decode()}"
    asset_id, _ = begin_upload(shop_id=shop_id, uploader_id=None, length=size, metadata=metadata)
    with piece.open("rb") as stream:
        append_bytes(shop_id=shop_id, asset_id=asset_id, offset=0, stream=stream, announced=size)
    return asset_id


@retried
@transaction.atomic
def _make_content(cut: LiveCut, asset_id: int) -> None:
    product_ids = cut.product_ids or list(cut.room.explains.order_by("id").values_list("product_id", flat=True))
    known = cards(product_ids)
    shown = [pk for pk in dict.fromkeys(product_ids) if pk in known][:ANCHORS_MAX]
    title = known[shown[0]].short_name or known[shown[0]].name if cut.explain_id and shown else _replay_title(cut)
    content_id = create_content(
        shop_id=cut.room.shop_id,
        author_id=None,
        kind="video",
        changes=ContentChanges(
            title=title[:80],
            caption=cut.room.title,
            creator_id=cut.room.creator_id,
            asset_ids=[asset_id],
            anchors=[AnchorSpec(product_id=pk) for pk in shown],
        ),
    )
    done = "cut" if cut.mode == "publish" else "done"
    if not LiveCut.objects.filter(pk=cut.pk, state="waiting").update(
        state=done, content_id=content_id, attempts=0, failure=""
    ):
        raise CutFailed("the room was banned, or another process was faster")


def _replay_title(cut: LiveCut) -> str:
    """The room's; of a show whose line broke, with the number of the part from the second on."""
    before = cut.room.cuts.filter(explain__isnull=True, pk__lt=cut.pk).count()
    return f"{cut.room.title} ({before + 1})" if before else cut.room.title


def _publish(cut: LiveCut) -> None:
    assert cut.content_id is not None
    state = shop_content(shop_id=cut.room.shop_id, content_id=cut.content_id)["state"]
    if state in ("draft", "processing"):
        LiveCut.objects.filter(pk=cut.pk).update(due_at=clock.now() + timedelta(seconds=2))
        return
    if state == "ready":
        publish_content(shop_id=cut.room.shop_id, content_id=cut.content_id)
    LiveCut.objects.filter(pk=cut.pk).update(state="failed" if state == "failed" else "done")


def delete_stream_folder(*, folder: str) -> None:
    """Remove the segments of a stream; its recording stays."""
    shutil.rmtree(Path(settings.HOME) / "live" / folder, ignore_errors=True)


def _cut(room: LiveRoom, session: StreamSession, start_ms: int, end_ms: int, mode: str, due_at: datetime) -> LiveCut:
    # The recording's last bytes are written when the encoder has gone: a moment's patience.
    due_at += timedelta(seconds=3)
    return LiveCut(room=room, session=session, start_ms=start_ms, end_ms=end_ms, mode=mode, due_at=due_at)


def _ms(begin: datetime, at: datetime) -> int:
    return int((at - begin).total_seconds() * 1000)
