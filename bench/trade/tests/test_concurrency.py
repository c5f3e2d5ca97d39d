"""Real processes on a real SQLite file and on PostgreSQL: scarce stock, and one checkout sent many times at once."""

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bench.postgresql import Cluster
from bench.trade.client import Buyer
from bench.trade.site import Site

pytestmark = pytest.mark.slow
PORT = 8133


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with ExitStack() as stack:
        on_postgresql = request.param == "postgresql"
        url = stack.enter_context(Cluster()).create_database() if on_postgresql else ""
        found = Site(tmp_path, PORT, database_url=url)
        yield found
        found.stop()


def shop_once(site: Site, seeded: dict[str, Any], processes: int) -> tuple[list[str], list[str]]:
    """Every buyer tries to buy once, all at the same time. Returns (numbers of paid orders, refusals)."""
    share = len(seeded["buyers"]) // processes
    running = []
    for number in range(processes):
        buyers = seeded["buyers"][number * share : (number + 1) * share]
        order = {"port": site.port, "duration_s": 600, "rounds": 1, "skus": seeded["skus"], "buyers": buyers}
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.trade.client"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=site.environment,
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(order).encode())
        process.stdin.close()
        running.append(process)
    results = [json.loads(process.stdout.read()) for process in running if process.stdout is not None]
    for process in running:
        process.wait(timeout=30)
        assert process.stdout is not None
        process.stdout.close()
    return [n for r in results for n in r["orders"]], [e for r in results for e in r["errors"]]


def test_32_buyers_for_10_units(site: Site) -> None:
    seeded = site.seed(shops=1, skus_a_shop=1, stock=10, buyers=32)
    site.start()
    orders, refusals = shop_once(site, seeded, processes=4)
    audit = site.report()
    assert len(orders) == len(set(orders)) == 10, Counter(refusals)
    assert len(refusals) == 22
    assert all("sold_out" in refusal and ": 409 " in refusal for refusal in refusals), refusals
    assert audit["problems"] == []
    assert sorted(audit["paid_parents"]) == sorted(orders)
    assert audit["states"] == {"paid": 10}
    assert audit["booked_minor"] == audit["at_gateway_minor"] == audit["kept_minor"] == 10 * 9900


def test_one_checkout_sent_many_times_at_once(site: Site) -> None:
    seeded = site.seed(shops=1, skus_a_shop=1, stock=100, buyers=1)
    site.start()
    row = seeded["buyers"][0]
    buyers = [Buyer(site.port, row["session"], row["address_id"]) for _ in range(8)]
    lines = [{"sku_id": seeded["skus"][0], "quantity": 1}]
    quote = buyers[0].call("quote", "POST", "/checkout/quote", {"lines": lines, "address_id": row["address_id"]})
    body = {"quote_token": quote["quote_token"], "address_id": row["address_id"]}
    answers: list[Any] = []
    start = threading.Barrier(len(buyers))

    def send(buyer: Buyer) -> None:
        start.wait()
        answers.append(buyer.call("checkout", "POST", "/checkout", body, **{"Idempotency-Key": "the-same"}))

    threads = [threading.Thread(target=send, args=(buyer,)) for buyer in buyers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for buyer in buyers:
        buyer.close()
    assert Counter(json.dumps(answer, sort_keys=True) for answer in answers).most_common() == [
        (json.dumps(answers[0], sort_keys=True), 8)
    ]
    audit = site.report()
    assert (audit["states"], audit["problems"]) == ({"unpaid": 1}, [])
