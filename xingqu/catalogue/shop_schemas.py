"""Shapes of onboarding."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.kit.api import Id, ShortText

ShopKind = Literal["company", "individual"]
DocumentKind = Literal["licence", "identity_front", "identity_back", "other"]
Named = Annotated[ShortText, StringConstraints(min_length=2)]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 -]{5,18}$")]
LicenceNo = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=18, max_length=18)]
Why = Annotated[ShortText, StringConstraints(min_length=2)]


class ShopApplicationIn(Schema):
    """`document_ids` name pictures that the shop uploaded: the licence and both sides of the identity card at least."""

    kind: ShopKind
    legal_name: Named
    licence_no: LicenceNo
    licence_until: date | None = None
    contact_name: Annotated[Named, StringConstraints(max_length=40)]
    contact_phone: Phone
    document_ids: Annotated[list[Id], Field(max_length=10)]


class RejectShopIn(Schema):
    """What is wrong, by field or by kind of picture."""

    reasons: Annotated[dict[Annotated[str, StringConstraints(max_length=20)], Why], Field(min_length=1, max_length=10)]


class ShopDocumentOut(Schema):
    """`url` answers the shop's owner and managers and operators only."""

    id: int
    kind: DocumentKind
    url: str
    width: int
    height: int
    valid_until: date | None


class ShopApplicationOut(Schema):
    id: int
    shop_id: int
    shop_name: str
    state: Literal["waiting", "approved", "rejected", "withdrawn"]
    kind: ShopKind
    legal_name: str
    licence_no: str
    licence_until: date | None
    contact_name: str
    contact_phone: str
    documents: list[ShopDocumentOut]
    reasons: dict[str, str]
    submitted_at: datetime
    decided_at: datetime | None
    decided_by: str | None


class PapersEndingOut(Schema):
    """How many of the approved papers have expired, and how many more will within the days of `XINGQU_PAPERS_WARN_DAYS`."""

    expired: int
    expiring: int


class ShopStateOut(Schema):
    """Where the shop stands, for every member: `approved` may put products on sale."""

    state: Literal["unsubmitted", "waiting", "rejected", "approved"]
    # Nothing new goes on sale for now: the deposit is short, or the shop is closing.
    listing_frozen: bool
    papers: PapersEndingOut


class ShopQualificationOut(ShopStateOut):
    """The state, and the latest submission."""

    may_list: bool
    needs_operator: bool
    application: ShopApplicationOut | None
