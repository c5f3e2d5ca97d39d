"""Where a shop wants its goods back: the entry for returns in its address book."""

from typing import Any

from xingqu.fulfilment import selectors as fulfilment

FIELDS = ("recipient", "phone", "region", "detail")


def return_address_of(*, shop_id: int) -> dict[str, Any] | None:
    """{recipient, phone, region, detail}, or None when the shop has set none."""
    entry = fulfilment.return_address_of(shop_id=shop_id)
    return None if entry is None else {name: entry[name] for name in FIELDS}
