"""The days of trade that a demo has behind it: played once, nothing left undone by time, goods, orders and money in step."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.walks.conftest import ROOT, free_port

pytestmark = pytest.mark.slow
# In which states the stories of the last days leave their cases.
OPEN = {"merchant_review", "offered", "buyer_return", "merchant_confirm", "merchant_ship", "refused", "handling"}


def program(home: Path) -> Callable[..., str]:
    environment = {
        **os.environ,
        "XINGQU_HOME": str(home),
        "XINGQU_DEMO": "1",
        "XINGQU_PORT": str(free_port()),
        "XINGQU_DATABASE_URL": "",
        "XINGQU_DEMO_FIRST_CLIPS": "0",
        "XINGQU_DEMO_FIRST_POSTS": "0",
    }

    def run(*words: str, fails: bool = False) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *words], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert (done.returncode != 0) == fails, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    return run


def test_a_demo_has_a_past(tmp_path: Path) -> None:
    run = program(tmp_path)
    run("xingqu", "migrate", "-v0")
    run("xingqu", "seed_demo")
    run("simulator.history", "--days", "9")
    books = sqlite3.connect(tmp_path / "xingqu.sqlite3")
    counts = dict(books.execute("SELECT state, count(*) FROM aftersale_case GROUP BY state").fetchall())
    assert set(counts) >= OPEN
    orders = dict(books.execute("SELECT state, count(*) FROM trade_shoporder GROUP BY state").fetchall())
    assert set(orders) >= {"unpaid", "paid", "shipped", "done", "refunded"}
    (waiting,) = books.execute("SELECT count(*) FROM kit_outboxdelivery WHERE state = 'waiting'").fetchone()
    assert waiting == 0
    # The sandbox's bank is a part of the site, which is not up: all else fits together.
    told = run("xingqu", "audit_books", fails=True).splitlines()
    assert [line.partition(":")[0] for line in told] == ["money bank_list sandbox_bank"]
    run("xingqu", "check_ledger")
    run("simulator.history", "--days", "9")
    assert dict(books.execute("SELECT state, count(*) FROM trade_shoporder GROUP BY state").fetchall()) == orders
