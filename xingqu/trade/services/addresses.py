"""Changes of an address book."""

from typing import Any

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import hold_names
from xingqu.trade.domain.errors import AddressBookFull
from xingqu.trade.domain.regions import path_of
from xingqu.trade.models import Address

MAX_ADDRESSES = 30


@transaction.atomic(savepoint=False)
def add_address(*, owner_key: str, fields: dict[str, Any]) -> int:
    """Add an address; the first one becomes the default.

    Raises InvalidInput for regions that do not lie in each other, AddressBookFull.
    """
    _check_regions(fields["province_id"], fields["city_id"], fields["district_id"])
    hold_names(_name(owner_key))
    count = Address.objects.filter(owner_key=owner_key).count()
    if count >= MAX_ADDRESSES:
        raise AddressBookFull(expected=f"at most {MAX_ADDRESSES} addresses")
    is_default = fields["is_default"] or count == 0
    if is_default:
        Address.objects.filter(owner_key=owner_key, is_default=True).update(is_default=False)
    row = Address.objects.create(owner_key=owner_key, created_at=clock.now(), **{**fields, "is_default": is_default})
    return row.pk


@transaction.atomic(savepoint=False)
def change_address(*, owner_key: str, address_id: int, changes: dict[str, Any]) -> None:
    """Change what is given. Raises NotFound, InvalidInput. There is always one default: it moves, it is never just unset."""
    hold_names(_name(owner_key))
    row = _own(owner_key, address_id)
    make_default = changes.pop("is_default", None)
    for name, value in changes.items():
        setattr(row, name, value)
    _check_regions(row.province_id, row.city_id, row.district_id)
    if make_default and not row.is_default:
        Address.objects.filter(owner_key=owner_key, is_default=True).update(is_default=False)
        row.is_default = True
    row.save()


@transaction.atomic(savepoint=False)
def remove_address(*, owner_key: str, address_id: int) -> None:
    """Remove an address; the newest other one becomes the default in its place. Raises NotFound."""
    hold_names(_name(owner_key))
    row = _own(owner_key, address_id)
    was_default = row.is_default
    row.delete()
    if was_default:
        _promote_newest(owner_key)


@transaction.atomic(savepoint=False)
def merge_addresses(*, from_key: str, to_key: str) -> None:
    """Move a guest's addresses to the person they turned out to be; the person's default stays. Idempotent."""
    hold_names(_name(from_key), _name(to_key))
    if Address.objects.filter(owner_key=to_key, is_default=True).exists():
        Address.objects.filter(owner_key=from_key).update(is_default=False)
    Address.objects.filter(owner_key=from_key).update(owner_key=to_key)


def _name(owner_key: str) -> str:
    """Held by whoever changes an address book: there is one default, and a limit."""
    return f"addresses:{owner_key}"


def _own(owner_key: str, address_id: int) -> Address:
    row = Address.objects.filter(owner_key=owner_key, pk=address_id).first()
    if row is None:
        raise NotFound(field="address_id", expected="the id of one of your addresses")
    return row


def _promote_newest(owner_key: str) -> None:
    newest = Address.objects.filter(owner_key=owner_key).order_by("-id").first()
    if newest is not None:
        newest.is_default = True
        newest.save(update_fields=["is_default"])


def _check_regions(province_id: int, city_id: int, district_id: int) -> None:
    if path_of(province_id, city_id, district_id) is None:
        raise InvalidInput(
            "These regions do not lie in each other.",
            field="district_id",
            expected="a district of the city, a city of the province (GET /regions)",
        )
