"""Links of before are in showcases; commission orders of before say whose the other shares are."""

from django.db import migrations


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    link, item = apps.get_model("alliance", "Link"), apps.get_model("alliance", "ShowcaseItem")
    shown, places = set(), {}
    items = []
    for row in link.objects.using(alias).order_by("created_at", "pk").iterator():
        if (row.creator_id, row.product_id) in shown:
            continue
        shown.add((row.creator_id, row.product_id))
        places[row.creator_id] = places.get(row.creator_id, 0) + 1
        items.append(
            item(
                creator_id=row.creator_id,
                product_id=row.product_id,
                position=places[row.creator_id],
                added_at=row.created_at,
            )
        )
    item.objects.using(alias).bulk_create(items, batch_size=500)
    right = apps.get_model("content", "AnchorRight")
    for row in items:
        right.objects.using(alias).get_or_create(
            creator_id=row.creator_id, product_id=row.product_id, defaults={"since": row.added_at}
        )
    orders, shares = apps.get_model("alliance", "CommissionOrder"), apps.get_model("trade", "LineShare")
    for order in orders.objects.using(alias).order_by("pk").iterator(chunk_size=500):
        share = shares.objects.using(alias).filter(line_id=order.line_id).first()
        if share is None:
            continue
        commission = order.base_minor * share.commission_bp // 10_000
        service = order.base_minor * share.service_bp // 10_000
        platform = [amount * share.platform_bp // 10_000 for amount in (commission, service)]
        mcn = (commission - platform[0]) * share.mcn_bp // 10_000
        orders.objects.using(alias).filter(pk=order.pk).update(
            mcn_id=share.mcn_id,
            colonel_id=share.colonel_id,
            service_bp=share.service_bp,
            platform_bp=share.platform_bp,
            mcn_bp=share.mcn_bp,
            mcn_minor=mcn,
            colonel_minor=service - platform[1],
            platform_minor=sum(platform),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("alliance", "0002_agencies_activities_showcases"),
        ("content", "0005_anchor_rights"),
        ("trade", "0014_decided_before_shares"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
