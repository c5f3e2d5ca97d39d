"""The address of the database, read."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from xingqu.config.database import database_settings, settings_of
from xingqu.config.environment import Environment

ENVIRONMENT = Environment(_env_file=None, database_url="")


def test_nothing_is_a_file_in_the_home_folder() -> None:
    found = database_settings(ENVIRONMENT, Path("/srv/shop"))
    assert (found["ENGINE"], found["NAME"]) == ("xingqu.kit.sqlite", Path("/srv/shop/xingqu.sqlite3"))


def test_the_parts_of_an_address() -> None:
    found = settings_of("postgresql://shop:p%40ss%2Fword@db.internal:5433/xing%20qu?sslmode=require", ENVIRONMENT)
    assert found["ENGINE"] == "xingqu.kit.postgresql"
    assert [found[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")] == [
        "shop",
        "p@ss/word",
        "db.internal",
        "5433",
        "xing qu",
    ]
    assert found["OPTIONS"]["sslmode"] == "require"
    assert "lock_timeout=20000" in found["OPTIONS"]["options"]
    assert found["CONN_MAX_AGE"] is None


def test_a_socket_and_options_of_the_server() -> None:
    found = settings_of("postgres:///xingqu?host=%2Frun%2Fpostgresql&options=-c%20work_mem%3D8MB", ENVIRONMENT)
    assert (found["HOST"], found["PORT"], found["USER"]) == ("/run/postgresql", "", "")
    assert found["OPTIONS"]["options"].startswith("-c work_mem=8MB -c lock_timeout=")


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:///var/shop.sqlite3", "var/shop.sqlite3"), ("sqlite:////srv/shop.sqlite3", "/srv/shop.sqlite3")],
)
def test_a_file(url: str, path: str) -> None:
    assert settings_of(url, ENVIRONMENT)["NAME"] == Path(path)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://host/name",
        "postgresql://host",
        "postgresql://host/",
        "postgresql://host/a/b",
        "postgresql://h:port/a",
        "shop",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="XINGQU_DATABASE_URL: expected postgresql://"):
        settings_of(url, ENVIRONMENT)
