"""Orders that were received before there were settlement periods: theirs is that of the settings."""

from datetime import timedelta

from django.conf import settings
from django.db import migrations


def plan(apps, schema_editor):
    alias = schema_editor.connection.alias
    days = settings.ENVIRONMENT.settlement_days
    settlement = apps.get_model("settlement", "Settlement")
    rows = (
        apps.get_model("trade", "ShopOrder")
        .objects.using(alias)
        .filter(state="done", settled_at=None, done_at__isnull=False)
    )
    batch = []
    for order in rows.iterator():
        due = order.done_at + timedelta(days=days)
        batch.append(
            settlement(
                order_no=order.order_no,
                shop_id=order.shop_id,
                currency=order.currency,
                received_at=order.done_at,
                due_at=due,
                look_at=due,
                days=days,
                net_minor=order.income_minor - order.fee_minor,
            )
        )
    settlement.objects.using(alias).bulk_create(batch, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("settlement", "0001_first_tables"), ("trade", "0006_refunds_before")]
    operations = [migrations.RunPython(plan, migrations.RunPython.noop)]
