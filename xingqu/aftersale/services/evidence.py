"""Pictures that a side shows as evidence. They lie outside the public media folder: only the two sides and the platform see them."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import IO, Final

from django.db import transaction

from xingqu.aftersale.domain.states import Side
from xingqu.aftersale.models import Case, CaseEvent, CasePicture
from xingqu.catalogue.services.pictures import MAX_BYTES, encode_picture
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, InvalidInput
from xingqu.kit.private_files import drop_private, keep_private_once
from xingqu.kit.transactions import hold_names

log = logging.getLogger(__name__)
PICTURES_AN_ENTRY: Final = 9
WAITING_AN_ORDER: Final = 30  # pictures of one side that no entry has taken yet
WAITING: Final = timedelta(days=1)


class TooManyPictures(Conflict):
    code = "too_many_pictures"
    message = "So many pictures wait for this order already."


def add_picture(*, side: Side, person_id: int, order_no: str, shop_id: int, buyer_key: str, file: IO[bytes]) -> int:
    """Keep a picture for a case of this order, which the caller has shown to be their own; returns its id.

    It waits a day for the entry it belongs to. Raises TooManyPictures, TooLarge, BadFile.
    """
    data, width, height = encode_picture(file.read(MAX_BYTES + 1))
    with transaction.atomic():
        hold_names(f"evidence:{order_no}:{side}")
        waiting = CasePicture.objects.filter(order_no=order_no, side=side, event=None)
        if waiting.count() >= WAITING_AN_ORDER:
            raise TooManyPictures(field="file", expected=f"at most {WAITING_AN_ORDER} pictures")
        path = keep_private_once(folder=f"evidence/{clock.now():%Y%m}", data=data, suffix=".webp")
        row = CasePicture.objects.create(
            order_no=order_no,
            shop_id=shop_id,
            buyer_key=buyer_key,
            side=side,
            person_id=person_id,
            path=path,
            width=width,
            height=height,
            created_at=clock.now(),
        )
    return row.pk


def take_pictures(*, event: CaseEvent, case: Case, side: Side | None, picture_ids: Sequence[int]) -> None:
    """Hang pictures of this side that wait for this order on an entry, in this order. In the caller's transaction.

    Raises InvalidInput for a picture of another side or order, one that is taken, or one named twice.
    """
    if not picture_ids:
        return
    waiting = CasePicture.objects.filter(order_no=case.order_no, side=side, event=None, pk__in=picture_ids)
    if len(set(picture_ids)) != len(picture_ids) or len(picture_ids) > PICTURES_AN_ENTRY:
        raise InvalidInput(field="picture_ids", expected=f"at most {PICTURES_AN_ENTRY} pictures, each once")
    if waiting.count() != len(picture_ids):
        raise InvalidInput(field="picture_ids", expected="pictures uploaded for this order, each once")
    for position, pk in enumerate(picture_ids):
        CasePicture.objects.filter(pk=pk).update(event=event, position=position)


def sweep_pictures() -> int:
    """Delete evidence that no entry has taken within a day; returns how many. For the worker."""
    swept = 0
    late = CasePicture.objects.filter(event=None, created_at__lt=clock.now() - WAITING)
    for pk, path in list(late.values_list("id", "path")[:1000]):
        with transaction.atomic():
            # Guarded: an entry may take it at this very moment.
            gone, _ = CasePicture.objects.filter(pk=pk, event=None).delete()
        if gone:
            drop_private(path)
            swept += 1
    return swept
