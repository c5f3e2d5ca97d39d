"""The migration that moves evidence among the private files: nothing is lost, and cut off it can be repeated."""

import importlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from xingqu.aftersale.models import CasePicture
from xingqu.kit import clock
from xingqu.kit.private_files import open_private

pytestmark = pytest.mark.django_db
migration: Any = importlib.import_module("xingqu.aftersale.migrations.0004_evidence_among_the_private_files")


def make_picture(path: str) -> CasePicture:
    return CasePicture.objects.create(
        order_no="S1", shop_id=1, buyer_key="p1", side="buyer", path=path, width=1, height=1, created_at=clock.now()
    )


def test_files_and_rows_move_together_and_back(home: Path) -> None:
    (home / "evidence" / "202611").mkdir(parents=True)
    (home / "evidence" / "202611" / "a.webp").write_bytes(b"A")
    old, new = make_picture("202611/a.webp"), make_picture("evidence/202612/b.webp")
    editor = SimpleNamespace(connection=connection)
    migration.move_in(apps, editor)
    migration.move_in(apps, editor)
    for row in (old, new):
        row.refresh_from_db()
    assert (old.path, new.path) == ("evidence/202611/a.webp", "evidence/202612/b.webp")
    with open_private(old.path) as file:
        assert file.read() == b"A"
    migration.move_out(apps, editor)
    old.refresh_from_db()
    assert (home / "evidence" / old.path).read_bytes() == b"A"
