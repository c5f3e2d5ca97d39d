"""Pictures that a side shows in a dispute. They lie outside the public media folder: the two sides and operators see them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import IO, Any, Final

from django.db import transaction

from xingqu.catalogue.services.pictures import MAX_BYTES, encode_picture
from xingqu.collaboration.domain.samples import Side
from xingqu.collaboration.models import Collaboration, CollaborationEvent, CollaborationPicture
from xingqu.collaboration.services.moves import own_collaboration
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput
from xingqu.kit.private_files import drop_private, keep_private_once
from xingqu.kit.transactions import retried

PICTURES_AN_ENTRY: Final = 9
WAITING_A_SIDE: Final = 30  # pictures that no entry has taken yet
WAITING: Final = timedelta(days=1)


@retried
@transaction.atomic
def add_picture(*, collab_no: str, side: Side, person_id: int, file: IO[bytes], **scope: Any) -> int:
    """Keep a picture for a statement; it waits a day for one. Returns its id. Raises NotFound, Conflict, TooLarge, BadFile."""
    row = own_collaboration(collab_no=collab_no, **scope)
    if CollaborationPicture.objects.filter(collaboration=row, side=side, event=None).count() >= WAITING_A_SIDE:
        raise Conflict(field="file", expected=f"at most {WAITING_A_SIDE} pictures that wait for a statement")
    file.seek(0)
    data, width, height = encode_picture(file.read(MAX_BYTES + 1))
    now = clock.now()
    path = keep_private_once(folder=f"collaboration/{now:%Y%m}", data=data, suffix=".webp")
    made = CollaborationPicture.objects.create(
        collaboration=row, side=side, person_id=person_id, path=path, width=width, height=height, created_at=now
    )
    return made.pk


def take_pictures(*, event: CollaborationEvent, row: Collaboration, side: Side, picture_ids: Sequence[int]) -> None:
    """Hang pictures of this side that wait on an entry, in the caller's transaction. Raises InvalidInput."""
    if not picture_ids:
        return
    loose = CollaborationPicture.objects.filter(collaboration=row, side=side, event=None, pk__in=picture_ids)
    if len(set(picture_ids)) != len(picture_ids) or len(picture_ids) > PICTURES_AN_ENTRY:
        raise InvalidInput(field="picture_ids", expected=f"at most {PICTURES_AN_ENTRY} pictures, each once")
    if loose.update(event=event) != len(picture_ids):
        raise InvalidInput(field="picture_ids", expected="pictures that you uploaded for this, each once")


def sweep_pictures() -> int:
    """Delete pictures that no entry has taken within a day; returns how many. For the worker."""
    swept = 0
    late = CollaborationPicture.objects.filter(event=None, created_at__lt=clock.now() - WAITING)
    for pk, path in list(late.values_list("id", "path")[:1000]):
        with transaction.atomic():
            gone, _ = CollaborationPicture.objects.filter(pk=pk, event=None).delete()
        if gone:
            drop_private(path)
            swept += 1
    return swept
