"""The demo's plan as the seed makes it."""

import shutil
from functools import cache
from pathlib import Path

from django.conf import settings

from xingqu.accounts.selectors import creator_id_by_handle
from xingqu.accounts.services import create_creator
from xingqu.catalogue.services import demo_records
from xingqu.content.demo.making import SeedSpec
from xingqu.content.demo.plan import plan_contents, planned_creators, shipped_avatar, shipped_cover, shipped_pictures

AVATARS = Path("avatars")
COVERS = Path("covers")


@cache
def planned_contents() -> tuple[SeedSpec, ...]:
    """Every content of the plan, in the order of making."""
    return plan_contents(list(demo_records()), shipped_pictures())


def ensure_creators() -> None:
    """Make the plan's creators that are not there yet."""
    for planned in planned_creators():
        if creator_id_by_handle(handle=planned.handle) is not None:
            continue
        create_creator(
            handle=planned.handle,
            display_name=planned.name,
            display_name_en=planned.name_en,
            bio=planned.bio,
            avatar_url=publish_avatar(handle=planned.handle),
        )


def publish_avatar(*, handle: str) -> str:
    """Copy the avatar shipped for a handle to the media folder and return its address; empty when none is shipped."""
    return _publish(shipped_avatar(handle), AVATARS)


def publish_cover(*, slug: str) -> str:
    """Copy the cover shipped for a category to the media folder and return its address; empty when none is shipped."""
    return _publish(shipped_cover(slug), COVERS)


def _publish(path: Path | None, folder: Path) -> str:
    if path is None:
        return ""
    target = Path(settings.MEDIA_ROOT) / folder
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target / path.name)
    return f"{settings.MEDIA_URL}{folder / path.name}"
