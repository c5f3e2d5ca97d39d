from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q


def mark_deposits_of_samples(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Until now only deposits for samples, at their end or paid too late, went from custody to who had paid them in."""
    moves = apps.get_model("settlement", "CustodyMove").objects.using(schema_editor.connection.alias)
    back = Q(key="end") | Q(key__startswith="late:")
    moves.filter(back, into=False, account__startswith="commission:creator:").update(is_own=True)


class Migration(migrations.Migration):
    dependencies = [
        ("settlement", "0007_commission_payouts"),
    ]

    operations = [
        migrations.AddField(
            model_name="custodymove",
            name="is_own",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="exempt_minor",
            field=models.BigIntegerField(default=0),
        ),
        migrations.RunPython(mark_deposits_of_samples, migrations.RunPython.noop),
    ]
