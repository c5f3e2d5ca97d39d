from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("live", "0005_bookings"),
    ]

    operations = [
        migrations.AddField(
            model_name="roomvisitor",
            name="latency_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="roomvisitor",
            name="latency_ms",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="roomvisitor",
            index=models.Index(
                condition=models.Q(("latency_at__isnull", False)),
                fields=["room", "-latency_at"],
                name="live_visitor_latency",
            ),
        ),
    ]
