from typing import Any

from django.db import migrations, models

DEEDS = [
    ("sample_kept", "Sample Kept"),
    ("sample_breach", "Sample Breach"),
    ("work_accepted", "Work Accepted"),
    ("work_denied", "Work Denied"),
    ("collaboration_kept", "Collaboration Kept"),
    ("collaboration_broken", "Collaboration Broken"),
]
OF_SAMPLES = {
    "recognise": ("sample_kept",),
    "confirm": ("sample_kept", "work_accepted"),
    "confirm_timeout": ("sample_kept", "work_accepted"),
    "deny": ("work_denied",),
    "breach": ("sample_breach",),
}


def read_what_was(apps: Any, schema_editor: Any) -> None:
    """What samples and collaborations told before anybody wrote it down, by the steps they keep."""
    alias = schema_editor.connection.alias
    deeds = apps.get_model("experience", "CreatorDeed")
    rows = []
    samples = apps.get_model("collaboration", "SampleEvent").objects.using(alias).filter(step__in=list(OF_SAMPLES))
    for number, creator, step, state, at in samples.values_list(
        "sample__sample_no", "sample__creator_id", "step", "state", "at"
    ):
        if step != "breach" or state == "breached":
            rows += [deeds(creator_id=creator, deed=deed, reference=number, at=at) for deed in OF_SAMPLES[step]]
    events = apps.get_model("collaboration", "CollaborationEvent").objects.using(alias)
    told = events.filter(step="break_off", side="creator") | events.filter(step="release", state="done")
    for number, creator, step, at in told.values_list(
        "collaboration__collab_no", "collaboration__creator_id", "step", "at"
    ):
        deed = "collaboration_broken" if step == "break_off" else "collaboration_kept"
        rows.append(deeds(creator_id=creator, deed=deed, reference=number, at=at))
    deeds.objects.using(alias).bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("experience", "0001_scores_by_the_day"),
        ("collaboration", "0001_samples_and_collaborations"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReputationRuleSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_from", models.DateTimeField(unique=True)),
                ("values", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("person_id", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="CreatorDeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("creator_id", models.BigIntegerField()),
                ("deed", models.CharField(choices=DEEDS, max_length=24)),
                ("reference", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["creator_id", "at"], name="creator_deed_by_time")],
                "constraints": [models.UniqueConstraint(fields=("reference", "deed", "at"), name="creator_deed_once")],
            },
        ),
        migrations.CreateModel(
            name="ReputationDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("creator_id", models.BigIntegerField()),
                ("day", models.DateField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("orders", models.PositiveIntegerField()),
                ("score_tenths", models.PositiveSmallIntegerField(null=True)),
                ("parts", models.JSONField()),
                ("level", models.PositiveSmallIntegerField()),
                ("credit", models.PositiveSmallIntegerField()),
                ("gmv_minor", models.BigIntegerField()),
                ("followers", models.BigIntegerField()),
                ("indicators", models.JSONField()),
                ("rules", models.JSONField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("creator_id", "day"), name="reputation_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(("score_tenths", None), ("score_tenths__lte", 1000), _connector="OR"),
                        name="reputation_score_range",
                    ),
                ],
            },
        ),
        migrations.RunPython(read_what_was, migrations.RunPython.noop),
    ]
