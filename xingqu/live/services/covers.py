"""A room's cover: a picture of the host's own that stands for the room until it is on air, and behind its picture then."""

from pathlib import Path
from typing import Any

from django.conf import settings

from xingqu.content.services import keep_picture
from xingqu.kit.errors import NotFound
from xingqu.live.domain.errors import WrongState
from xingqu.live.domain.states import PUSHABLE
from xingqu.live.models import LiveRoom
from xingqu.live.services.rooms import COVERS, RoomChanges, update_room


def save_room_cover(*, shop_id: int, room_id: int, file: Any) -> None:
    """Make an uploaded picture the cover of a room that has not ended; the one of before is removed.

    `file` is a Django upload. Raises NotFound, WrongState, InvalidInput for what is no picture or too large.
    """
    state = LiveRoom.objects.filter(pk=room_id, shop_id=shop_id).values_list("state", flat=True).first()
    if state is None:
        raise NotFound
    if state not in PUSHABLE:
        raise WrongState(data={"state": state})
    path = keep_picture(file=file, folder=COVERS / str(room_id))
    try:
        update_room(shop_id=shop_id, room_id=room_id, changes=RoomChanges(cover_url=f"{settings.MEDIA_URL}{path}"))
    except BaseException:
        (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)
        raise
