"""Whether and why a product can or cannot be bought, derived from its three states and its stock."""

from typing import Literal

SaleCode = Literal["on_sale", "sold_out", "offline", "not_approved", "banned", "deleted", "draft"]


def derive_sale_code(*, status: str, check_status: str, available: int) -> SaleCode:
    """The strongest reason wins: deleted, banned, never submitted, not approved, offline, sold out.

    `available` is the number of units that nobody holds. `draft_status` has no say: an approved product stays on sale
    while its next version is being edited.
    """
    if status == "deleted":
        return "deleted"
    if check_status == "banned":
        return "banned"
    if check_status == "unsubmitted":
        return "draft"
    if check_status != "approved":
        return "not_approved"
    if status != "online":
        return "offline"
    return "on_sale" if available > 0 else "sold_out"
