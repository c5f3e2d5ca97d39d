"""What members may do: scopes by page of the workbench, what each kind of workplace has of them, and the page that an
address belongs to. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

# Page -> the scope that lets one change things on it; everybody with a write scope of a page may read it.
PAGES: dict[str, str | None] = {
    "products": "products.write",
    "content": "content.write",
    "marketing": "shop.write",
    "orders": "orders.write",
    "aftersale": "orders.write",
    "shipping": "orders.write",
    "messages": "service.write",
    "reviews": "reviews.write",
    "funds": "funds.write",
    "members": "members.write",
    "logistics": "shop.write",
    "open": "shop.write",
    "settings": "shop.write",
    "alliance": "alliance.write",
    "earnings": "earnings.write",
    "creators": "creators.write",
}
WRITE_SCOPES = tuple(dict.fromkeys(scope for scope in PAGES.values() if scope is not None))
READ_SCOPES = tuple(f"{page}.read" for page in PAGES)
# `view` reads every page; `*` is everything, closing the shop and handing it on included.
ALL_SCOPES = ("view", *READ_SCOPES, *WRITE_SCOPES)

# Tables of the workbench that filters are saved for -> the page each stands on.
TABLES: dict[str, str] = {
    "products": "products",
    "stock": "products",
    "content": "content",
    "orders": "orders",
    "invoices": "funds",
    "aftersale": "aftersale",
    "shipping": "shipping",
    "reviews": "reviews",
    "commissions": "marketing",
    "statement": "funds",
    "settlements": "funds",
    "withdrawals": "funds",
    "actions": "members",
}

# First part of an address below a shop -> its page. What is not listed is read with `view` only.
_AREAS = {
    "products": (
        "products",
        "skus",
        "stock",
        "warehouses",
        "allotments",
        "listing-reviews",
        "stock-movements",
        "stock-moves",
    ),
    "content": (
        "contents",
        "assets",
        "uploads",
        "works",
        "live-rooms",
        "live-prices",
        "creators",
        "pools",
        "anchor-products",
        "profile",
        "comments",
        "comment-rules",
    ),
    "marketing": (
        "coupons",
        "full-reductions",
        "reductions",
        "flash-sales",
        "programmes",
        "bundles",
        "alliance",
        "creator-square",
        "product-pools",
        "samples",
        "sample-offers",
        "collaborations",
    ),
    "orders": ("orders", "order-marks"),
    "aftersale": ("aftersales", "aftersale-settings", "aftersale-pictures"),
    "shipping": ("packages", "shipping", "waybills", "pickups"),
    "messages": ("chats", "service"),
    "reviews": ("reviews", "review-cases", "saved-replies"),
    "funds": ("funds", "invoices"),
    "members": ("members", "roles", "invitations", "actions", "owner"),
    "logistics": (
        "freight",
        "carriers",
        "addresses",
        "return-address",
        "freight-cover",
        "carrier-hook",
        "shipping-addresses",
    ),
    "open": ("open-apps", "webhooks", "webhook-deliveries", "changes"),
    "settings": ("qualification", "settings"),
    "alliance": ("activities", "agencies"),
    "earnings": ("earnings",),
    "creators": ("signed-creators",),
}
_PAGE_OF = {part: page for page, parts in _AREAS.items() for part in parts}


@dataclass(frozen=True, slots=True)
class Workplace:
    """A kind of organisation: the pages of its workbench, the house's roles in it, and what it has of the addresses below
    ``/shops/{id}/``, by their first part; None is all."""

    pages: tuple[str, ...]
    roles: tuple[str, ...]
    parts: frozenset[str] | None


_OFFICE = (*_AREAS["members"], "")  # members, roles, the log, and the organisation itself
_OF_CREATORS = ("alliance", "earnings", "creators")
WORKPLACES = {
    "merchant": Workplace(
        pages=tuple(page for page in PAGES if page not in _OF_CREATORS),
        roles=("owner", "manager", "catalogue", "fulfilment", "content", "service", "finance", "viewer"),
        parts=None,
    ),
    "creator": Workplace(
        pages=("content", "alliance", "earnings", "members", "open", "settings"),
        roles=("owner", "manager", "content", "finance", "viewer"),
        parts=frozenset((*_AREAS["content"], "earnings", "agencies", *_AREAS["open"], *_OFFICE)),
    ),
    "mcn": Workplace(
        pages=("creators", "alliance", "earnings", "members", "open", "settings"),
        roles=("owner", "manager", "finance", "viewer"),
        parts=frozenset((*_OFFICE, "product-pools", "signed-creators", "activities", "earnings", *_AREAS["open"])),
    ),
    # A colonel (团长) that gathers merchants' products for creators, without creators of its own.
    "service_provider": Workplace(
        pages=("alliance", "earnings", "members", "open", "settings"),
        roles=("owner", "manager", "finance", "viewer"),
        parts=frozenset((*_OFFICE, "activities", "earnings", *_AREAS["open"])),
    ),
}
_OTHER = Workplace(pages=("members", "settings"), roles=("owner", "manager", "viewer"), parts=frozenset(_OFFICE))


def workplace(kind: str) -> Workplace:
    """What a kind of organisation has; one that is not listed has members and settings."""
    return WORKPLACES.get(kind, _OTHER)


def scopes_of_kind(kind: str) -> tuple[str, ...]:
    """All scopes that a role in a kind of organisation can be made of."""
    pages = workplace(kind).pages
    writes = {PAGES[page] for page in pages}
    return ("view", *(f"{page}.read" for page in pages), *(scope for scope in WRITE_SCOPES if scope in writes))


def scopes_within(granted: Collection[str], kind: str) -> frozenset[str]:
    """What is left of scopes in a kind of organisation. "*" stays for a shop, elsewhere it becomes all there is, and "owner"."""
    if "*" in granted:
        return frozenset({"*"} if kind == "merchant" else {"owner", *scopes_of_kind(kind)})
    return frozenset(granted) & {"owner", *scopes_of_kind(kind)}


def delegated_scopes(delegated: Collection[str], home: Collection[str]) -> frozenset[str]:
    """What a member of an agency may in a creator's studio: of what the creator let the agency do all for who manages its
    creators, and reading alone for who may look at them."""
    if "creators.write" in home:
        return frozenset(delegated)
    if not may(home, "view", "creators"):
        return frozenset()
    read = {f"{page}.read" for page, scope in PAGES.items() if scope in delegated}
    return frozenset(read | (set(delegated) & set(READ_SCOPES)))


def has_address(kind: str, rest: str) -> bool:
    """Whether a kind of organisation has an address below ``/shops/{id}/``."""
    parts = workplace(kind).parts
    return parts is None or first_part(rest) in parts


def first_part(rest: str) -> str:
    """The first part of an address below ``/shops/{id}/``, without its ending."""
    return rest.strip("/").partition("/")[0].partition(".")[0]


def page_of_address(rest: str) -> str:
    """The page of the workbench that an address below ``/shops/{id}/`` belongs to; empty for none."""
    return _PAGE_OF.get(first_part(rest), "")


def may(granted: Collection[str], permission: str, page: str = "") -> bool:
    """Whether scopes allow something. `permission` "view" on a `page` is also allowed by a scope of that page."""
    if "*" in granted or permission in granted:
        return True
    if permission != "view":
        return False
    if not page:
        return False
    return f"{page}.read" in granted or PAGES.get(page) in granted


def covers(granted: Collection[str], wanted: Collection[str]) -> bool:
    """Whether somebody with `granted` may hand on `wanted`: nobody gives what they do not have."""
    if "*" in granted:
        return True
    readable = set(granted) | ({*READ_SCOPES} if "view" in granted else set())
    readable |= {f"{page}.read" for page, scope in PAGES.items() if scope in granted}
    return set(wanted) <= readable
