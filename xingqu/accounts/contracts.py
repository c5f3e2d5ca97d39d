"""What other rooms may know of accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from xingqu.accounts.scopes import may

MERCHANT = "merchant"  # the kind of organisation that has a shop
STUDIO = "creator"  # the workplace of a creator
AGENCY = "mcn"

# What each role may do in an organisation, as far as its kind has it (`scopes.scopes_within`); "*" is everything.
PERMISSIONS: dict[str, frozenset[str]] = {
    "owner": frozenset({"*"}),
    "manager": frozenset(
        {
            "view",
            "products.write",
            "content.write",
            "orders.write",
            "reviews.write",
            "service.write",
            "members.write",
            "shop.write",
            "funds.write",
            "alliance.write",
            "earnings.write",
            "creators.write",
        }
    ),
    "catalogue": frozenset({"view", "products.write"}),
    "fulfilment": frozenset({"view", "orders.write"}),
    "content": frozenset({"view", "content.write"}),
    "service": frozenset({"view", "service.write", "reviews.write"}),
    "finance": frozenset({"view", "funds.write", "earnings.write"}),
    "viewer": frozenset({"view"}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: a signed-in person, else a guest with a key of their own."""

    person_id: int | None
    guest_key: int | None

    @property
    def key(self) -> str:
        """Stable text key of this actor's rows: ``p12`` or ``g345``."""
        return f"p{self.person_id}" if self.person_id is not None else f"g{self.guest_key}"


@dataclass(frozen=True, slots=True)
class CreatorCard:
    """A publishing account: of a shop, or of a creator, whose workplace `organisation_id` then is (None: of nobody's)."""

    id: int
    handle: str
    display_name: str
    display_name_en: str
    avatar_url: str
    bio: str
    organisation_id: int | None
    organisation_kind: str = ""

    @property
    def is_shop(self) -> bool:
        return self.organisation_kind == MERCHANT

    @property
    def shop_id(self) -> int | None:
        """The shop whose account it is."""
        return self.organisation_id if self.is_shop else None


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    id: int
    kind: str
    name: str
    name_en: str
    description: str
    avatar_url: str


@dataclass(frozen=True, slots=True)
class MembershipCard:
    """Who somebody is in an organisation. `scopes` are the role's, as far as the organisation's `kind` has them; a program's
    card has none: its address was checked. `delegate_of` is the organisation that sent somebody who is no member here."""

    id: int
    organisation_id: int
    person_id: int
    role: str
    scopes: frozenset[str] = frozenset()
    kind: str = MERCHANT
    delegate_of: int | None = None

    @property
    def is_delegate(self) -> bool:
        return self.delegate_of is not None

    def may(self, permission: str, page: str = "") -> bool:
        """Whether the role allows it; "view" of a `page` is also allowed by a scope of that page."""
        return may(self.scopes, permission, page)


@dataclass(frozen=True, slots=True)
class OpenAccess:
    """A program of a shop that speaks by a token. `person_id` is the member who made it: its writes are on that account.

    `scopes` are the token's, and the one that the address asks for is among them.
    """

    app_id: int
    shop_id: int
    person_id: int
    scopes: frozenset[str]


# What a person is told as a buyer, and as who puts up clips; what a shop's members are told is not listed. The mall shows
# the first and has a sentence for each in both languages, which a test of the mall checks against this list.
BUYER_NOTICES = (
    "order_paid",
    "order_shipped",
    "order_refunded",
    "order_expired",
    "presale_soon",
    "presale_open",
    "presale_closing",
    "presale_lost",
    "package_delivered",
    "package_silent",
    "package_turned_back",
    "aftersale_changed",
    "aftersale_closed",
    "back_in_stock",
    "live_started",
    "live_moved",
    "live_called_off",
    "live_won",
    "review_replied",
    "review_case",
    "invoice_issued",
    "invoice_red",
    "invoice_rejected",
)
UPLOADER_NOTICES = ("asset_ready", "asset_failed")
# What one member is told of their own place in a shop.
MEMBER_NOTICES = ("role_changed", "member_removed")
NoticeSide = Literal["all", "buyer"]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    id: int
    kind: str
    data: dict[str, Any]
    created_at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class PersonBrief:
    """Somebody as an operator finds them."""

    id: int
    display_name: str
    email: str
    joined_at: datetime
