"""Evidence had a folder of its own; from here on it lies among the private files, under the same names.

The files are moved first, one by one: cut off in the middle, the migration goes on where it stopped.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations
from django.db.models import Value
from django.db.models.functions import Concat

PREFIX = "evidence/"


def move_in(apps: Any, schema_editor: Any) -> None:
    old, new = Path(settings.HOME) / "evidence", Path(settings.HOME) / "private" / "evidence"
    _move(old, new)
    pictures = apps.get_model("aftersale", "CasePicture").objects.using(schema_editor.connection.alias)
    pictures.exclude(path__startswith=PREFIX).update(path=Concat(Value(PREFIX), "path"))


def move_out(apps: Any, schema_editor: Any) -> None:
    old, new = Path(settings.HOME) / "evidence", Path(settings.HOME) / "private" / "evidence"
    _move(new, old)
    pictures = apps.get_model("aftersale", "CasePicture").objects.using(schema_editor.connection.alias)
    for row in pictures.filter(path__startswith=PREFIX).only("path").iterator():
        pictures.filter(pk=row.pk).update(path=row.path.removeprefix(PREFIX))


def _move(source: Path, target: Path) -> None:
    for file in sorted(source.glob("*/*")) if source.is_dir() else ():
        place = target / file.parent.name / file.name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.replace(place)


class Migration(migrations.Migration):
    dependencies = [("aftersale", "0003_drop_return_address")]

    operations = [migrations.RunPython(move_in, move_out)]
