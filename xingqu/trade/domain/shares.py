"""The arithmetic of shared income (分账), pure: how much of a line's price is whose."""

from dataclasses import dataclass

from xingqu.kit.errors import InvalidInput

WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class ShareTerms:
    """Who has a share in a line's price and which, in basis points, as they were when it was ordered.

    `commission_bp` and `service_bp` are of the price; the platform keeps `platform_bp` of both; of what is left of the
    commission the creator's agency has `mcn_bp`.
    """

    commission_bp: int
    service_bp: int = 0
    platform_bp: int = 0
    mcn_bp: int = 0


@dataclass(frozen=True, slots=True)
class Shares:
    """What of a line's price is whose, in minor units; the merchant keeps the rest."""

    creator: int
    mcn: int
    colonel: int
    platform: int

    @property
    def total(self) -> int:
        return self.creator + self.mcn + self.colonel + self.platform

    def __sub__(self, other: "Shares") -> "Shares":
        return Shares(
            self.creator - other.creator,
            self.mcn - other.mcn,
            self.colonel - other.colonel,
            self.platform - other.platform,
        )


def check_terms(terms: ShareTerms) -> None:
    """Raises InvalidInput for rates that are none, or that give away more than the price."""
    for name in ("commission_bp", "service_bp", "platform_bp", "mcn_bp"):
        if not 0 <= getattr(terms, name) <= WHOLE_BP:
            raise InvalidInput(field=name, expected=f"0 to {WHOLE_BP} basis points")
    if terms.commission_bp + terms.service_bp > WHOLE_BP:
        raise InvalidInput(field="service_bp", expected="no more than the price together with the commission")


def shares_of(base_minor: int, terms: ShareTerms) -> Shares:
    """Shares in `base_minor` (≥ 0), what a buyer paid for a line and has not got back.

    Each is rounded down at its own step, the remainder stays with whom it is taken from: with the merchant, then with creator
    and colonel. Every share rises with the base, so that differences of this function, taken as parts go back, never ask
    anybody for more than they had and sum to the whole, to the cent.
    """
    commission = base_minor * terms.commission_bp // WHOLE_BP
    service = base_minor * terms.service_bp // WHOLE_BP
    of_commission, of_service = (amount * terms.platform_bp // WHOLE_BP for amount in (commission, service))
    left = commission - of_commission
    mcn = left * terms.mcn_bp // WHOLE_BP
    return Shares(creator=left - mcn, mcn=mcn, colonel=service - of_service, platform=of_commission + of_service)
