"""A shop's warehouses; the first is made with its first stock."""

from django.db import transaction

from xingqu.catalogue.domain.errors import Duplicate, NotEnoughStock, TooMany
from xingqu.catalogue.models import Sku, StockMovement, Warehouse
from xingqu.catalogue.services.stock_levels import lock_levels, note
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.sql import execute, fetch_one
from xingqu.kit.transactions import hold_names, retried

MAX_WAREHOUSES = 20
FIRST_NAME = "默认仓"
_DEFAULT = "SELECT id FROM catalogue_warehouse WHERE shop_id = %s AND is_default"
_ADD_DEFAULT = (
    "INSERT INTO catalogue_warehouse (shop_id, name, is_default, priority, created_at) VALUES (%s, %s, %s, 0, %s)"
    " ON CONFLICT DO NOTHING"
)
_GIVE = (
    "UPDATE catalogue_stocklevel SET received = received - %s, free = free - %s WHERE sku_id = %s AND warehouse_id = %s"
    " AND campaign = '' AND bucket = 0 AND free >= %s"
)
_TAKE = (
    "INSERT INTO catalogue_stocklevel (sku_id, warehouse_id, campaign, bucket, received, sold, held, free, is_open)"
    " VALUES (%s, %s, '', 0, %s, 0, 0, %s, %s) ON CONFLICT (sku_id, campaign, warehouse_id, bucket) DO UPDATE"
    " SET received = catalogue_stocklevel.received + excluded.received, free = catalogue_stocklevel.free + excluded.free"
)


def default_warehouse(shop_id: int) -> int:
    """The warehouse that stock goes to when none is named."""
    row = fetch_one(_DEFAULT, [shop_id])
    if row is None:
        execute(_ADD_DEFAULT, [shop_id, FIRST_NAME, True, clock.now()])
        row = fetch_one(_DEFAULT, [shop_id])
    if row is None:
        raise RuntimeError(f"shop {shop_id} has a warehouse of that name that is not its first")
    return int(row[0])


def own_warehouse(*, shop_id: int, warehouse_id: int) -> Warehouse:
    """Raises NotFound for another shop's."""
    row = Warehouse.objects.filter(pk=warehouse_id, shop_id=shop_id).first()
    if row is None:
        raise NotFound(field="warehouse_id", expected="one of the shop's warehouses")
    return row


@retried
@transaction.atomic
def save_warehouse(*, shop_id: int, name: str, priority: int, warehouse_id: int | None = None) -> int:
    """Make a warehouse, or rename and reorder one. Returns its id. Raises NotFound, Duplicate, TooMany."""
    hold_names(f"warehouses:{shop_id}")
    default_warehouse(shop_id)
    others = Warehouse.objects.filter(shop_id=shop_id).exclude(pk=warehouse_id or 0)
    if others.filter(name=name).exists():
        raise Duplicate(field="name", expected="a name that no other warehouse has")
    if warehouse_id is not None:
        row = own_warehouse(shop_id=shop_id, warehouse_id=warehouse_id)
        Warehouse.objects.filter(pk=row.pk).update(name=name, priority=priority)
        return row.pk
    if others.count() >= MAX_WAREHOUSES:
        raise TooMany(field="name", expected=f"at most {MAX_WAREHOUSES} warehouses")
    return Warehouse.objects.create(shop_id=shop_id, name=name, priority=priority, created_at=clock.now()).pk


@retried
@transaction.atomic
def move_stock(
    *, shop_id: int, sku_id: int, source_id: int, target_id: int, quantity: int, person_id: int | None = None
) -> None:
    """Move free units of general stock from one warehouse to another. Raises NotFound, InvalidInput, NotEnoughStock."""
    if source_id == target_id or quantity < 1:
        raise InvalidInput(field="quantity", expected="at least one unit, from one warehouse to another")
    for warehouse_id in (source_id, target_id):
        own_warehouse(shop_id=shop_id, warehouse_id=warehouse_id)
    if not Sku.objects.filter(pk=sku_id, product__shop_id=shop_id).exists():
        raise NotFound(field="sku_id")
    lock_levels([sku_id])
    if not execute(_GIVE, [quantity, quantity, sku_id, source_id, quantity]):
        raise NotEnoughStock(field="quantity", expected="at most the free units of that warehouse")
    execute(_TAKE, [sku_id, target_id, quantity, quantity, True])
    kind = StockMovement.Kind.MOVE
    note(
        [
            (sku_id, source_id, "", kind, -quantity, 0, "", "", person_id),
            (sku_id, target_id, "", kind, quantity, 0, "", "", person_id),
        ]
    )
