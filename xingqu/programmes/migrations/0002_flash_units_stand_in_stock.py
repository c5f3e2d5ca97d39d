"""The units of flash sales that still run are set aside in stock, as many as are there; the counter of taken ones goes."""

from datetime import datetime, timezone
from typing import Any

from django.db import migrations
from django.db.models import F


def set_aside(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    Item = apps.get_model("programmes", "FlashSaleItem")
    Level = apps.get_model("catalogue", "StockLevel")
    Movement = apps.get_model("catalogue", "StockMovement")
    now = datetime.now(timezone.utc)
    running = (
        Item.objects.using(alias).exclude(sale__state="ended").filter(sale__ends_at__gt=now).select_related("sale")
    )
    for item in running.order_by("pk"):
        level = Level.objects.using(alias).filter(sku_id=item.sku_id, campaign="").order_by("-free").first()
        units = min(item.allotment - item.taken, level.free) if level is not None else 0
        if units <= 0:
            continue
        campaign = f"flash:{item.pk}"
        Level.objects.using(alias).filter(pk=level.pk).update(received=F("received") - units, free=F("free") - units)
        Level.objects.using(alias).create(
            sku_id=item.sku_id,
            warehouse_id=level.warehouse_id,
            campaign=campaign,
            received=units,
            free=units,
            is_open=item.sale.state == "running" and item.sale.starts_at <= now,
        )
        for name, change in (("", -units), (campaign, units)):
            Movement.objects.using(alias).create(
                sku_id=item.sku_id,
                warehouse_id=level.warehouse_id,
                campaign=name,
                kind="allot",
                on_hand_delta=change,
                reason=campaign,
            )


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial"), ("catalogue", "0007_stock_stands_in_levels")]

    operations = [migrations.RunPython(set_aside, migrations.RunPython.noop)]
