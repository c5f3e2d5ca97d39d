"""Reviews of before know whether they have pictures."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    database = schema_editor.connection.alias
    pictures = apps.get_model("review", "ReviewPicture").objects.using(database).filter(review__isnull=False)
    reviews = apps.get_model("review", "Review").objects.using(database)
    reviews.filter(pk__in=pictures.values("review_id")).update(has_pictures=True)


class Migration(migrations.Migration):
    dependencies = [("review", "0003_follow_up_votes_and_cases")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
