from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collaboration", "0001_samples_and_collaborations")]

    operations = [
        migrations.AddField(
            model_name="sampleoffer",
            name="min_score",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
