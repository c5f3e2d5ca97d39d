"""`kill -9` of web, worker and PostgreSQL in the middle of 200 checkouts: no acknowledged order is lost, no charge doubled."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from bench.postgresql import Cluster
from simulator.browser import Browser, Refused
from tests.walks.conftest import ROOT, Site, start_site, stop_site

pytestmark = pytest.mark.slow

CHECKOUTS = 200
BUYERS = 8
PATIENCE_S = 300  # a busy machine takes a minute and more to start a process


def insist(call: Callable[[], Any]) -> Any:
    """Repeat a call until it is answered: what a client does whose connection broke or who was told to wait."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return call()
        except (httpx.HTTPError, LookupError):
            pass
        except Refused as refusal:
            if refusal.status == 429:  # a minute's sign-ups were used up while the database was away
                time.sleep(5)
            elif refusal.status not in (409, 499, 502, 503) or refusal.code not in (
                "starting",
                "database_busy",
                "in_progress",
                "",
            ):
                raise
        assert time.monotonic() < until, "the site did not come back"
        time.sleep(0.1)


def buy(site: Site, number: int, sku_id: int, times: int, acknowledged: list[str]) -> None:
    """Make and pay `times` orders through whatever happens; the numbers acknowledged as created go to `acknowledged`."""
    browser = Browser(site.origin, httpx.HTTPTransport())
    insist(browser.open)
    insist(lambda: enter(browser, f"buyer{number}@example.test"))
    address_id = insist(lambda: browser.add_address("收件人", lambda regions: regions[0]))
    for _ in range(times):
        key = uuid.uuid4().hex
        lines = [{"sku_id": sku_id, "quantity": 1}]
        quote = insist(
            lambda lines=lines: browser.post("/api/v1/checkout/quote", {"lines": lines, "address_id": address_id})
        )
        body = {"quote_token": quote["quote_token"], "address_id": address_id, "notes": {}, "from_cart": False}
        order = insist(lambda body=body, key=key: browser.post("/api/v1/checkout", body, {"Idempotency-Key": key}))
        acknowledged.append(order["order_no"])
        path = f"/api/v1/orders/{order['order_no']}/pay"
        pay = insist(lambda path=path: browser.post(path, {"provider": "sandbox"}))
        insist(lambda pay=pay: confirm(browser, pay))
    browser.close()


def enter(browser: Browser, email: str) -> None:
    """Sign up, or in where the sign-up had been kept when its answer was lost."""
    try:
        browser.sign_up(email, "tea-and-rain-88")
    except Refused as refusal:
        if refusal.status == 400:  # no such account to sign in to: the sign-up had not been kept
            raise LookupError(str(refusal)) from refusal
        raise


def confirm(browser: Browser, pay: dict[str, str]) -> None:
    """Pay at the sandbox; 409 says that it had been paid before the connection broke."""
    try:
        answer = browser.submit_form(pay["redirect_url"], {"mode": "twice"})
    except LookupError:  # no button to press: the site is away, or it was paid before the connection broke
        if browser.get(f"/api/v1/payments/{pay['payment_no']}")["state"] == "succeeded":
            return
        raise
    if answer.status_code not in (200, 302, 303, 404, 409):
        raise httpx.TransportError(f"the gateway answered {answer.status_code}")


@dataclass
class Database:
    """The site's tables, read and written behind its back: a SQLite file, or a cluster that can be killed as well."""

    home: Path
    cluster: Cluster | None = None

    @property
    def url(self) -> str:
        return self.cluster.url() if self.cluster is not None else ""

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        if self.cluster is None:
            with sqlite3.connect(f"file:{self.home / 'xingqu.sqlite3'}?mode=ro", uri=True, timeout=20) as database:
                return database.execute(sql, values).fetchall()
        with psycopg.connect(self.url) as database:
            return database.execute(sql.replace("?", "%s"), values).fetchall()

    def plenty(self) -> int:
        """A SKU with stock for all, before the buyers come."""
        sku_id = int(self.rows("SELECT min(id) FROM catalogue_sku")[0][0])
        sql = f"UPDATE catalogue_stocklevel SET received = 100000, free = 100000 WHERE sku_id = {sku_id}"
        if self.cluster is None:
            with sqlite3.connect(self.home / "xingqu.sqlite3", timeout=20) as database:
                database.execute(sql)
        else:
            with psycopg.connect(self.url) as database:
                database.execute(sql)
        return sku_id

    def kill_session(self, draw: random.Random) -> None:
        """`kill -9` of one session: PostgreSQL throws all others out and recovers from its log."""
        assert self.cluster is not None
        with psycopg.connect(self.url) as database:
            found = database.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'xingqu' AND pid <> pg_backend_pid()"
            ).fetchall()
        os.kill(draw.choice(found)[0], signal.SIGKILL)

    def kill_server(self) -> None:
        """`kill -9` of the server, and a start anew."""
        assert self.cluster is not None
        self.cluster.kill()
        self.cluster.start()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    home = tmp_path / "home"
    if request.param == "sqlite":
        yield Database(home)
        return
    with Cluster() as cluster:
        cluster.create_database()
        yield Database(home, cluster)


@dataclass
class Killer:
    """Kills again and again, each time after some more orders: a slow machine needs its time to start."""

    site: Site
    database: Database
    acknowledged: list[str]
    killed: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    draw: random.Random = field(default_factory=lambda: random.Random(5))

    def run(self) -> None:
        names = ["web", "worker", *(["session", "server"] if self.database.cluster is not None else [])]
        due = BUYERS
        while not self.stop.wait(self.draw.uniform(1.0, 2.5)):
            if len(self.acknowledged) < due:
                continue
            due = len(self.acknowledged) + BUYERS
            missing = [name for name in names if name not in self.killed]  # each at least once, in whatever order
            self.kill(self.draw.choice(missing or names))

    def kill(self, name: str) -> None:
        try:
            if name == "session":
                self.database.kill_session(self.draw)
            elif name == "server":
                self.database.kill_server()
            else:
                pids = self.site.pids(name)
                for pid in (
                    pids if self.draw.random() < 0.5 else pids[1:] or pids
                ):  # the whole program, or a worker of it
                    os.kill(pid, signal.SIGKILL)
        except (ProcessLookupError, IndexError, psycopg.OperationalError):  # it was down already
            return
        self.killed.append(name)


def test_nothing_is_lost_and_nothing_is_doubled(database: Database) -> None:
    site = start_site(
        database.home,
        XINGQU_DEMO_FIRST_CLIPS="0",
        XINGQU_DEMO_FIRST_POSTS="0",
        XINGQU_DEMO_LATER_CLIPS="0",
        XINGQU_DATABASE_URL=database.url,
    )
    acknowledged: list[str] = []
    killer = Killer(site, database, acknowledged)
    try:
        sku_id = database.plenty()
        thread = threading.Thread(target=killer.run)
        thread.start()
        try:
            with ThreadPoolExecutor(BUYERS) as pool:
                jobs = [pool.submit(buy, site, n, sku_id, CHECKOUTS // BUYERS, acknowledged) for n in range(BUYERS)]
                for job in jobs:
                    job.result()
        finally:
            killer.stop.set()
            thread.join()
        settle(database, acknowledged)
        check_books(database, acknowledged, sku_id)
    finally:
        stop_site(site)
    expected = {"web", "worker"} | ({"session", "server"} if database.cluster is not None else set())
    assert expected <= set(killer.killed)
    assert len(set(acknowledged)) == CHECKOUTS


def settle(database: Database, acknowledged: list[str]) -> None:
    """Wait until every acknowledged order is paid: callbacks that were cut off come again, or are asked for."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        paid = {no for (no,) in database.rows("SELECT order_no FROM trade_parentorder WHERE state = 'paid'")}
        if set(acknowledged) <= paid:
            return
        time.sleep(0.5)
    missing = set(acknowledged) - {no for (no,) in database.rows("SELECT order_no FROM trade_parentorder")}
    pytest.fail(f"lost: {sorted(missing)}; not paid: {len(set(acknowledged) - paid)}")


def check_books(database: Database, acknowledged: list[str], sku_id: int) -> None:
    """One charge an order, at the gateway and in the books; one unit an order, in stock; the ledger balances."""
    charges = database.rows(
        "SELECT o.order_no, count(*), sum(t.amount_minor - t.refunded_minor), o.payable_minor FROM trade_parentorder o "
        "JOIN trade_paymentattempt a ON a.parent_id = o.id JOIN sandbox_pay_sandboxtrade t ON t.payment_no = a.payment_no "
        "WHERE t.state = 'succeeded' AND t.amount_minor > t.refunded_minor GROUP BY o.id, o.order_no, o.payable_minor",
    )
    doubled = [no for no, count, charged, payable in charges if count != 1 or charged != payable]
    assert doubled == []
    assert {no for no, *_ in charges} == {
        no for (no,) in database.rows("SELECT order_no FROM trade_parentorder WHERE state = 'paid'")
    }
    assert set(acknowledged) <= {no for no, *_ in charges}
    on_hand, held = database.rows(
        "SELECT sum(free + held), sum(held) FROM catalogue_stocklevel WHERE sku_id = ?", sku_id
    )[0]
    sold = database.rows(
        "SELECT sum(l.quantity) FROM trade_orderline l JOIN trade_shoporder o ON o.id = l.order_id WHERE o.state = 'paid'",
    )[0][0]
    open_units = database.rows("SELECT count(*) FROM trade_shoporder WHERE state = 'unpaid'")[0][0]
    assert (on_hand, held) == (100000 - sold, open_units)
    checked = subprocess.run(
        [sys.executable, "-m", "xingqu", "check_ledger"],
        cwd=ROOT,
        env={**os.environ, "XINGQU_HOME": str(database.home), "XINGQU_DATABASE_URL": database.url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
