"""Facts of after-sale. `kind`, `state` and `fault` (merchant, buyer, carrier or None) are the codes of the glossary."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CaseOpened:
    """A buyer asked for after-sale: the order's settlement is held until the case is closed."""

    case_no: str
    order_no: str
    shop_id: int
    buyer_key: str
    person_id: int | None
    kind: str
    state: str
    fault: str | None
    asked_minor: int
    currency: str
    opened_at: datetime


@dataclass(frozen=True)
class CaseChanged:
    """A case took a step and is still open; `waiting_for` (buyer, merchant, platform) must act until `due_at`."""

    case_no: str
    order_no: str
    shop_id: int
    buyer_key: str
    person_id: int | None
    kind: str
    state: str
    fault: str | None
    step: str
    waiting_for: str | None
    due_at: datetime | None
    opened_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class CaseClosed:
    """A case ended: `state` is success, closed or failed; `verdict` is the arbitration's, None without one."""

    case_no: str
    order_no: str
    shop_id: int
    buyer_key: str
    person_id: int | None
    kind: str
    state: str
    fault: str | None
    close_reason: str
    verdict: str | None
    refunded_minor: int
    currency: str
    opened_at: datetime
    closed_at: datetime
