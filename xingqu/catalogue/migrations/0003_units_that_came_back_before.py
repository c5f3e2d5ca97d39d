"""Orders that brought all their units back before parts of them could."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_units_that_came_back")]
    operations = [
        migrations.RunSQL(
            "UPDATE catalogue_stockhold SET returned_quantity = quantity WHERE state = 'returned'",
            migrations.RunSQL.noop,
        )
    ]
