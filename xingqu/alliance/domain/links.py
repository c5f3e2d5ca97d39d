"""What people paste when they want to sell something, pure: a product's address, an activity's link, or a number."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from xingqu.kit.ids import MAX_ID

_PRODUCT = re.compile(r"/(?:products?|p)/(\d{1,16})(?:[/?#]|$)")
_ADDRESS = re.compile(r"(?:https?://\S+|/\S+)")


@dataclass(frozen=True, slots=True)
class Pasted:
    """A product, and the plan (a colonel's activity) that the link names, if any."""

    product_id: int
    plan_id: int | None = None


def read_link(text: str) -> Pasted | None:
    """The product in a text that was pasted: a bare number, or the first address of a product in it; else None.

    Whose the address is does not matter: the number decides, and only what this site has can be taken up.
    """
    wanted = text.strip()
    if wanted.isdecimal() and wanted.isascii():
        return _pasted(wanted, None)
    for address in _ADDRESS.findall(wanted):
        found = _PRODUCT.search(urlsplit(address).path + "/")
        if found is not None:
            return _pasted(found.group(1), parse_qs(urlsplit(address).query).get("plan", [""])[0])
    return None


def _pasted(product: str, plan: str | None) -> Pasted | None:
    product_id = int(product)
    if not 0 < product_id <= MAX_ID:
        return None
    plan_id = int(plan) if plan and plan.isdecimal() and plan.isascii() and len(plan) <= 16 else None
    return Pasted(product_id, plan_id if plan_id and plan_id <= MAX_ID else None)
