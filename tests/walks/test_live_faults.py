"""A live room on several edge processes, and what dies under it: nobody misses an event, exactly the units of a sale are sold."""

import http.client
import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Any

import pytest

from bench.live.site import LiveSite
from bench.soak.site import free_port
from bench.trade.client import Buyer
from bench.trade.site import wait_ready
from xingqu.standalone.tests.conftest import RedisServer

pytestmark = pytest.mark.slow
# A busy machine takes a minute and more to start a process.
PATIENCE_S = 300.0
BUYERS, UNITS = 10, 4
PRICE_MINOR = 5_000
SALE_S = 1_800  # longer than the test has patience


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def room(
    tmp_path_factory: pytest.TempPathFactory, redis: RedisServer
) -> Iterator[tuple[LiveSite, dict[str, Any], int]]:
    """A room on air, whose events go through Redis, and the port of a second edge."""
    home = tmp_path_factory.mktemp("live")
    # Nobody pushes a picture here: the stream of the seed stays as long as the test.
    site = LiveSite(home, XINGQU_LIVE_FANOUT_URL=redis.url, XINGQU_LIVE_SILENT_S="3600")
    seeded, second = site.seed(people=0, buyers=BUYERS), free_port()
    try:
        site.start("web", "edge", "worker")
        site.start_one("edge", port=second, as_name="second")
        wait_ready(second)
        yield site, seeded, second
    finally:
        site.stop()


class Watcher(threading.Thread):
    """One viewer, as a browser listens: it comes back behind the last event whenever its line breaks.

    `heard` are events after the cursor it began with, each once: two seconds of before are told again to whoever comes.
    """

    def __init__(self, port: int, room_id: int, cursor: int) -> None:
        super().__init__(daemon=True)
        self.port, self.room_id = port, room_id
        self.began = self.last = cursor
        self.heard: dict[int, str] = {}
        self.lines = 0
        self.gone = False
        self.start()

    def run(self) -> None:
        while not self.gone:
            with suppress(OSError, http.client.HTTPException, ValueError):  # cut, perhaps within a line
                self._listen()
            time.sleep(0.1)

    def _listen(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            line.request("GET", f"/rt/live/{self.room_id}?as=desk&cursor=0", headers={"Last-Event-ID": str(self.last)})
            answer = line.getresponse()
            if answer.status != 200:
                return
            self.lines += 1
            while text := answer.readline():
                if text.startswith(b'data: {"id"'):
                    self._hear(json.loads(text[6:]))
        finally:
            line.close()

    def _hear(self, event: dict[str, Any]) -> None:
        if event["id"] > self.began:
            self.heard.setdefault(event["id"], event["data"].get("text", event["kind"]))
        self.last = max(self.last, event["id"])


def wait_for(condition: Callable[[], object], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.05)


def announce(site: LiveSite, seeded: dict[str, Any], *texts: str) -> None:
    for text in texts:
        path = f"/shops/{seeded['shop_id']}/live-rooms/{seeded['room_id']}"
        site.desk(seeded["host"], path, {"announcement": text}, method="PATCH")


def cursor_of(site: LiveSite, seeded: dict[str, Any]) -> int:
    path = f"/shops/{seeded['shop_id']}/live-rooms/{seeded['room_id']}"
    return int(site.desk(seeded["host"], path, None, method="GET")["cursor"])


def test_two_edges_tell_the_same_in_order_once_also_when_redis_dies(
    room: tuple[LiveSite, dict[str, Any], int], redis: RedisServer
) -> None:
    site, seeded, second = room
    cursor = cursor_of(site, seeded)
    watchers = [Watcher(port, seeded["room_id"], cursor) for port in (site.port, second)]
    wait_for(lambda: all(one.lines for one in watchers), "nobody listens")
    said = [f"第{number}条" for number in range(6)]
    announce(site, seeded, *said[:2])
    wait_for(lambda: all(len(one.heard) == 2 for one in watchers), "an event did not arrive")
    redis.kill()
    announce(site, seeded, *said[2:4])
    wait_for(lambda: all(len(one.heard) == 4 for one in watchers), "an event was lost with Redis")
    redis.start()
    announce(site, seeded, *said[4:])
    wait_for(lambda: all(len(one.heard) == 6 for one in watchers), "an event was lost after Redis came back")
    for one in watchers:
        one.gone = True
        assert list(one.heard.values()) == said
        assert one.lines == 1


def test_edge_and_worker_are_killed_during_a_flash_sale(
    room: tuple[LiveSite, dict[str, Any], int],
) -> None:
    site, seeded, _ = room
    cursor = cursor_of(site, seeded)
    watcher = Watcher(site.port, seeded["room_id"], cursor)
    wait_for(lambda: watcher.lines, "nobody listens")
    start_flash(site, seeded)
    bought: list[str] = []
    with ThreadPoolExecutor(BUYERS) as pool:
        jobs = [pool.submit(buy, site, seeded, row, bought) for row in seeded["buyers"]]
        wait_for(lambda: bought or any(job.done() for job in jobs), "nobody bought anything")
        kill_and_start(site)
        for job in jobs:
            job.result()
    wait_ready(site.port)
    announce(site, seeded, "散场")
    wait_for(lambda: "散场" in watcher.heard.values(), "a viewer did not come back")
    watcher.gone = True
    assert watcher.lines >= 2
    with sqlite3.connect(f"file:{site.environment['XINGQU_HOME']}/xingqu.sqlite3?mode=ro", uri=True) as database:
        happened = "SELECT id FROM live_roomevent WHERE room_id = ? AND id > ? ORDER BY id"
        told = [pk for (pk,) in database.execute(happened, (seeded["room_id"], cursor))]
        assert sorted(watcher.heard) == told
        check_sale(database)
    path = f"/shops/{seeded['shop_id']}/live-rooms/{seeded['room_id']}"
    [price] = site.desk(seeded["host"], path, None, method="GET")["items"][0]["prices"]
    assert (price["units"], price["left"]) == (UNITS, 0)


def start_flash(site: LiveSite, seeded: dict[str, Any]) -> None:
    price = {"sku_id": seeded["sku_id"], "price_minor": PRICE_MINOR, "units": UNITS, "limit_per_person": 1}
    path = f"/shops/{seeded['shop_id']}/live-rooms/{seeded['room_id']}/items/{seeded['item_id']}"
    site.desk(seeded["host"], f"{path}/explain", None)
    site.desk(seeded["host"], f"{path}/flash", {"prices": [price], "duration_s": SALE_S})


def kill_and_start(site: LiveSite) -> None:
    """`kill -9` of both at one moment; the supervisor would start them again after a second."""
    site.kill("edge")
    site.kill("worker")
    time.sleep(1)
    site.start_one("edge")
    site.start_one("worker")


def buy(site: LiveSite, seeded: dict[str, Any], row: dict[str, Any], bought: list[str]) -> None:
    """Out of the room, at whatever price there is, through whatever happens; who has an order pays it."""
    with closing(Buyer(site.port, row["session"], row["address_id"])) as buyer:
        item = insist(buyer, "GET", f"/live/rooms/{seeded['room_id']}")["items"][0]
        line = {
            "sku_id": seeded["sku_id"],
            "quantity": 1,
            "attribution": {"surface": "live", "touch": item["touch"]},
        }
        quote = insist(buyer, "POST", "/checkout/quote", {"lines": [line], "address_id": row["address_id"]})
        body = {"quote_token": quote["quote_token"], "address_id": row["address_id"], "from_cart": False}
        order = insist(buyer, "POST", "/checkout", body, **{"Idempotency-Key": uuid.uuid4().hex})
        if "order_no" not in order:  # the units at the price of the quote were gone
            assert order["error"]["code"] in ("quote_changed", "sold_out", "quote_stale", "price_changed"), order
            return
        bought.append(order["order_no"])
        pay(buyer, insist(buyer, "POST", f"/orders/{order['order_no']}/pay", {}))


def pay(buyer: Buyer, attempt: dict[str, Any]) -> None:
    """Press "pay now" until it is paid."""
    until = time.monotonic() + PATIENCE_S
    while insist(buyer, "GET", f"/payments/{attempt['payment_no']}")["state"] != "succeeded":
        assert time.monotonic() < until, "a payment did not come"
        try:
            buyer.confirm(attempt["redirect_url"])
        except (RuntimeError, OSError, ValueError):
            buyer.close()  # paid before the line broke, or the site is away
        time.sleep(0.3)


def insist(buyer: Buyer, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Ask again until there is an answer that is not "come again"."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            status, said = buyer.send(
                method, f"/api/v1{path}", b"" if body is None else json.dumps(body).encode(), headers
            )
            found = json.loads(said)
            if status not in (429, 502, 503, 504) and found.get("error", {}).get("code") != "in_progress":
                return found
        except (OSError, ValueError):
            buyer.close()
        assert time.monotonic() < until, f"{method} {path} was not answered"
        time.sleep(0.2)


def check_sale(database: sqlite3.Connection) -> None:
    """Exactly the units of the sale went at its price, one a person, each paid once."""
    lines = database.execute(
        "SELECT o.buyer_key, l.quantity, o.state FROM trade_orderline l JOIN trade_shoporder o ON o.id = l.order_id"
        " WHERE l.unit_price_minor = ?",
        (PRICE_MINOR,),
    ).fetchall()
    assert sorted(quantity for _, quantity, _ in lines) == [1] * UNITS
    assert len({buyer for buyer, *_ in lines}) == UNITS
    assert {state for *_, state in lines} == {"paid"}
    charges = database.execute(
        "SELECT count(*), sum(t.amount_minor), o.payable_minor FROM trade_parentorder o"
        " JOIN trade_paymentattempt a ON a.parent_id = o.id JOIN sandbox_pay_sandboxtrade t ON t.payment_no = a.payment_no"
        " WHERE t.state = 'succeeded' GROUP BY o.id, o.payable_minor"
    ).fetchall()
    assert len(charges) >= UNITS
    assert all(count == 1 and charged == payable for count, charged, payable in charges)
