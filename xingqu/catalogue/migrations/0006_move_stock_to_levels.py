"""Every SKU's units move to a level in its shop's first warehouse; what orders had taken counts as sold."""

from django.db import migrations

WAREHOUSES = (
    "INSERT INTO catalogue_warehouse (shop_id, name, is_default, priority, created_at)"
    " SELECT DISTINCT p.shop_id, '默认仓', TRUE, 0, CURRENT_TIMESTAMP FROM catalogue_product p"
)
LEVELS = (
    "INSERT INTO catalogue_stocklevel (sku_id, warehouse_id, campaign, bucket, received, sold, held, free, is_open)"
    " SELECT s.id, w.id, '', 0, s.on_hand + COALESCE(h.sold, 0), COALESCE(h.sold, 0), s.held, s.on_hand - s.held, TRUE"
    " FROM catalogue_sku s JOIN catalogue_product p ON p.id = s.product_id"
    " JOIN catalogue_warehouse w ON w.shop_id = p.shop_id LEFT JOIN (SELECT sku_id, SUM(quantity - returned_quantity) AS sold"
    " FROM catalogue_stockhold WHERE state = 'consumed' GROUP BY sku_id) h ON h.sku_id = s.id"
)
HOLDS = (
    "UPDATE catalogue_stockhold SET level_id ="
    " (SELECT l.id FROM catalogue_stocklevel l WHERE l.sku_id = catalogue_stockhold.sku_id)"
)
MOVEMENTS = (
    "UPDATE catalogue_stockmovement SET warehouse_id ="
    " (SELECT l.warehouse_id FROM catalogue_stocklevel l WHERE l.sku_id = catalogue_stockmovement.sku_id)"
)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0005_stock_levels")]

    operations = [migrations.RunSQL([WAREHOUSES, LEVELS, HOLDS, MOVEMENTS])]
