import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0004_listing_reviews_and_batches"),
    ]

    operations = [
        migrations.CreateModel(
            name="Warehouse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("is_default", models.BooleanField(default=False)),
                ("priority", models.PositiveSmallIntegerField(default=0)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "shop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "name"), name="warehouse_name_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)), fields=("shop",), name="warehouse_one_default"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="StockLevel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("campaign", models.CharField(blank=True, max_length=40)),
                ("bucket", models.PositiveSmallIntegerField(default=0)),
                ("received", models.BigIntegerField(default=0)),
                ("sold", models.BigIntegerField(default=0)),
                ("held", models.BigIntegerField(default=0)),
                ("free", models.BigIntegerField(default=0)),
                ("is_open", models.BooleanField(default=True)),
                (
                    "sku",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="levels",
                        to="catalogue.sku",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.warehouse",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sku", "campaign", "warehouse", "bucket"), name="stock_level_once"),
                    models.CheckConstraint(
                        condition=models.Q(("received", models.F("sold") + models.F("held") + models.F("free"))),
                        name="stock_level_sum",
                    ),
                    models.CheckConstraint(condition=models.Q(("sold__gte", 0)), name="stock_level_sold"),
                    models.CheckConstraint(condition=models.Q(("held__gte", 0)), name="stock_level_held"),
                    models.CheckConstraint(condition=models.Q(("free__gte", 0)), name="stock_level_free"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("campaign", ""), _negated=True),
                        fields=["campaign"],
                        name="stock_level_by_campaign",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StockWatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "sku",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalogue.sku",
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("sku", "person_id"), name="stock_watch_once")]},
        ),
        migrations.AddField(model_name="stockhold", name="part", field=models.PositiveSmallIntegerField(default=0)),
        migrations.AddField(
            model_name="stockhold",
            name="level",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.stocklevel",
            ),
        ),
        migrations.AddField(
            model_name="stockmovement", name="campaign", field=models.CharField(blank=True, default="", max_length=40)
        ),
        migrations.AddField(
            model_name="stockmovement",
            name="warehouse",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.warehouse",
            ),
        ),
    ]
