"""A publishing account as its owner presents it: becoming a creator, name, handle, words, picture."""

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import ImageOps

from xingqu.accounts import services as accounts
from xingqu.content.domain import find_forbidden
from xingqu.content.media.errors import MediaError
from xingqu.content.media.pictures import PictureLimits, open_picture
from xingqu.content.services.comments import TextRefused
from xingqu.kit.errors import InvalidInput

AVATARS = Path("avatars")
AVATAR_PX = 256
AVATAR_LIMITS = PictureLimits(bytes_max=5_000_000)


def open_studio(*, owner_id: int, handle: str, display_name: str, bio: str) -> int:
    """Make somebody a creator and return the workplace's id.

    Raises TextRefused for a name or words that may not stand in public; NameTaken, InvalidInput, TooManyStudios as
    `accounts.services.open_studio`.
    """
    _check({"handle": handle, "display_name": display_name, "bio": bio})
    return accounts.open_studio(owner_id=owner_id, handle=handle, display_name=display_name, bio=bio)


def update_profile(*, creator_id: int, handle: str | None, display_name: str | None, bio: str | None) -> None:
    """Change what is given. Raises TextRefused, NameTaken, InvalidInput, NotFound."""
    given = {"handle": handle, "display_name": display_name, "bio": bio}
    _check({name: text for name, text in given.items() if text is not None})
    accounts.update_creator(creator_id=creator_id, handle=handle, display_name=display_name, bio=bio)


def save_avatar(*, creator_id: int, file: Any) -> str:
    """Cut a picture to a square and make it the account's. Returns its address.

    `file` is a Django upload. Raises InvalidInput for what is no picture, or too large.
    """
    folder = Path(settings.MEDIA_ROOT) / AVATARS
    folder.mkdir(parents=True, exist_ok=True)
    name = uuid.uuid4().hex
    source = folder / f".{name}.part"
    try:
        with source.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        picture = ImageOps.fit(open_picture(source, limits=AVATAR_LIMITS), (AVATAR_PX, AVATAR_PX))
        picture.save(folder / f"{name}.webp", "WEBP", quality=86)
    except MediaError as error:
        raise InvalidInput(str(error), field="file", expected="a JPEG, PNG or WebP picture of at most 5 MB") from error
    finally:
        source.unlink(missing_ok=True)
    url = f"{settings.MEDIA_URL}{AVATARS / name}.webp"
    accounts.update_creator(creator_id=creator_id, avatar_url=url)
    return url


def _check(texts: dict[str, str]) -> None:
    for field, text in texts.items():
        reason = find_forbidden(text)
        if reason is not None:
            raise TextRefused(
                field=field, expected="a text without contact details or forbidden words", data={"reason": reason}
            )
