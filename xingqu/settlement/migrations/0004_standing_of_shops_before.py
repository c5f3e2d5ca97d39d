"""Shops that were opened before deposits were due: each is looked at from now on."""

from django.db import migrations
from django.utils import timezone


def begin(apps, schema_editor):
    alias = schema_editor.connection.alias
    standing = apps.get_model("settlement", "DepositStanding")
    known = set(standing.objects.using(alias).values_list("shop_id", flat=True))
    shops = apps.get_model("accounts", "Organisation").objects.using(alias).filter(kind="merchant")
    now = timezone.now()
    standing.objects.using(alias).bulk_create(
        [
            standing(shop_id=pk, state="ok", look_at=now, changed_at=now)
            for pk in shops.order_by("id").values_list("id", flat=True)
            if pk not in known
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("settlement", "0003_deposits_due"), ("accounts", "0005_listing_frozen")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
