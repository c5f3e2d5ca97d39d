"""A shop's address book and its webhook for a carrier of its own."""

import secrets
from typing import Any

from django.db import transaction

from xingqu.fulfilment.models import CarrierHook, ShopAddress
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import hold_names, retried
from xingqu.trade.selectors import path_of

MAX_ADDRESSES = 20


@retried
@transaction.atomic
def save_address(*, shop_id: int, fields: dict[str, Any], address_id: int | None = None) -> int:
    """Add or change an entry: recipient, phone, province_id, city_id, district_id, detail, sends, takes_returns.

    One sends and one takes returns: the last to say so. Raises InvalidInput, NotFound.
    """
    if path_of(fields["province_id"], fields["city_id"], fields["district_id"]) is None:
        raise InvalidInput(field="district_id", expected="a district of that city and province")
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
