"""Addresses for returns go to the shops' address books; a shop that has one there already keeps that."""

from django.db import migrations

from xingqu.trade.selectors import path_named


def move(apps, schema_editor):
    alias = schema_editor.connection.alias
    book = apps.get_model("fulfilment", "ShopAddress").objects.using(alias)
    for row in apps.get_model("aftersale", "ReturnAddress").objects.using(alias).order_by("id"):
        if book.filter(shop_id=row.shop_id, takes_returns=True).exists():
            continue
        named = path_named(row.region)
        ids = [found.id for found in named] if named is not None else [None, None, None]
        book.create(
            shop_id=row.shop_id,
            recipient=row.recipient,
            phone=row.phone,
            province_id=ids[0],
            city_id=ids[1],
            district_id=ids[2],
            region="" if named is not None else row.region,
            detail=row.detail,
            takes_returns=True,
        )


class Migration(migrations.Migration):
    dependencies = [("aftersale", "0001_initial"), ("fulfilment", "0005_addresses_in_words")]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
