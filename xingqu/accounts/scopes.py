"""What members may do: scopes by page of the workbench, the house's roles, and the page that an address belongs to. Pure."""

from collections.abc import Collection

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
}
WRITE_SCOPES = tuple(dict.fromkeys(scope for scope in PAGES.values() if scope is not None))
READ_SCOPES = tuple(f"{page}.read" for page in PAGES)
# `view` reads every page; `*` is everything, closing the shop and handing it on included.
ALL_SCOPES = ("view", *READ_SCOPES, *WRITE_SCOPES)

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
    "content": ("contents", "assets", "uploads", "works", "live-rooms", "creators", "pools"),
    "marketing": ("coupons", "full-reductions", "reductions", "flash-sales", "programmes", "bundles", "alliance"),
    "orders": ("orders", "order-marks", "invoices"),
    "aftersale": ("aftersales", "aftersale-settings", "aftersale-pictures"),
    "shipping": ("packages", "shipping", "waybills", "pickups"),
    "messages": ("chats", "service"),
    "reviews": ("reviews", "review-cases", "saved-replies"),
    "funds": ("funds",),
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
}
_PAGE_OF = {part: page for page, parts in _AREAS.items() for part in parts}


def page_of_address(rest: str) -> str:
    """The page of the workbench that an address below ``/shops/{id}/`` belongs to; empty for none."""
    return _PAGE_OF.get(rest.strip("/").partition("/")[0].partition(".")[0], "")


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
