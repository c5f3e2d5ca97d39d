"""Shapes of the invoice API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints, model_validator

from xingqu.invoice.contracts import Kind, RequestState, TitleKind
from xingqu.kit.api import Id, Moment, MoneyOut, Number, Out, ShortText

Name = Annotated[ShortText, StringConstraints(min_length=1, max_length=100)]
TaxNumber = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[0-9A-Za-z]{0,18}$")]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9+() -]{0,20}$")]
Bank = Annotated[ShortText, StringConstraints(max_length=60)]
Account = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9 -]{0,40}$")]
Reason = Annotated[ShortText, StringConstraints(min_length=1, max_length=120)]


class TitleFields(Schema):
    """`tax_no` is the unified social credit code; a company's title needs it."""

    kind: TitleKind
    name: Name
    tax_no: TaxNumber = ""
    address: ShortText = ""
    phone: Phone = ""
    bank: Bank = ""
    account: Account = ""


class TitleIn(TitleFields):
    is_default: bool = False


class TitleSnapshotOut(Out):
    kind: TitleKind
    name: str
    tax_no: str
    address: str
    phone: str
    bank: str
    account: str


class TitleOut(TitleSnapshotOut):
    id: int
    is_default: bool


class InvoiceAskIn(Schema):
    """A title of the book, or one written here."""

    title_id: Id | None = None
    title: TitleFields | None = None

    @model_validator(mode="after")
    def one_title(self) -> "InvoiceAskIn":
        if (self.title_id is None) == (self.title is None):
            raise ValueError("either title_id or title")
        return self


class InvoiceDocumentOut(Out):
    """A document; `number` is null while a gateway is asked for it. A red one takes back part of `red_of`. `refusal`: the
    gateway's own words."""

    reference: str
    kind: Kind
    number: str | None
    red_of: str | None
    gross: MoneyOut
    tax: MoneyOut
    reason: str
    refusal: str
    issued_at: datetime | None
    voided: bool


class InvoiceRequestOut(Out):
    """`ripe`: its order is paid. `amount` is what the buyer paid and did not get back; `reason` why it was rejected."""

    order_no: str
    shop_id: int
    state: RequestState
    ripe: bool
    title: TitleSnapshotOut
    reason: str
    asked_at: datetime
    decided_at: datetime | None
    amount: MoneyOut
    documents: list[InvoiceDocumentOut]


class InvoiceCountsOut(Out):
    waiting: int
    issued: int
    rejected: int


class SellerIn(Schema):
    name: Name
    tax_no: TaxNumber
    address: ShortText = ""
    phone: Phone = ""
    bank: Bank = ""
    account: Account = ""


class SellerOut(Out):
    name: str
    tax_no: str
    address: str
    phone: str
    bank: str
    account: str


class InvoiceSettingsOut(Out):
    """`seller` is null until the shop has said in whose name it issues. `issuer`: own, or the attached gateway's adapter."""

    seller: SellerOut | None
    issuer: str


class ReasonIn(Schema):
    reason: Reason


class InvoiceBatchIn(Schema):
    order_nos: Annotated[list[Number], Field(min_length=1, max_length=100)]


class InvoiceBatchRowOut(Out):
    order_no: str
    issued: bool
    error: dict[str, Any] | None


class InvoiceBatchOut(Out):
    items: list[InvoiceBatchRowOut]


class TaxRuleIn(Schema):
    """`category_id` null: every category without a rule of its own."""

    category_id: Id | None = None
    rate_bp: Annotated[int, Field(ge=0, le=10_000)]
    effective_from: Moment


class TaxRuleOut(Out):
    id: int
    category_id: int | None
    rate_bp: int
    effective_from: datetime


class TaxRulesOut(Out):
    """`usual_bp` holds where no rule does."""

    usual_bp: int
    rules: list[TaxRuleOut]


Tab = Literal["waiting", "issued", "rejected", "all"]
