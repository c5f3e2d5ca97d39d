"""Who may see a picture of evidence."""

from typing import Any

from xingqu.accounts.contracts import Actor
from xingqu.accounts.selectors import memberships_of
from xingqu.aftersale.domain.states import Side
from xingqu.aftersale.models import CasePicture
from xingqu.aftersale.selectors.cases import picture_row
from xingqu.kit.errors import NotFound


def waiting_picture(*, picture_id: int) -> dict[str, Any]:
    """A picture that was just uploaded."""
    return picture_row(CasePicture.objects.get(pk=picture_id))


def picture_path(*, picture_id: int, actor: Actor, is_operator: bool) -> str:
    """The path below the private folder, for a side of the case or an operator. Raises NotFound for anybody else.

    What waits for its entry is seen by its own side only.
    """
    row = CasePicture.objects.filter(pk=picture_id).first()
    if row is None:
        raise NotFound
    if is_operator and row.event_id is not None:
        return row.path
    if row.buyer_key == actor.key and (row.side == Side.BUYER or row.event_id is not None):
        return row.path
    mine = memberships_of(person_id=actor.person_id) if actor.person_id is not None else []
    if any(card.organisation_id == row.shop_id and card.may("view", "aftersale") for card, _ in mine) and (
        row.side == Side.MERCHANT or row.event_id is not None
    ):
        return row.path
    raise NotFound
