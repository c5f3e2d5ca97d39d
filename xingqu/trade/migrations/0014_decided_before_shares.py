from django.db import migrations


def decide(apps, schema_editor):
    """What was ordered before there were shares is nobody else's: it is decided, so that it can be settled."""
    schema_editor.execute(
        "INSERT INTO trade_ordersharing (order_id, decided_at, shared_minor)"
        " SELECT id, created_at, 0 FROM trade_shoporder WHERE settled_at IS NULL AND state NOT IN ('cancelled', 'refunded')"
    )


class Migration(migrations.Migration):
    dependencies = [("trade", "0013_line_shares")]

    operations = [migrations.RunPython(decide, migrations.RunPython.noop)]
