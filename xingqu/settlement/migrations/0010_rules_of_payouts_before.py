"""Payouts that were made before: the rule that withheld their tax, as it was found then."""

from django.db import migrations


def name_rules(apps, schema_editor):
    alias = schema_editor.connection.alias
    withdrawals = apps.get_model("settlement", "Withdrawal").objects.using(alias)
    kinds = apps.get_model("accounts", "Organisation").objects.using(alias)
    rules = apps.get_model("settlement", "WithholdingRule").objects.using(alias)
    taxed = withdrawals.exclude(source="").filter(rule=None)
    for pk, organisation_id, asked_at in taxed.order_by("id").values_list("id", "shop_id", "asked_at"):
        studio = kinds.filter(pk=organisation_id, kind="creator").exists()
        found = rules.filter(kind="individual" if studio else "company", effective_from__lte=asked_at)
        rule_id = found.order_by("-effective_from").values_list("id", flat=True).first()
        if rule_id is not None:
            withdrawals.filter(pk=pk).update(rule_id=rule_id)


class Migration(migrations.Migration):
    dependencies = [("settlement", "0009_tax_remitted_and_returned"), ("accounts", "0010_table_layouts")]
    operations = [migrations.RunPython(name_rules, migrations.RunPython.noop)]
