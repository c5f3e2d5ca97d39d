"""Address books."""

from typing import Any

from xingqu.kit.errors import NotFound
from xingqu.trade.domain.regions import Region, regions
from xingqu.trade.models import Address


def addresses_of(*, owner_key: str) -> list[dict[str, Any]]:
    """An address book, the default first, then the newest."""
    rows = Address.objects.filter(owner_key=owner_key).order_by("-is_default", "-id")
    return [_row(row) for row in rows]


def address_of(*, owner_key: str, address_id: int) -> dict[str, Any]:
    """One's own address. Raises NotFound."""
    row = Address.objects.filter(owner_key=owner_key, pk=address_id).first()
    if row is None:
        raise NotFound(field="address_id", expected="the id of one of your addresses")
    return _row(row)


def province_of(address: dict[str, Any]) -> Region | None:
    """The province of an address or of an order's snapshot of one."""
    return regions().get(address["province_id"])


def _row(row: Address) -> dict[str, Any]:
    table = regions()
    return {
        "id": row.pk,
        "recipient": row.recipient,
        "phone": row.phone,
        "province_id": row.province_id,
        "city_id": row.city_id,
        "district_id": row.district_id,
        "province": table[row.province_id].name,
        "city": table[row.city_id].name,
        "district": table[row.district_id].name,
        "detail": row.detail,
        "is_default": row.is_default,
        "label": row.label,
    }
