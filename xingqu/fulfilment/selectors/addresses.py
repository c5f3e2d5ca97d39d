"""A shop's address book."""

from typing import Any

from xingqu.fulfilment.models import CarrierHook, ShopAddress
from xingqu.trade.selectors import regions


def shop_addresses(*, shop_id: int) -> list[dict[str, Any]]:
    """A shop's addresses, oldest first."""
    return [_row(row) for row in ShopAddress.objects.filter(shop_id=shop_id).order_by("id")]


def sender_of(*, shop_id: int) -> dict[str, Any] | None:
    """Where a shop sends from, if it has said so."""
    row = ShopAddress.objects.filter(shop_id=shop_id, sends=True).first()
    return None if row is None else _row(row)


def return_address_of(*, shop_id: int) -> dict[str, Any] | None:
    """Where returns to a shop go: {recipient, phone, region, province, city, district, detail, ...}; None if it has not said."""
    row = ShopAddress.objects.filter(shop_id=shop_id, takes_returns=True).first()
    return None if row is None else _row(row)


def sender_region(*, shop_id: int) -> str:
    """Province and city that a shop sends from, empty if it has not said."""
    sender = sender_of(shop_id=shop_id)
    return "" if sender is None else f"{sender['province']}{sender['city']}"


def hook_of(*, shop_id: int) -> dict[str, Any] | None:
    """A shop's webhook without its secret."""
    row = CarrierHook.objects.filter(shop_id=shop_id).first()
    if row is None:
        return None
    return {"path": f"/api/v1/carriers/hooks/{row.public_id}", "made_at": row.made_at, "used_at": row.used_at}


def _row(row: ShopAddress) -> dict[str, Any]:
    table = regions()
    ids = (row.province_id, row.city_id, row.district_id)
    names = [table[region_id].name for region_id in ids if region_id is not None] or [row.region, "", ""]
    return {
        "id": row.pk,
        "recipient": row.recipient,
        "phone": row.phone,
        "province_id": row.province_id,
        "city_id": row.city_id,
        "district_id": row.district_id,
        "province": names[0],
        "city": names[1],
        "district": names[2],
        "region": "".join(names),
        "detail": row.detail,
        "sends": row.sends,
        "takes_returns": row.takes_returns,
    }
