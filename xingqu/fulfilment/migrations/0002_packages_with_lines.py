from django.db import migrations, models
from django.db.models import F, Q

import xingqu.fulfilment.domain.states as states


class Migration(migrations.Migration):
    dependencies = [
        ("fulfilment", "0001_initial"),
        ("trade", "0003_lines_shipped"),
    ]

    operations = [
        migrations.AlterField(
            model_name="package", name="order_no", field=models.CharField(db_index=True, max_length=32)
        ),
        migrations.AddField(
            model_name="package",
            name="kind",
            field=models.CharField(
                choices=[
                    ("order", "order"),
                    ("return", "return"),
                    ("exchange", "exchange"),
                    ("resend", "resend"),
                    ("repair", "repair"),
                ],
                default=states.Kind["ORDER"],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="package",
            name="reference",
            field=models.CharField(blank=True, max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="package",
            name="state",
            field=models.CharField(
                choices=[
                    ("handed_over", "handed_over"),
                    ("in_transit", "in_transit"),
                    ("out_for_delivery", "out_for_delivery"),
                    ("delivered", "delivered"),
                ],
                default=states.PackageState["HANDED_OVER"],
                max_length=20,
            ),
        ),
        migrations.AddField(model_name="package", name="delivered_at", field=models.DateTimeField(null=True)),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.UniqueConstraint(
                condition=~Q(reference=""), fields=("reference", "kind"), name="parcel_once"
            ),
        ),
        migrations.CreateModel(
            name="PackageLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order_no", models.CharField(db_index=True, max_length=32)),
                ("sku_id", models.BigIntegerField()),
                ("quantity", models.PositiveIntegerField()),
                (
                    "package",
                    models.ForeignKey(on_delete=models.CASCADE, related_name="lines", to="fulfilment.package"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("package", "order_no", "sku_id"), name="package_line_once"),
                    models.CheckConstraint(condition=Q(quantity__gte=1), name="package_line_quantity"),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="trackingevent", name="tracking_event_once"),
        migrations.AddField(
            model_name="trackingevent",
            name="key",
            field=models.CharField(max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.RunPython(
            lambda apps, schema_editor: (
                apps.get_model("fulfilment", "TrackingEvent")
                .objects.using(schema_editor.connection.alias)
                .update(key=F("code"))
            ),
            migrations.RunPython.noop,
        ),
        migrations.AddConstraint(
            model_name="trackingevent",
            constraint=models.UniqueConstraint(fields=("package", "key"), name="tracking_event_once"),
        ),
    ]
