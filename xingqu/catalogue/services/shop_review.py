"""Onboarding of a shop: its documents, its submission, and an operator's decision with reasons by field."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import IO, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from xingqu.accounts.selectors import organisation_card
from xingqu.accounts.services import allow_listing, notify
from xingqu.catalogue.domain.errors import TooMany, WrongState
from xingqu.catalogue.domain.shop_check import REVIEWED_FIELDS, is_credit_code, missing_documents
from xingqu.catalogue.models import ShopApplication, ShopDocument
from xingqu.catalogue.services.pictures import MAX_BYTES, encode_picture
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.private_files import keep_private
from xingqu.kit.transactions import hold_names, retried

MAX_LOOSE: Final = 20  # pictures of a shop that no submission names
MAX_NAMED: Final = 10
LOOSE: Final = timedelta(days=7)


def add_document(*, shop_id: int, person_id: int, kind: str, file: IO[bytes], valid_until: date | None = None) -> int:
    """Keep a picture for the shop's submission, privately; returns its id. Raises TooLarge, BadFile, TooMany, InvalidInput for a
    paper that has expired."""
    _require_valid("valid_until", valid_until)
    data, width, height = encode_picture(file.read(MAX_BYTES + 1))
    return _keep_document(shop_id, person_id, kind, data, (width, height), valid_until)


@retried
@transaction.atomic
def _keep_document(
    shop_id: int, person_id: int, kind: str, data: bytes, size: tuple[int, int], valid_until: date | None
) -> int:
    hold_names(f"shop-application:{shop_id}")
    if ShopDocument.objects.filter(shop_id=shop_id, applications=None).count() >= MAX_LOOSE:
        raise TooMany(field="file", expected=f"at most {MAX_LOOSE} pictures that no submission names")
    path = keep_private(folder=f"shops/{shop_id}", data=data, suffix=".webp")
    row = ShopDocument.objects.create(
        shop_id=shop_id,
        kind=kind,
        path=path,
        width=size[0],
        height=size[1],
        valid_until=valid_until,
        uploaded_by_id=person_id,
        uploaded_at=clock.now(),
    )
    return row.pk


@retried
@transaction.atomic
def submit_shop(
    *,
    shop_id: int,
    person_id: int,
    kind: str,
    legal_name: str,
    licence_no: str,
    licence_until: date | None,
    contact_name: str,
    contact_phone: str,
    document_ids: Sequence[int],
) -> int:
    """Hand in the shop's qualification; returns the submission's id. Where the site decides by itself it is approved at once.

    A shop that is approved stays so while a change of its papers waits. Raises WrongState while another submission
    waits, InvalidInput for a number whose check digit is wrong, an expired licence, missing or foreign pictures.
    """
    if not is_credit_code(licence_no):
        raise InvalidInput(field="licence_no", expected="the 18 characters of the licence; the last checks the others")
    _require_valid("licence_until", licence_until)
    hold_names(f"shop-application:{shop_id}")
    if ShopApplication.objects.filter(shop_id=shop_id, state=ShopApplication.State.WAITING).exists():
        raise WrongState("This shop waits for its review already.", expected="a shop that does not wait")
    documents = _own_documents(shop_id, document_ids)
    row = ShopApplication.objects.create(
        shop_id=shop_id,
        kind=kind,
        legal_name=legal_name,
        licence_no=licence_no,
        licence_until=licence_until,
        contact_name=contact_name,
        contact_phone=contact_phone,
        submitted_by_id=person_id,
        submitted_at=clock.now(),
    )
    row.documents.set(documents)
    if not settings.ENVIRONMENT.shops_need_operator:
        _decide(row, None, ShopApplication.State.APPROVED, {})
        allow_listing(organisation_id=shop_id)
    return row.pk


@retried
@transaction.atomic
def withdraw_shop(*, shop_id: int) -> None:
    """Take a waiting submission back. Raises WrongState when none waits."""
    moved = ShopApplication.objects.filter(shop_id=shop_id, state=ShopApplication.State.WAITING).update(
        state=ShopApplication.State.WITHDRAWN, decided_at=clock.now()
    )
    if not moved:
        raise WrongState("No submission waits.", expected="a shop that waits")


@retried
@transaction.atomic
def approve_shop(*, operator_id: int, application_id: int) -> None:
    """Let the shop list products. Raises NotFound, WrongState once it was decided or taken back."""
    row = _application(application_id)
    _decide(row, operator_id, ShopApplication.State.APPROVED, {})
    allow_listing(organisation_id=row.shop_id)
    _tell(row, "shop_approved")


@retried
@transaction.atomic
def reject_shop(*, operator_id: int, application_id: int, reasons: Mapping[str, str]) -> None:
    """Send a submission back with a reason for each field that is wrong. A shop that was approved before stays so.

    Raises NotFound, WrongState once it was decided or taken back, InvalidInput without reasons or for an unknown field.
    """
    if not reasons or not set(reasons) <= set(REVIEWED_FIELDS):
        raise InvalidInput(field="reasons", expected="a reason for at least one of " + ", ".join(REVIEWED_FIELDS))
    row = _application(application_id)
    _decide(row, operator_id, ShopApplication.State.REJECTED, reasons)
    _tell(row, "shop_rejected")


def sweep_documents() -> int:
    """Forget pictures that no submission has named within a week; returns how many. Their bytes may be another row's."""
    gone, _ = ShopDocument.objects.filter(applications=None, uploaded_at__lt=clock.now() - LOOSE).delete()
    return gone


def _application(application_id: int) -> ShopApplication:
    row = ShopApplication.objects.filter(pk=application_id).first()
    if row is None:
        raise NotFound
    return row


def _own_documents(shop_id: int, document_ids: Sequence[int]) -> list[ShopDocument]:
    if len(document_ids) > MAX_NAMED or len(set(document_ids)) != len(document_ids):
        raise InvalidInput(field="document_ids", expected=f"at most {MAX_NAMED} pictures, each once")
    rows = list(ShopDocument.objects.filter(shop_id=shop_id, pk__in=document_ids))
    if len(rows) != len(document_ids):
        raise InvalidInput(field="document_ids", expected="pictures that this shop uploaded")
    missing = missing_documents(row.kind for row in rows)
    if missing:
        raise InvalidInput(
            field="document_ids", expected="pictures of " + ", ".join(missing), data={"missing": missing}
        )
    for row in rows:
        _require_valid("document_ids", row.valid_until)
    return rows


def _require_valid(field: str, until: date | None) -> None:
    if until is not None and until < timezone.localdate(clock.now()):
        raise InvalidInput(field=field, expected="papers that have not expired")


def _decide(row: ShopApplication, operator_id: int | None, state: str, reasons: Mapping[str, str]) -> None:
    """Guarded: of two operators who decide at once, or one and the shop that takes it back, one is told so."""
    moved = ShopApplication.objects.filter(pk=row.pk, state=ShopApplication.State.WAITING).update(
        state=state, reasons=dict(reasons), decided_by_id=operator_id, decided_at=clock.now()
    )
    if not moved:
        raise WrongState("This submission has been decided or taken back.", expected="a submission that waits")


def _tell(row: ShopApplication, kind: str) -> None:
    shop = organisation_card(organisation_id=row.shop_id)
    notify(
        organisation_id=row.shop_id,
        kind=kind,
        data={"shop_id": shop.id, "shop_name": shop.name, "room": "qualification"},
    )
