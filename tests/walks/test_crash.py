"""`kill -9` of web and worker in the middle of 200 checkouts: no acknowledged order is lost, no charge doubled."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from simulator.browser import Browser, Refused
from tests.walks.conftest import ROOT, Site, start_site, stop_site

pytestmark = pytest.mark.slow

CHECKOUTS = 200
BUYERS = 8
PATIENCE_S = 90


def insist(call: Callable[[], Any]) -> Any:
    """Repeat a call until it is answered: what a client does whose connection broke or who was told to wait."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return call()
        except (httpx.HTTPError, LookupError):
            pass
        except Refused as refusal:
            if refusal.status not in (409, 499, 502, 503) or refusal.code not in ("starting", "in_progress", ""):
                raise
        assert time.monotonic() < until, "the site did not come back"
        time.sleep(0.1)


def buy(site: Site, number: int, sku_id: int, times: int, acknowledged: list[str]) -> None:
    """Make and pay `times` orders through whatever happens; the numbers acknowledged as created go to `acknowledged`."""
    browser = Browser(site.origin, httpx.HTTPTransport())
    insist(browser.open)
    insist(lambda: browser.sign_up(f"buyer{number}@example.test", "tea-and-rain-88"))
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
        insist(lambda pay=pay: confirm(browser, pay["redirect_url"]))
    browser.close()


def confirm(browser: Browser, url: str) -> None:
    """Pay at the sandbox; 409 says that it had been paid before the connection broke."""
    answer = browser.submit_form(url, {"mode": "twice"})
    if answer.status_code not in (200, 302, 303, 404, 409):
        raise httpx.TransportError(f"the gateway answered {answer.status_code}")


def plenty(home: Path) -> int:
    """A SKU with stock for all; set behind the site's back, before the buyers come."""
    with sqlite3.connect(home / "xingqu.sqlite3", timeout=20) as database:
        sku_id = database.execute("SELECT min(id) FROM catalogue_sku").fetchone()[0]
        database.execute("UPDATE catalogue_sku SET on_hand = 100000 WHERE id = ?", [sku_id])
    return int(sku_id)


def keep_killing(site: Site, stop: threading.Event, killed: list[str], acknowledged: list[str]) -> None:
    """Kill again and again, each time after some more orders: a slow machine needs its time to start."""
    draw, due = random.Random(5), BUYERS
    while not stop.wait(draw.uniform(1.0, 2.5)):
        if len(acknowledged) < due:
            continue
        due = len(acknowledged) + BUYERS
        name = draw.choice(["web", "worker"])
        pids = site.pids(name)
        for pid in pids if draw.random() < 0.5 else pids[1:] or pids:  # the whole program, or one of its workers
            try:
                os.kill(pid, signal.SIGKILL)
                killed.append(name)
            except ProcessLookupError:
                pass


def test_nothing_is_lost_and_nothing_is_doubled(tmp_path: Path) -> None:
    site = start_site(
        tmp_path / "home", XINGQU_DEMO_FIRST_CLIPS="0", XINGQU_DEMO_FIRST_POSTS="0", XINGQU_DEMO_LATER_CLIPS="0"
    )
    killed: list[str] = []
    acknowledged: list[str] = []
    try:
        sku_id = plenty(site.home)
        stop = threading.Event()
        killer = threading.Thread(target=keep_killing, args=(site, stop, killed, acknowledged))
        killer.start()
        try:
            with ThreadPoolExecutor(BUYERS) as pool:
                jobs = [pool.submit(buy, site, n, sku_id, CHECKOUTS // BUYERS, acknowledged) for n in range(BUYERS)]
                for job in jobs:
                    job.result()
        finally:
            stop.set()
            killer.join()
        settle(site, acknowledged)
        check_books(site, acknowledged, sku_id)
    finally:
        stop_site(site)
    assert {"web", "worker"} <= set(killed)
    assert len(set(acknowledged)) == CHECKOUTS


def rows(site: Site, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{site.home / 'xingqu.sqlite3'}?mode=ro", uri=True, timeout=20) as database:
        return database.execute(sql, values).fetchall()


def settle(site: Site, acknowledged: list[str]) -> None:
    """Wait until every acknowledged order is paid: callbacks that were cut off come again, or are asked for."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        paid = {no for (no,) in rows(site, "SELECT order_no FROM trade_parentorder WHERE state = 'paid'")}
        if set(acknowledged) <= paid:
            return
        time.sleep(0.5)
    missing = set(acknowledged) - {no for (no,) in rows(site, "SELECT order_no FROM trade_parentorder")}
    pytest.fail(f"lost: {sorted(missing)}; not paid: {len(set(acknowledged) - paid)}")


def check_books(site: Site, acknowledged: list[str], sku_id: int) -> None:
    """One charge an order, at the gateway and in the books; one unit an order, in stock; the ledger balances."""
    charges = rows(
        site,
        "SELECT o.order_no, count(*), sum(t.amount_minor - t.refunded_minor), o.payable_minor FROM trade_parentorder o "
        "JOIN trade_paymentattempt a ON a.parent_id = o.id JOIN sandbox_pay_sandboxtrade t ON t.payment_no = a.payment_no "
        "WHERE t.state = 'succeeded' AND t.amount_minor > t.refunded_minor GROUP BY o.id",
    )
    doubled = [no for no, count, charged, payable in charges if count != 1 or charged != payable]
    assert doubled == []
    assert {no for no, *_ in charges} == {
        no for (no,) in rows(site, "SELECT order_no FROM trade_parentorder WHERE state = 'paid'")
    }
    assert set(acknowledged) <= {no for no, *_ in charges}
    on_hand, held = rows(site, "SELECT on_hand, held FROM catalogue_sku WHERE id = ?", sku_id)[0]
    sold = rows(
        site,
        "SELECT sum(l.quantity) FROM trade_orderline l JOIN trade_shoporder o ON o.id = l.order_id WHERE o.state = 'paid'",
    )[0][0]
    open_units = rows(site, "SELECT count(*) FROM trade_shoporder WHERE state = 'unpaid'")[0][0]
    assert (on_hand, held) == (100000 - sold, open_units)
    checked = subprocess.run(
        [sys.executable, "-m", "xingqu", "check_ledger"],
        cwd=ROOT,
        env={**os.environ, "XINGQU_HOME": str(site.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
