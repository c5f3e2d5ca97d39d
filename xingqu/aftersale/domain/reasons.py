"""Why a buyer asks, and why a merchant refuses: codes that clients translate. A reason says whose fault it claims to be."""

from dataclasses import dataclass

from xingqu.aftersale.domain.states import Fault, Kind


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    fault: Fault | None = None
    needs_picture: bool = False


_M, _B, _C = Fault.MERCHANT, Fault.BUYER, Fault.CARRIER
_NOT_RECEIVED = Reason("not_received", _C)
_LATE = Reason("late", _M)
_QUALITY = Reason("quality", _M, needs_picture=True)
_DESCRIBED = Reason("not_as_described", _M, needs_picture=True)
_DAMAGED = Reason("damaged", _C, needs_picture=True)
_WRONG = Reason("wrong_item", _M, needs_picture=True)
_MISSING = Reason("missing_parts", _M, needs_picture=True)
_FAKE = Reason("counterfeit", _M, needs_picture=True)
_MIND = Reason("changed_mind", _B)
_AGREED = Reason("agreed")
_OTHER = Reason("other")

REASONS: dict[Kind, tuple[Reason, ...]] = {
    Kind.REFUND_ONLY: (_NOT_RECEIVED, _QUALITY, _DESCRIBED, _DAMAGED, _MISSING, _FAKE, _AGREED, _OTHER),
    Kind.RETURN_AND_REFUND: (_QUALITY, _DESCRIBED, _DAMAGED, _WRONG, _MISSING, _FAKE, _AGREED, _OTHER),
    Kind.NO_REASON_RETURN: (_MIND, Reason("size", _B), Reason("colour", _B), Reason("cheaper", _B)),
    Kind.PRE_SHIP: (
        _MIND,
        Reason("wrong_choice", _B),
        Reason("wrong_address", _B),
        Reason("cheaper", _B),
        _LATE,
        Reason("out_of_stock", _M),
        _OTHER,
    ),
    Kind.EXCHANGE: (_QUALITY, _WRONG, _DAMAGED, Reason("size", _B), Reason("colour", _B), _OTHER),
    Kind.RESEND: (_MISSING, _WRONG, _DAMAGED),
    Kind.REPAIR: (_QUALITY, Reason("worn", _B), _OTHER),
    Kind.PRICE_PROTECTION: (Reason("price_fell", _M),),
}
# Reasons that say that the goods have not come: nothing can be sent back, and no picture can be taken.
TURNED_BACK_REASON = "turned_back"  # of cases that the platform opens; nobody may choose it
WITHOUT_GOODS = frozenset({"not_received", TURNED_BACK_REASON})
REFUSALS = (
    "no_evidence",
    "not_our_fault",
    "used",
    "out_of_window",
    "delivered",
    "shipped",
    "amount",
    "agreed_otherwise",
    "other",
)
DISPUTES = ("not_received", "damaged_by_buyer", "incomplete", "wrong_goods", "other")


def reason_of(kind: Kind, code: str) -> Reason | None:
    """The reason of this kind with this code."""
    return next((reason for reason in REASONS[kind] if reason.code == code), None)
