from django.db import migrations

LINES = (
    "INSERT INTO fulfilment_packageline (package_id, order_no, sku_id, quantity)"
    " SELECT p.id, p.order_no, l.sku_id, l.quantity FROM fulfilment_package p"
    " JOIN trade_shoporder o ON o.order_no = p.order_no JOIN trade_orderline l ON l.order_id = o.id"
)
# Nobody had told when they arrived; when the buyer said so, they had.
DELIVERED = (
    "UPDATE fulfilment_package SET state = 'delivered', delivered_at = (SELECT MIN(e.at) FROM fulfilment_trackingevent e"
    " WHERE e.package_id = fulfilment_package.id AND e.code = 'received') WHERE id IN"
    " (SELECT package_id FROM fulfilment_trackingevent WHERE code = 'received')"
)


class Migration(migrations.Migration):
    """Until now a package had all the goods of one order."""

    dependencies = [("fulfilment", "0002_packages_with_lines")]

    operations = [
        migrations.RunSQL(LINES, "DELETE FROM fulfilment_packageline"),
        migrations.RunSQL(DELIVERED, migrations.RunSQL.noop),
    ]
