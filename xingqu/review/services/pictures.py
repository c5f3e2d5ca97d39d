"""Pictures of reviews. Only pixels are kept: what a phone writes beside them (place, device) goes no further.

A picture is uploaded while the review is being written and waits for it; one that no review took is deleted after a day.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import IO, Final
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from xingqu.catalogue.services.pictures import MAX_BYTES, encode_picture
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.review.domain import NotReceived, TooManyPictures
from xingqu.review.models import Review, ReviewPicture
from xingqu.trade.selectors import shop_order_for_buyer

log = logging.getLogger(__name__)
PICTURES_A_LINE: Final = 12  # waiting at once: nine are shown, some are taken out again while writing
WAITING: Final = timedelta(days=1)


def add_picture(*, buyer_key: str, person_id: int, order_no: str, file: IO[bytes]) -> int:
    """Keep a picture for a review of one's own received order; returns its id.

    Raises NotFound for another's order, NotReceived, TooManyPictures, TooLarge, BadFile.
    """
    order = shop_order_for_buyer(buyer_key=buyer_key, order_no=order_no)
    if order.state != "done":
        raise NotReceived(expected="a received order", data={"state": order.state})
    limit = PICTURES_A_LINE * len(order.lines)
    if ReviewPicture.objects.filter(order_no=order_no, review__isnull=True).count() >= limit:
        raise TooManyPictures(field="file", expected=f"at most {limit} pictures an order")
    data, width, height = encode_picture(file.read(MAX_BYTES + 1))
    path = f"reviews/{clock.now():%Y%m}/{uuid4().hex}.webp"
    target = Path(settings.MEDIA_ROOT) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    row = ReviewPicture.objects.create(
        order_no=order_no, person_id=person_id, path=path, width=width, height=height, created_at=clock.now()
    )
    return row.pk


def take_pictures(*, review: Review, picture_ids: Sequence[int], in_follow_up: bool = False) -> None:
    """Hang pictures that wait for this order on its review or its follow-up, in this order. In the caller's transaction.

    Raises InvalidInput for a picture that is another's, of another order, taken already or named twice.
    """
    waiting = ReviewPicture.objects.filter(
        order_no=review.order_no, person_id=review.person_id, review__isnull=True, pk__in=picture_ids
    )
    if len(set(picture_ids)) != len(picture_ids) or waiting.count() != len(picture_ids):
        raise InvalidInput(field="picture_ids", expected="pictures uploaded for this order, each once")
    for position, pk in enumerate(picture_ids):
        ReviewPicture.objects.filter(pk=pk).update(review=review, position=position, in_follow_up=in_follow_up)


def sweep_pictures() -> int:
    """Delete pictures that no review has taken within a day; returns how many. For the worker."""
    swept = 0
    late = ReviewPicture.objects.filter(review__isnull=True, created_at__lt=clock.now() - WAITING)
    for pk, path in list(late.values_list("id", "path")[:1000]):
        with transaction.atomic():
            # Guarded: a review may take it at this very moment.
            gone, _ = ReviewPicture.objects.filter(pk=pk, review__isnull=True).delete()
        if gone:
            (Path(settings.MEDIA_ROOT) / path).unlink(missing_ok=True)
            swept += 1
    return swept
