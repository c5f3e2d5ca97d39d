"""Whose goods are in a run of show: merchants find the creators' rooms that sell theirs."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def write_shops(apps, schema_editor):
    """Of the products that there still are; the others stay nobody's."""
    alias = schema_editor.connection.alias
    products = apps.get_model("catalogue", "Product").objects.using(alias).filter(pk=OuterRef("product_id"))
    items = apps.get_model("live", "LiveItem").objects.using(alias)
    known = items.filter(product_id__in=apps.get_model("catalogue", "Product").objects.using(alias).values("id"))
    known.update(shop_id=Subquery(products.values("shop_id")[:1]))


class Migration(migrations.Migration):
    dependencies = [("live", "0006_how_far_behind"), ("catalogue", "0001_initial")]

    operations = [
        migrations.AddField("liveitem", "shop_id", models.BigIntegerField(default=0)),
        migrations.AddIndex("liveitem", models.Index(fields=["shop_id"], name="live_item_by_shop")),
        migrations.RunPython(write_shops, migrations.RunPython.noop),
    ]
