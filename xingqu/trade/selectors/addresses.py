"""Address books."""

from typing import Any

from xingqu.kit.errors import NotFound
from xingqu.kit.sql import fetch, fetch_one
from xingqu.trade.domain.regions import Region, regions

_COLUMNS = "id, recipient, phone, province_id, city_id, district_id, detail, is_default, label"
_ORDER = "ORDER BY is_default DESC, id DESC"


def addresses_of(*, owner_key: str) -> list[dict[str, Any]]:
    """An address book, the default first, then the newest."""
    rows = fetch(f"SELECT {_COLUMNS} FROM trade_address WHERE owner_key = %s {_ORDER}", [owner_key])
    return [_row(row) for row in rows]


def address_of(*, owner_key: str, address_id: int) -> dict[str, Any]:
    """One's own address. Raises NotFound. On every checkout's way, hence short SQL."""
    row = fetch_one(f"SELECT {_COLUMNS} FROM trade_address WHERE owner_key = %s AND id = %s", [owner_key, address_id])
    if row is None:
        raise NotFound(field="address_id", expected="the id of one of your addresses")
    return _row(row)


def province_of(address: dict[str, Any]) -> Region | None:
    """The province of an address or of an order's snapshot of one."""
    return regions().get(address["province_id"])


def place_of(address: dict[str, Any]) -> tuple[Region, ...]:
    """Province, city and district of an address or of an order's snapshot of one."""
    table = regions()
    ids = (address["province_id"], address["city_id"], address["district_id"])
    return tuple(table[region_id] for region_id in ids if region_id in table)


def _row(row: tuple[Any, ...]) -> dict[str, Any]:
    pk, recipient, phone, province_id, city_id, district_id, detail, is_default, label = row
    table = regions()
    return {
        "id": pk,
        "recipient": recipient,
        "phone": phone,
        "province_id": province_id,
        "city_id": city_id,
        "district_id": district_id,
        "province": table[province_id].name,
        "city": table[city_id].name,
        "district": table[district_id].name,
        "detail": detail,
        "is_default": bool(is_default),
        "label": label,
    }
