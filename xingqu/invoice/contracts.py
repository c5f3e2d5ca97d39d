"""What other rooms may know of invoices, and what an issuer is given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Kind = Literal["blue", "red"]
TitleKind = Literal["personal", "company"]
RequestState = Literal["waiting", "issuing", "issued", "rejected", "voided", "closed"]


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """Amounts in minor units, tax included in `gross_minor`; of a red letter they are what it takes back."""

    name: str
    option_text: str
    quantity: int
    rate_bp: int
    gross_minor: int
    net_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice as it is issued. `number` is empty until an issuer gave one; `red_of` is the number that a red letter
    corrects. `buyer` and `seller`: name, tax_no, address, phone, bank, account, as far as they are known."""

    reference: str
    kind: Kind
    number: str
    red_of: str
    order_no: str
    currency: str
    buyer: dict[str, Any]
    seller: dict[str, Any]
    lines: tuple[DocumentLine, ...]
    gross_minor: int
    net_minor: int
    tax_minor: int
    reason: str
    issued_at: datetime | None
    issuer: str
