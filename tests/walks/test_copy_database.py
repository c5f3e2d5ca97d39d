"""A site moves from SQLite to PostgreSQL and back, with everything in it; and what must not be copied is refused."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.postgresql import Cluster
from bench.trade.site import Site
from tests.walks.conftest import ROOT

pytestmark = pytest.mark.slow
ORDERS = 3


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(durable=False) as running:
        yield running


SELL = """
import json, sys
import django
django.setup()
from urllib.parse import parse_qs, urlsplit
from django.db import transaction
from xingqu.accounts.models import GuestMerge
from xingqu.kit.outbox import deliver_due
from xingqu.trade.domain.quote import Attribution, WantedLine
from xingqu.trade.models import Address
from xingqu.trade.providers.protocol import StatusReport
from xingqu.trade.providers.sandbox import gateway
from xingqu.trade.selectors.addresses import address_of
from xingqu.trade.services import checkout, payments, quotes
skus = json.load(sys.stdin)["skus"]
for number, address in enumerate(Address.objects.order_by("id")):
    key = address.owner_key
    wanted = [WantedLine(skus[number], 1, Attribution(content_id=7, surface="feed"))]
    address_given = address_of(owner_key=key, address_id=address.pk)
    quote = quotes.quote_lines(wanted=wanted, address=address_given, actor_key=key)
    token = quotes.sign_quote(quote, wanted=wanted, actor_key=key, address_id=address.pk)
    asked = checkout.CheckoutRequest(quote_token=token, address_id=address.pk, notes=(), from_cart=False)
    order_no = checkout.place_order(buyer_key=key, idempotency_key="k", request=asked)
    payment_no, url = payments.start_payment(
        buyer_key=key, order_no=order_no, provider="sandbox", return_path="/", language=None
    )
    fields = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    demand = gateway.read_demand(request=fields["request"], stamp=fields["time"], signature=fields["sign"])
    assert gateway.pay(demand, "never")
    report = StatusReport(payment_no, "succeeded", demand.amount_minor, "CNY", "T1")
    with transaction.atomic():
        payments.settle(provider="sandbox", report=report)
while deliver_due():
    pass
GuestMerge.objects.create(pk=900, guest_key=77, person_id=1).delete()
"""


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home folder of a stopped SQLite site that has sold something, and forgotten the row of the highest number."""
    home = tmp_path_factory.mktemp("sold")
    site = Site(home, 0)
    seeded = site.seed(shops=2, skus_a_shop=3, stock=10, buyers=ORDERS)
    subprocess.run(
        [sys.executable, "-c", SELL], env=site.environment, cwd=ROOT, check=True, text=True, input=json.dumps(seeded)
    )
    return home


def xingqu(*arguments: str, home: Path, url: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XINGQU_HOME": str(home), "XINGQU_DATABASE_URL": url}
    command = [sys.executable, "-m", "xingqu", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def audit(home: Path, url: str = "") -> dict[str, Any]:
    site = Site(home, 0, database_url=url)
    found = site.report()
    assert found["problems"] == []
    return found


def dump(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of a SQLite file by table, JSON read, so that its spelling does not count."""
    with sqlite3.connect(path) as database:
        tables = [
            name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        ]
        found = {table: database.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}
        schema = database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    found = {table: sorted((tuple(map(_plain, row)) for row in rows), key=repr) for table, rows in found.items()}
    return {**{t: rows for t, rows in found.items() if t != "django_migrations"}, "schema": schema}


def _plain(value: Any) -> Any:
    try:
        return json.dumps(json.loads(value), sort_keys=True) if isinstance(value, str) and value[:1] in "[{" else value
    except ValueError:  # a text that only begins like JSON
        return value


def test_there_and_back(sold: Path, cluster: Cluster, tmp_path: Path) -> None:
    before = audit(sold)
    assert len(before["paid_parents"]) == ORDERS
    url = cluster.create_database("there")
    went = xingqu("copy_database", "--to", url, home=sold)
    assert went.returncode == 0, went.stdout + went.stderr
    assert "all the same" in went.stdout
    assert audit(sold, url) == before
    with psycopg.connect(url) as database:
        numbers = database.execute(
            "SELECT last_value FROM pg_sequences WHERE sequencename = 'accounts_guestmerge_id_seq'"
        )
        assert numbers.fetchone() == (900,)
        frozen = pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="only appends")
        with frozen, database.transaction():
            database.execute("DELETE FROM ledger_transfer")
    back = tmp_path / "back"
    back.mkdir()
    came = xingqu("copy_database", "--to", f"sqlite:///{back / 'xingqu.sqlite3'}", home=sold, url=url)
    assert came.returncode == 0, came.stdout + came.stderr
    assert audit(back) == before
    assert dump(back / "xingqu.sqlite3") == dump(sold / "xingqu.sqlite3")
    with sqlite3.connect(back / "xingqu.sqlite3") as file, pytest.raises(sqlite3.IntegrityError, match="only appends"):
        file.execute("DELETE FROM ledger_transfer")


def test_a_full_database_is_left_alone(sold: Path, cluster: Cluster) -> None:
    url = cluster.create_database("full")
    assert xingqu("migrate", "-v0", home=sold, url=url).returncode == 0
    with psycopg.connect(url) as database:
        database.execute(
            "INSERT INTO kit_outboxfact (name, payload, published_at, fanned_out) VALUES ('X', '{}', now(), true)"
        )
    refused = xingqu("copy_database", "--to", url, home=sold)
    assert refused.returncode == 1
    assert "kit_outboxfact has rows" in refused.stderr
    with psycopg.connect(url) as database:
        assert database.execute("SELECT count(*) FROM accounts_person").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM kit_outboxfact").fetchone() == (1,)


def test_what_does_not_fit_is_named_and_nothing_kept(sold: Path, cluster: Cluster, tmp_path: Path) -> None:
    home, url = tmp_path / "odd", cluster.create_database("odd")
    home.mkdir()
    with sqlite3.connect(sold / "xingqu.sqlite3") as source, sqlite3.connect(home / "xingqu.sqlite3") as odd:
        source.backup(odd)
        odd.execute("UPDATE accounts_organisation SET description = 'a' || char(0) || 'b' WHERE id = 2")
    refused = xingqu("copy_database", "--to", url, home=home)
    assert refused.returncode == 1
    assert "accounts_organisation, rows 1 to 2" in refused.stderr
    with psycopg.connect(url) as database:
        assert database.execute("SELECT count(*) FROM accounts_person").fetchone() == (0,)
    with sqlite3.connect(home / "xingqu.sqlite3") as odd:
        odd.execute("UPDATE accounts_organisation SET description = '' WHERE id = 2")
    assert xingqu("copy_database", "--to", url, home=home).returncode == 0  # into the tables that the first try made


def test_a_running_site_an_unknown_address_and_a_server_that_is_away(
    sold: Path, cluster: Cluster, tmp_path: Path
) -> None:
    url = cluster.create_database("idle")
    wrong = xingqu("copy_database", "--to", "mysql://host/name", home=sold)
    assert (wrong.returncode, "expected postgresql://" in wrong.stderr) == (1, True)
    away = xingqu("copy_database", "--to", f"postgresql:///idle?host={tmp_path}", home=sold)
    assert (away.returncode, "can't be used" in away.stderr) == (1, True)
    (sold / "run").mkdir(exist_ok=True)
    running = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "supervisord"])
    try:
        (sold / "run" / "supervisord.pid").write_text(str(running.pid), "ascii")
        refused = xingqu("copy_database", "--to", url, home=sold)
    finally:
        running.kill()
        running.wait()
    assert (refused.returncode, "is running" in refused.stderr) == (1, True)
    with psycopg.connect(url) as database:
        assert database.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    (sold / "run" / "supervisord.pid").write_text("999999999", "ascii")  # what a crash leaves behind
    assert xingqu("copy_database", "--to", url, home=sold).returncode == 0
