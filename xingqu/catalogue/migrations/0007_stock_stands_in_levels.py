import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_move_stock_to_levels")]

    operations = [
        migrations.RemoveConstraint(model_name="sku", name="sku_on_hand_not_negative"),
        migrations.RemoveConstraint(model_name="sku", name="sku_held_not_negative"),
        migrations.RemoveConstraint(model_name="sku", name="sku_held_within_on_hand"),
        migrations.RemoveField(model_name="sku", name="on_hand"),
        migrations.RemoveField(model_name="sku", name="held"),
        migrations.RemoveConstraint(model_name="stockhold", name="stock_hold_once"),
        migrations.AlterField(
            model_name="stockhold",
            name="level",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.stocklevel",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockhold",
            constraint=models.UniqueConstraint(fields=("order_ref", "sku", "part"), name="stock_hold_once"),
        ),
        migrations.AlterField(
            model_name="stockmovement",
            name="warehouse",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.warehouse",
            ),
        ),
        migrations.AlterField(
            model_name="stockmovement", name="campaign", field=models.CharField(blank=True, max_length=40)
        ),
        migrations.AlterField(
            model_name="stockmovement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("initial", "Initial"),
                    ("adjust", "Adjust"),
                    ("hold", "Hold"),
                    ("consume", "Consume"),
                    ("release", "Release"),
                    ("return", "Return"),
                    ("move", "Move"),
                    ("allot", "Allot"),
                    ("takeback", "Take Back"),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="stockmovement",
            name="sku",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.sku"
            ),
        ),
    ]
