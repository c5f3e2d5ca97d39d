"""What a shop does with samples: answer, send, look at works."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from xingqu.catalogue.services import SoldOut, hold_stock, resolve_hold
from xingqu.collaboration.domain.errors import SampleGone, WrongStep
from xingqu.collaboration.domain.samples import SampleState, SampleStep, Side
from xingqu.collaboration.models import SampleOffer
from xingqu.collaboration.services.sample_moves import Doing, note, own_sample, take_step, where
from xingqu.fulfilment.services import register_parcel
from xingqu.kit.errors import BusinessError, Conflict, InvalidInput, error_body
from xingqu.kit.transactions import retried

# A sample's own clocks say when its units go back; the stock's must not.
HELD_FOR = timedelta(days=3650)


class SampleFlagged(Conflict):
    """Approving in bulk passes over what somebody should look at."""

    code = "sample_flagged"
    message = "Other accounts have asked for samples to this address. Look at it, then approve it alone."


@dataclass(frozen=True, slots=True)
class Pick:
    """A sample as the caller saw it."""

    sample_no: str
    version: int


@dataclass(frozen=True, slots=True)
class Sending:
    carrier_code: str
    tracking_no: str


@retried
@transaction.atomic
def approve_sample(*, shop_id: int, pick: Pick, person_id: int, despite_flag: bool = False) -> None:
    """Say yes: its units are held. Raises NotFound, StaleVersion, WrongStep, SampleGone, SampleFlagged."""
    row = own_sample(sample_no=pick.sample_no, version=pick.version, shop_id=shop_id)
    if row.flag and not despite_flag and row.state == SampleState.APPLIED:
        raise SampleFlagged(field="sample_no", data=where(row))
    doing = Doing(Side.MERCHANT, person_id)
    take_step(row, SampleStep.APPROVE, doing)
    campaign = SampleOffer.objects.get(pk=row.offer_id).campaign
    try:
        hold_stock(
            order_ref=row.sample_no,
            lines=[(row.sku_id, row.quantity, campaign)],
            expires_at=doing.at + HELD_FOR,
        )
    except SoldOut as error:
        raise SampleGone(data=error.data) from error


@retried
@transaction.atomic
def reject_sample(*, shop_id: int, pick: Pick, text: str, person_id: int) -> None:
    """Say no. Raises NotFound, StaleVersion, WrongStep."""
    row = own_sample(sample_no=pick.sample_no, version=pick.version, shop_id=shop_id)
    take_step(row, SampleStep.REJECT, Doing(Side.MERCHANT, person_id, text))


def decide_samples(
    *, shop_id: int, picks: Sequence[Pick], approve: bool, text: str, person_id: int
) -> list[dict[str, Any]]:
    """Answer many, each in its own transaction; the result of each stands at its place: {sample_no, done, error}."""
    results: list[dict[str, Any]] = []
    for pick in picks:
        try:
            if approve:
                approve_sample(shop_id=shop_id, pick=pick, person_id=person_id)
            else:
                reject_sample(shop_id=shop_id, pick=pick, text=text, person_id=person_id)
        except BusinessError as error:
            results.append({"sample_no": pick.sample_no, "done": False, "error": error_body(error)["error"]})
        else:
            results.append({"sample_no": pick.sample_no, "done": True, "error": None})
    return results


@retried
@transaction.atomic
def cancel_sample(*, shop_id: int, pick: Pick, text: str, person_id: int) -> None:
    """Take a yes back before it is sent; what the creator paid goes back. Raises NotFound, StaleVersion, WrongStep."""
    row = own_sample(sample_no=pick.sample_no, version=pick.version, shop_id=shop_id)
    take_step(row, SampleStep.CANCEL, Doing(Side.MERCHANT, person_id, text))


@retried
@transaction.atomic
def ship_sample(*, shop_id: int, pick: Pick, sending: Sending, person_id: int) -> None:
    """Hand it to a carrier; its units leave the stock. Raises NotFound, StaleVersion, WrongStep, InvalidInput (carrier, number)."""
    row = own_sample(sample_no=pick.sample_no, version=pick.version, shop_id=shop_id)
    if row.state != SampleState.APPROVED:
        raise WrongStep(expected="an approved sample", data=where(row))
    register_parcel(
        reference=row.sample_no,
        kind="sample",
        shop_id=shop_id,
        order_no=row.sample_no,
        carrier_code=sending.carrier_code,
        tracking_no=sending.tracking_no,
        lines=[(row.sku_id, row.quantity)],
        target=(f"{row.address['province']}{row.address['city']}", str(row.address["phone"])),
    )
    data = {"carrier_code": sending.carrier_code, "tracking_no": sending.tracking_no.strip().upper()}
    doing = Doing(Side.MERCHANT, person_id, data=data)
    publish_by = doing.at + timedelta(seconds=int(row.rules["travel_s"]), days=row.fulfil_days)
    take_step(row, SampleStep.SHIP, doing, due_at=publish_by, publish_by=publish_by, shipped_at=doing.at)
    resolve_hold(order_ref=row.sample_no, outcome="consume")


@retried
@transaction.atomic
def confirm_work(*, shop_id: int, pick: Pick, person_id: int) -> None:
    """The declared work is what was asked for. Raises NotFound, StaleVersion, WrongStep."""
    row = own_sample(sample_no=pick.sample_no, version=pick.version, shop_id=shop_id)
    take_step(row, SampleStep.CONFIRM, Doing(Side.MERCHANT, person_id))


@retried
@transaction.atomic
def deny_work(*, shop_id: int, pick: Pick, text: str, person_id: int) -> None:
    """The declared work is not it; the creator has at least `redo_s` to try again.

    Raises NotFound, StaleVersion, WrongStep, InvalidInput without words.
    """
    row = own_sample(sample_no=pick.sample_no, version=pick.version, shop_id=shop_id)
    if not text:
        raise InvalidInput(field="text", expected="what is missing")
    doing = Doing(Side.MERCHANT, person_id, text)
    again = doing.at + timedelta(seconds=int(row.rules["redo_s"]))
    publish_by = max(row.publish_by or again, again)
    take_step(row, SampleStep.DENY, doing, due_at=publish_by, publish_by=publish_by, proof_link="")


@retried
@transaction.atomic
def release_sample(*, shop_id: int, pick: Pick, text: str, person_id: int) -> None:
    """Let the creator off: nothing is owed, what was paid goes back. Raises NotFound, StaleVersion, WrongStep."""
    row = own_sample(sample_no=pick.sample_no, version=pick.version, shop_id=shop_id)
    take_step(row, SampleStep.RELEASE, Doing(Side.MERCHANT, person_id, text))


@retried
@transaction.atomic
def answer_extension(*, shop_id: int, pick: Pick, agree: bool, text: str, person_id: int) -> None:
    """Give the days that a creator asked for, or not. Raises NotFound, StaleVersion, WrongStep when none were."""
    row = own_sample(sample_no=pick.sample_no, version=pick.version, shop_id=shop_id)
    if row.state != SampleState.SHIPPED or not row.extension_days or row.publish_by is None:
        raise WrongStep(expected="a sample with an extension asked for", data=where(row))
    doing = Doing(Side.MERCHANT, person_id, text, {"days": row.extension_days})
    if not agree:
        note(row, "refuse_extension", doing, extension_days=0)
        return
    publish_by = row.publish_by + timedelta(days=row.extension_days)
    note(
        row,
        "give_extension",
        doing,
        extension_days=0,
        extensions=row.extensions + 1,
        publish_by=publish_by,
        due_at=publish_by,
    )
