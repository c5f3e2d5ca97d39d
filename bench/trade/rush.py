"""Many buyers for few units over HTTP: real checkouts on 4 web processes, paid to the end; exactly as many are sold as there are.

    python -m bench.trade.rush [--runs 20] [--processes 4] [--database postgresql] [--scenario 32x10 --scenario 2000x100]

Each buyer is signed in with a session of his own, asks for a quote and orders one unit; who gets an order pays it at the sandbox
gateway and waits until the gateway's notice has made it paid. In every second run all buyers have their quote before the sale
begins, and press at once; in the others they come as they come. Every run has a SKU of its own. What was sold, held and left
is counted by SQL, run by run, and everything together by `bench.trade.audit`. `bench.trade.oversell` is the same race a floor
below, through the catalogue's service.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import Machine
from bench.postgresql import Cluster
from bench.soak.site import free_port
from bench.trade.client import Buyer
from bench.trade.site import Site

# So many buyers stand at the door at once, each with a connection of his own; the others behind them.
AT_ONCE = 256
PATIENCE_S, PAUSE_S = 600.0, 0.2
COME_AGAIN = frozenset({429, 502, 503, 504})
COUNT = """
import json, sys
import django
django.setup()
from django.db import connection

ASK = {
    "orders": "SELECT o.state, COUNT(*), SUM(l.quantity), COUNT(DISTINCT o.buyer_key) FROM trade_orderline l"
    " JOIN trade_shoporder o ON o.id = l.order_id WHERE l.sku_id = %s GROUP BY o.state",
    "holds": "SELECT state, COUNT(*), SUM(quantity) FROM catalogue_stockhold WHERE sku_id = %s GROUP BY state",
    "level": "SELECT SUM(received), SUM(sold), SUM(held), SUM(free) FROM catalogue_stocklevel WHERE sku_id = %s",
    "moved": "SELECT SUM(on_hand_delta), SUM(held_delta) FROM catalogue_stockmovement WHERE sku_id = %s",
}
with connection.cursor() as cursor:
    for sku in map(int, sys.argv[1].split(",")):
        found = {}
        for name, query in ASK.items():
            cursor.execute(query, [sku])
            found[name] = [[int(v) if not isinstance(v, str) else v for v in row] for row in cursor.fetchall()]
        print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one buyer: the code of the refusal, or the number of the order and of its payment."""

    refusal: str = ""
    order_no: str = ""
    payment_no: str = ""


def ask(buyer: Buyer, method: str, path: str, body: Any, **headers: str) -> tuple[int, Any]:
    """Status and answer, asking again while the site says to come again; what is asked so is safe to repeat."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            status, content = buyer.send(method, f"/api/v1{path}", json.dumps(body).encode(), headers)
        except ConnectionError:  # kept alive for too long
            buyer.close()
            if time.monotonic() > until:
                raise
            continue
        said = json.loads(content)
        busy = status in COME_AGAIN or (status == 409 and said["error"]["code"] == "in_progress")
        if not busy or time.monotonic() > until:
            return status, said
        time.sleep(PAUSE_S)


def get_quote(buyer: Buyer, sku: int) -> str:
    """The token of a quote for one unit; sold out or not, a quote can be asked for."""
    lines = [{"sku_id": sku, "quantity": 1}]
    status, said = ask(buyer, "POST", "/checkout/quote", {"lines": lines, "address_id": buyer.address_id})
    if status != 200:
        raise RuntimeError(f"quote: {status} {said}")
    return str(said["quote_token"])


def ask_first(buyer: Buyer, sku: int) -> str:
    """The token of a quote, and the connection is given back: a web process serves so many and keeps the others waiting."""
    try:
        return get_quote(buyer, sku)
    finally:
        buyer.close()


def press_order(buyer: Buyer, token: str) -> Answer:
    """Order what was quoted, and begin to pay it."""
    body = {"quote_token": token, "address_id": buyer.address_id, "from_cart": False}
    status, said = ask(buyer, "POST", "/checkout", body, **{"Idempotency-Key": uuid.uuid4().hex})
    if status != 201:
        return Answer(refusal=f"{status} {said['error']['code']}")
    status, pay = ask(buyer, "POST", f"/orders/{said['order_no']}/pay", {})
    if status != 200:
        raise RuntimeError(f"pay: {status} {pay}")
    buyer.confirm(pay["redirect_url"])
    return Answer(order_no=said["order_no"], payment_no=pay["payment_no"])


def wait_paid(buyer: Buyer, answer: Answer) -> bool:
    """Whether the site says within the patience of a buyer that the payment came."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if buyer.call("poll", "GET", f"/payments/{answer.payment_no}")["state"] == "succeeded":
            return True
        time.sleep(PAUSE_S)
    return False


def run_sale(buyers: list[Buyer], sku: int, *, quotes_first: bool) -> list[Answer]:
    """One sale: who gets a unit pays it. Returns what became of each buyer. Raises RuntimeError for an odd answer."""
    at_once = min(AT_ONCE, len(buyers))
    door = threading.Barrier(at_once)
    with ThreadPoolExecutor(at_once) as pool:
        tokens = list(pool.map(lambda buyer: ask_first(buyer, sku), buyers)) if quotes_first else [""] * len(buyers)

        def come(number: int) -> Answer:
            buyer = buyers[number]
            if number < at_once:
                door.wait(timeout=PATIENCE_S)
            try:
                return press_order(buyer, tokens[number] or get_quote(buyer, sku))
            finally:
                buyer.close()

        answers = list(pool.map(come, range(len(buyers))))
        winners = [(buyer, answer) for buyer, answer in zip(buyers, answers, strict=True) if answer.order_no]
        paid = list(pool.map(lambda pair: wait_paid(*pair), winners))
    for buyer, _ in winners:
        buyer.close()
    if not all(paid):
        raise RuntimeError(f"{paid.count(False)} payments did not come")
    return answers


def count_sold(site: Site, skus: list[int]) -> list[dict[str, Any]]:
    """By SKU: orders by state (orders, units, buyers), holds by state (holds, units), sums of levels and movements."""
    command = [sys.executable, "-c", COUNT, ",".join(map(str, skus))]
    said = subprocess.run(command, env=site.environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [json.loads(line) for line in said.splitlines()]


def judge(answers: list[Answer], found: dict[str, Any], there: int) -> list[str]:
    """What is not exactly as it should be in one run."""
    told = Counter(answer.refusal or "ordered and paid" for answer in answers)
    wanted = {
        "told": {"ordered and paid": there, "409 sold_out": len(answers) - there},
        "orders": [["paid", there, there, there]],
        "holds": [["consumed", there, there]],
        "level": [[there, there, 0, 0]],
        "moved": [[0, 0]],
    }
    seen = {"told": dict(told), **found}
    return [f"{name}: {seen[name]}, not {wanted[name]}" for name in wanted if seen[name] != wanted[name]]


def run_scenario(database: str, buyers: int, there: int, *, runs: int, processes: int) -> list[str]:
    """All runs of a scenario on a site of its own; prints how each went. Returns what went wrong."""
    wrong: list[str] = []
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="xq-rush-"))
        cluster = stack.enter_context(Cluster()) if database == "postgresql" else None
        url = cluster.create_database() if cluster else ""
        site = Site(Path(home), free_port(), workers=processes, database_url=url)
        seeded = site.seed(shops=1, skus_a_shop=runs, stock=there, buyers=buyers)
        stack.callback(site.stop)
        site.start()
        people = [Buyer(site.port, row["session"], row["address_id"]) for row in seeded["buyers"]]
        skus = seeded["skus"]
        said = []
        for number, sku in enumerate(skus):
            started = time.perf_counter()
            said.append(run_sale(people, sku, quotes_first=number % 2 == 0))
            sold = sum(1 for answer in said[-1] if answer.order_no)
            spent_s = time.perf_counter() - started
            print(f"  run {number + 1}: {sold} of {there} sold to {buyers} buyers in {spent_s:.1f} s", flush=True)
        for number, (answers, found) in enumerate(zip(said, count_sold(site, skus), strict=True)):
            wrong += [f"run {number + 1}: {one}" for one in judge(answers, found, there)]
        audit = site.report()
        wrong += audit["problems"]
        if audit["booked_minor"] != audit["at_gateway_minor"]:
            wrong.append("the books differ from the gateway's")
    return wrong


def main() -> int:
    """Run and print a line each; returns 1 when a run sold more or fewer than there were."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    parser.add_argument("--scenario", action="append")
    options = parser.parse_args()
    failed = False
    for database in options.database or ["sqlite", "postgresql"]:
        for scenario in options.scenario or ["32x10", "2000x100"]:
            buyers, there = map(int, scenario.split("x"))
            machine, started = Machine(), time.perf_counter()
            wrong = run_scenario(database, buyers, there, runs=options.runs, processes=options.processes)
            failed = failed or bool(wrong)
            spent_s = time.perf_counter() - started
            how = f"exactly {there} sold in each of {options.runs} runs" if not wrong else "WRONG"
            print(
                f"{database}, {buyers} buyers, {there} units, {options.processes} web processes: {how} ({spent_s:.0f} s)"
            )
            print(*(f"  {one}" for one in wrong), machine.line(), sep="\n", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
