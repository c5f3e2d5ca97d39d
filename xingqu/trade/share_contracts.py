"""What other rooms may know of shares in what merchants earn; part of `contracts`."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LineToShare:
    """A line of an order as it was attributed, and when it was ordered."""

    line_id: int
    product_id: int
    creator_id: int | None
    content_id: int | None
    ordered_at: datetime
    live_room_id: int | None = None


@dataclass(frozen=True, slots=True)
class LineShareTerms:
    """Who has a share in a line and at which rates, in basis points; `reference` is what gave it ("plan:7").

    Commission and service fee are of the price, `platform_bp` of both of them, `mcn_bp` of the commission that is left.
    """

    creator_id: int
    reference: str
    commission_bp: int
    mcn_id: int | None = None
    colonel_id: int | None = None
    service_bp: int = 0
    platform_bp: int = 0
    mcn_bp: int = 0


@dataclass(frozen=True, slots=True)
class LineShareRow:
    """What a line's shares are worth by now: estimated until the order is settled, then as booked. `base_minor` is shared."""

    line_id: int
    order_no: str
    base_minor: int
    refunded_minor: int
    creator_minor: int
    mcn_minor: int
    colonel_minor: int
    platform_minor: int
    done_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditedShares:
    """`shared_minor` went from a settled order to others, says the order; `due` by account, say its lines.

    `refund_nos`: refunds of the order that are done.
    """

    order_no: str
    shop_id: int
    currency: str
    shared_minor: int
    due: dict[str, int]
    refund_nos: tuple[str, ...] = ()
