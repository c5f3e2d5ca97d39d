"""Makes one planned content's files. Pure and free of Django, so that a pool of processes can do it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xingqu.content.media.clips import ClipSpec, make_clip
from xingqu.content.media.ffmpeg import make_renditions
from xingqu.content.media.process import CancelCheck, ProgressCallback
from xingqu.content.media.stills import PicturePostSpec, make_picture_post

CLIP_SHARE = 0.8  # of the time goes into the clip, the rest into its HLS files


@dataclass(frozen=True)
class SeedSpec:
    """One content of the plan.

    `creator_handle` is empty for the account of the shop that sells the product. `external_ids` name the products on it
    as the imported file does; `age_hours` is how long ago it was published. Exactly one of `clip` and `post` says what is
    drawn.
    """

    key: str
    creator_handle: str
    title: str
    caption: str
    topics: tuple[str, ...]
    external_ids: tuple[str, ...]
    age_hours: float
    clip: ClipSpec | None = None
    post: PicturePostSpec | None = None
    points: tuple[str, ...] = ()
    label: str = ""
    show_from_ms: int | None = None

    @property
    def kind(self) -> str:
        return "video" if self.clip is not None else "picture"


@dataclass(frozen=True)
class MadeMedia:
    """What was written: names relative to the folder, size in pixels, length in milliseconds."""

    poster: str
    hls: str
    mp4: str
    previews: tuple[str, ...]
    pictures: tuple[tuple[str, int, int], ...]
    duration_ms: int
    width: int
    height: int

    def columns(self, base: str) -> dict[str, Any]:
        """Columns of a media asset whose files stand under the media path `base`."""
        files: dict[str, Any] = {"poster": f"{base}/{self.poster}"}
        if self.hls:
            files |= {"hls": f"{base}/{self.hls}", "previews": [f"{base}/{name}" for name in self.previews]}
            if self.mp4:
                files["mp4"] = f"{base}/{self.mp4}"
        else:
            files["pictures"] = [
                {"path": f"{base}/{name}", "width": width, "height": height} for name, width, height in self.pictures
            ]
        return {"files": files, "duration_ms": self.duration_ms, "width": self.width, "height": self.height}


def make_media(
    spec: SeedSpec,
    folder: Path,
    *,
    on_progress: ProgressCallback | None = None,
    should_cancel: CancelCheck | None = None,
) -> MadeMedia:
    """Write the files of `spec` into `folder`, which appears complete or not at all.

    Raises MediaError and ValueError as `make_clip`, `make_renditions` and `make_picture_post`.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left_over in folder.parent.glob(f".{folder.name}-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as work:
        if spec.clip is not None:
            told = on_progress or (lambda fraction: None)
            clip = make_clip(
                spec.clip,
                Path(work) / "clip.mp4",
                on_progress=lambda fraction: told(CLIP_SHARE * fraction),
                should_cancel=should_cancel,
            )
            made = make_renditions(clip.path, folder, should_cancel=should_cancel)
            told(1.0)
            return MadeMedia(
                poster=made.poster,
                hls=made.master,
                mp4=made.single,
                previews=made.previews,
                pictures=(),
                duration_ms=made.duration_ms,
                width=made.width_px,
                height=made.height_px,
            )
        if spec.post is None:
            raise ValueError(f"{spec.key} plans neither a clip nor pictures")
        stills = make_picture_post(spec.post, Path(work) / "stills", points=spec.points)
        shutil.rmtree(folder, ignore_errors=True)
        (Path(work) / "stills").rename(folder)
    first = stills[0]
    pictures = tuple((still.path.name, still.width_px, still.height_px) for still in stills)
    return MadeMedia(
        poster=first.path.name,
        hls="",
        mp4="",
        previews=(),
        pictures=pictures,
        duration_ms=0,
        width=first.width_px,
        height=first.height_px,
    )
