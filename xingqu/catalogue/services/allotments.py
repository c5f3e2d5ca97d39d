"""Units that a campaign has for itself: set aside from general stock, spread over buckets, given back when it is over."""

from collections.abc import Iterable

from django.conf import settings
from django.db import connection, transaction

from xingqu.catalogue.domain.errors import NotEnoughStock
from xingqu.catalogue.models import StockMovement
from xingqu.catalogue.services.stock_levels import Level, Moved, lock_levels, note, tell_emptied, tell_refilled
from xingqu.kit.errors import InvalidInput
from xingqu.kit.sql import execute, fetch, insert
from xingqu.kit.transactions import retried

# Below this many units a bucket, more buckets would only be more rows to look through.
UNITS_A_BUCKET = 4
_TAKE = "UPDATE catalogue_stocklevel SET received = received - %s, free = free - %s WHERE id = %s AND free >= %s RETURNING free"
_GIVE = (
    "INSERT INTO catalogue_stocklevel (sku_id, warehouse_id, campaign, bucket, received, sold, held, free, is_open)"
    " VALUES (%s, %s, '', 0, %s, 0, 0, %s, %s) ON CONFLICT (sku_id, campaign, warehouse_id, bucket) DO UPDATE"
    " SET received = catalogue_stocklevel.received + excluded.received, free = catalogue_stocklevel.free + excluded.free"
)


@retried
@transaction.atomic
def allot_stock(*, campaign: str, sku_id: int, quantity: int, is_open: bool, person_id: int | None = None) -> None:
    """Set units of general stock aside for a campaign, once a SKU and campaign. Raises NotEnoughStock, InvalidInput.

    `is_open`: whether they are on sale already. On PostgreSQL they stand in several rows, so that many can buy at once.
    """
    if quantity < 1 or not campaign:
        raise InvalidInput(field="quantity", expected="at least one unit")
    levels = lock_levels([sku_id])
    if levels.get((sku_id, campaign)):
        raise InvalidInput(field="campaign", expected="a campaign that has none of this SKU yet")
    general = levels.get((sku_id, ""), [])
    if sum(level.free for level in general) < quantity:
        available = sum(level.free for level in general)
        raise NotEnoughStock(
            field="allotment",
            expected="at most the free units of general stock",
            data={"sku_id": sku_id, "available": available},
        )
    left = quantity
    emptied = []
    for level in general:
        units = min(level.free, left)
        if units:
            left -= units
            ((free,),) = fetch(_TAKE, [units, units, level.id, units])
            emptied.append(Moved("", sku_id, level.id, units, free))
            _write_buckets(level, campaign, units, is_open)
            kind = StockMovement.Kind.ALLOT
            note(
                [
                    (sku_id, level.warehouse_id, "", kind, -units, 0, "", campaign, person_id),
                    (sku_id, level.warehouse_id, campaign, kind, units, 0, "", campaign, person_id),
                ]
            )
    if not is_open:
        tell_emptied(emptied)


def _write_buckets(level: Level, campaign: str, units: int, is_open: bool) -> None:
    most = settings.ENVIRONMENT.stock_buckets if connection.vendor == "postgresql" else 1
    count = max(1, min(most, units // UNITS_A_BUCKET))
    share, rest = divmod(units, count)
    columns = ["sku_id", "warehouse_id", "campaign", "bucket", "received", "sold", "held", "free", "is_open"]
    rows = [
        (level.sku_id, level.warehouse_id, campaign, number, mine, 0, 0, mine, is_open)
        for number in range(count)
        for mine in [share + (number < rest)]
    ]
    insert("catalogue_stocklevel", columns, rows)


def open_allotments(*, campaigns: Iterable[str], is_open: bool) -> int:
    """Put what campaigns have on sale, or take it off. Returns how many rows that changed."""
    names = sorted(set(campaigns))
    if not names:
        return 0
    marks = ", ".join(["%s"] * len(names))
    return execute(
        f"UPDATE catalogue_stocklevel SET is_open = %s WHERE campaign IN ({marks}) AND is_open <> %s",
        [is_open, *names, is_open],
    )


@retried
@transaction.atomic
def return_allotment(*, campaign: str) -> int:
    """Give what a campaign has free back to general stock. Returns the units. To be called again as holds are released."""
    skus = fetch("SELECT DISTINCT sku_id FROM catalogue_stocklevel WHERE campaign = %s ORDER BY sku_id", [campaign])
    given = 0
    for (sku_id,) in skus:
        back: dict[int, int] = {}
        for level in lock_levels([sku_id]).get((sku_id, campaign), []):
            if level.free:
                fetch(_TAKE, [level.free, level.free, level.id, level.free])
                back[level.warehouse_id] = back.get(level.warehouse_id, 0) + level.free
        for warehouse_id, units in back.items():
            execute(_GIVE, [sku_id, warehouse_id, units, units, True])
            kind = StockMovement.Kind.TAKE_BACK
            note(
                [
                    (sku_id, warehouse_id, campaign, kind, -units, 0, "", campaign, None),
                    (sku_id, warehouse_id, "", kind, units, 0, "", campaign, None),
                ]
            )
            tell_refilled([Moved("", sku_id, 0, units, 0)])
            given += units
    return given
