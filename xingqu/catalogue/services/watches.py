"""Back in stock: people who asked are told once, when units can be bought again."""

from django.db import transaction

from xingqu.accounts.services import notify
from xingqu.catalogue.domain.errors import TooMany
from xingqu.catalogue.models import Sku, StockWatch
from xingqu.catalogue.services.stock_levels import open_units
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.sql import execute, fetch
from xingqu.kit.transactions import hold_names, retried

MAX_WATCHES = 200
TOLD_AT_ONCE = 500
_WATCH = (
    "INSERT INTO catalogue_stockwatch (sku_id, person_id, created_at) VALUES (%s, %s, %s)"
    " ON CONFLICT (sku_id, person_id) DO NOTHING"
)


@retried
@transaction.atomic
def watch_stock(*, person_id: int, sku_id: int) -> None:
    """Tell this person when the SKU can be bought again. Idempotent. Raises NotFound, TooMany."""
    if not Sku.objects.filter(pk=sku_id, is_active=True).exclude(product__published_at=None).exists():
        raise NotFound(field="sku_id")
    hold_names(f"stock_watches:{person_id}")
    if StockWatch.objects.filter(person_id=person_id).count() >= MAX_WATCHES:
        raise TooMany(field="sku_id", expected=f"at most {MAX_WATCHES} at a time")
    execute(_WATCH, [sku_id, person_id, clock.now()])


def unwatch_stock(*, person_id: int, sku_id: int) -> None:
    """Do not tell them any more. Idempotent."""
    StockWatch.objects.filter(person_id=person_id, sku_id=sku_id).delete()


def tell_watchers(*, sku_id: int) -> int:
    """Tell who waits for a SKU that is back, first come first told. Returns how many; nobody when it is gone again."""
    found = open_units([sku_id]).get(sku_id)
    if found is None or found[1] == 0:
        return 0
    sku = Sku.objects.select_related("product").get(pk=sku_id)
    if not sku.is_active or sku.product.status != "online" or sku.product.check_status != "approved":
        return 0
    rows = fetch(
        "DELETE FROM catalogue_stockwatch WHERE id IN (SELECT id FROM catalogue_stockwatch WHERE sku_id = %s"
        " ORDER BY id LIMIT %s) RETURNING person_id",
        [sku_id, TOLD_AT_ONCE],
    )
    for (person_id,) in rows:
        data = {"product_id": sku.product_id, "sku_id": sku_id, "name": sku.product.short_name or sku.product.name}
        notify(person_id=person_id, kind="back_in_stock", data=data | {"option_text": sku.option_text})
    return len(rows)
