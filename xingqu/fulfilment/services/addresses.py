"""A shop's address book and its webhook for a carrier of its own."""

import secrets
from typing import Any

from django.db import transaction

from xingqu.fulfilment.models import CarrierHook, ShopAddress
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried
from xingqu.trade.selectors import path_named, path_of

MAX_ADDRESSES = 20


@retried
@transaction.atomic
def save_address(*, shop_id: int, fields: dict[str, Any], address_id: int | None = None) -> int:
    """Add or change an entry: recipient, phone, province_id, city_id, district_id, detail, sends, takes_returns.

    One sends and one takes returns: the last to say so. Raises InvalidInput, NotFound.
    """
    if path_of(fields["province_id"], fields["city_id"], fields["district_id"]) is None:
        raise InvalidInput(field="district_id", expected="a district of that city and province")
    fields = {**fields, "region": ""}
    hold_names(f"shop-addresses:{shop_id}")
    mine = ShopAddress.objects.filter(shop_id=shop_id)
    for flag in ("sends", "takes_returns"):
        if fields[flag]:
            mine.exclude(pk=address_id or 0).update(**{flag: False})
    if address_id is None:
        if mine.count() >= MAX_ADDRESSES:
            raise InvalidInput(field="detail", expected=f"at most {MAX_ADDRESSES} addresses")
        return ShopAddress.objects.create(shop_id=shop_id, **fields).pk
    if not mine.filter(pk=address_id).update(**fields):
        raise NotFound(field="address_id", expected="the id of an address of this shop")
    return address_id


@retried
@transaction.atomic
def set_return_address(*, shop_id: int, recipient: str, phone: str, region: str, detail: str) -> int:
    """Where returns go from now on, `region` in words; returns the entry's id. The entry that took them is changed, unless the
    shop sends from there too: then there is another one. Raises InvalidInput for a book that is full."""
    named = path_named(region)
    ids = [found.id for found in named] if named is not None else [None, None, None]
    fields: dict[str, Any] = {
        "recipient": recipient,
        "phone": phone,
        **dict(zip(("province_id", "city_id", "district_id"), ids, strict=True)),
        "region": "" if named is not None else region,
        "detail": detail,
    }
    hold_names(f"shop-addresses:{shop_id}")
    mine = ShopAddress.objects.filter(shop_id=shop_id)
    now = mine.filter(takes_returns=True).first()
    if now is not None and not now.sends:
        mine.filter(pk=now.pk).update(**fields)
        return now.pk
    if mine.count() >= MAX_ADDRESSES:
        raise InvalidInput(field="detail", expected=f"at most {MAX_ADDRESSES} addresses")
    mine.update(takes_returns=False)
    return ShopAddress.objects.create(shop_id=shop_id, takes_returns=True, **fields).pk


def remove_address(*, shop_id: int, address_id: int) -> None:
    """Raises NotFound."""
    if not ShopAddress.objects.filter(shop_id=shop_id, pk=address_id).delete()[0]:
        raise NotFound(field="address_id", expected="the id of an address of this shop")


@retried
@transaction.atomic
def renew_hook(*, shop_id: int) -> str:
    """A new secret for the shop's webhook, made now if it had none: the one before is of no use any more. Shown this once."""
    secret = secrets.token_hex(24)
    CarrierHook.objects.update_or_create(
        shop_id=shop_id,
        defaults={"secret": secret, "made_at": clock.now()},
        create_defaults={"secret": secret, "made_at": clock.now(), "public_id": secrets.token_hex(12)},
    )
    return secret
