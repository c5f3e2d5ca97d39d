"""Arranged tables: a person's own in whatever shop, each once, not too many; nobody else's."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from xingqu.accounts.models import TableLayout
from xingqu.accounts.services import table_layouts
from xingqu.accounts.tests.test_members import Somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Somebody:
    return Somebody("clerk")


def keep(by: Somebody, table: str = "packages", status: int = 200, **more: Any) -> Any:
    answer = by.call("PUT", f"/table-layouts/{table}", {"hidden": ["news"], "order": ["state", "number"], **more})
    assert answer.status_code == status, answer.content
    return answer.json()


def test_a_layout_is_kept_written_anew_and_forgotten(person: Somebody) -> None:
    assert keep(person)["items"] == [{"table": "packages", "hidden": ["news"], "order": ["state", "number"]}]
    keep(person, "commissions", hidden=[])
    keep(person, hidden=["to", "to"], order=["number", "state", "number"])
    assert person.call("GET", "/table-layouts").json()["items"] == [
        {"table": "commissions", "hidden": [], "order": ["state", "number"]},
        {"table": "packages", "hidden": ["to"], "order": ["number", "state"]},
    ]
    for _ in range(2):
        assert person.call("DELETE", "/table-layouts/packages").status_code == 204
    assert list(TableLayout.objects.values_list("table", flat=True)) == ["commissions"]


def test_another_s_layout_is_not_there(person: Somebody) -> None:
    keep(person)
    other = Somebody("other")
    assert other.call("GET", "/table-layouts").json()["items"] == []
    assert other.call("DELETE", "/table-layouts/packages").status_code == 204
    assert TableLayout.objects.count() == 1
    for verb, path in (("get", "/api/v1/table-layouts"), ("delete", "/api/v1/table-layouts/packages")):
        assert getattr(Client(), verb)(path).status_code == 401


def test_there_are_not_too_many(person: Somebody, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_layouts, "MAX_LAYOUTS", 1)
    keep(person)
    assert keep(person, "plans", status=409)["error"]["code"] == "too_many_layouts"
    keep(person, hidden=[])  # written anew, not one more
    assert list(TableLayout.objects.values_list("table", "hidden")) == [("packages", [])]


def test_one_layout_a_table(person: Somebody) -> None:
    keep(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        TableLayout.objects.create(person_id=person.id, table="packages")


@pytest.mark.parametrize("body", [{"hidden": ["<b>"]}, {"order": ["x"] * 61}, {"hidden": "news"}, {"order": [1]}])
def test_what_is_no_column_is_not_kept(person: Somebody, body: dict[str, Any]) -> None:
    keep(person, status=422, **body)
    assert person.call("PUT", "/table-layouts/No!", {}).status_code == 422
    assert not TableLayout.objects.exists()
