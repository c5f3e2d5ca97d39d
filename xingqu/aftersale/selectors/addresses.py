"""Where a shop wants its goods back."""

from typing import Any

from xingqu.aftersale.models import ReturnAddress

FIELDS = ("recipient", "phone", "region", "detail")


def return_address_of(*, shop_id: int) -> dict[str, Any] | None:
    """{recipient, phone, region, detail}, or None when the shop has set none."""
    row = ReturnAddress.objects.filter(shop_id=shop_id).first()
    return None if row is None else {name: getattr(row, name) for name in FIELDS}
