"""Plays a population of shoppers, and their merchants, through the site's own APIs for a while."""

import gzip
import json
import logging
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import httpx

from simulator.browser import Browser, Refused
from simulator.shopper import Shopper
from simulator.taste import Taste

log = logging.getLogger("simulator")
BUYER_SHARE = 0.15
SHIP_EVERY_S = 5.0


@dataclass(frozen=True)
class LifeParams:
    """How much life: `shoppers` people over `duration_s`, at most `visits_per_s`, after an opening rush of `rush_visits`."""

    origin: str
    shoppers: int = 300
    duration_s: float = 900.0
    visits_per_s: float = 2.0
    rush_visits: int = 200
    threads: int = 2
    seed: int = 20211


@dataclass
class Life:
    """The run: its people, its tally, and the orders that wait for the merchant."""

    params: LifeParams
    tally: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._transport = httpx.HTTPTransport(limits=httpx.Limits(max_connections=16, max_keepalive_connections=16))
        self._lock = threading.Lock()
        self._to_ship: set[str] = set()
        self._stop = threading.Event()

    def run(self) -> Counter[str]:
        """Play until the time is up. Returns what was done, by kind."""
        window = Browser(self.params.origin, self._transport)
        window.open()
        categories = _leaf_ids(window.get("/api/v1/categories"))
        comments = read_comments()
        people = [self._shopper(number, categories, comments) for number in range(self.params.shoppers)]
        merchant = threading.Thread(target=self._keep_shop, daemon=True)
        merchant.start()
        started, draw = time.monotonic(), random.Random(self.params.seed)
        with ThreadPoolExecutor(self.params.threads) as pool:
            visit = 0
            while time.monotonic() - started < self.params.duration_s:
                pool.submit(self._visit, draw.choice(people))
                visit += 1
                time.sleep(0.1 if visit < self.params.rush_visits else 1 / self.params.visits_per_s)
                while pool._work_queue.qsize() > 8:  # the site is slower than we are: wait
                    time.sleep(0.2)
        self._stop.set()
        merchant.join(timeout=10)
        return self.tally

    def _shopper(self, number: int, categories: list[int], comments: dict[str, list[str]]) -> Shopper:
        seed = self.params.seed * 100_003 + number
        browser = Browser(self.params.origin, self._transport)
        return Shopper(number=number, seed=seed, browser=browser, taste=Taste(seed, categories), comments=comments)

    def _visit(self, shopper: Shopper) -> None:
        try:
            if not shopper.browser.session:
                shopper.arrive()
                if shopper.draw.random() < BUYER_SHARE:
                    shopper.sign_up()
                    self._count("signed_up")
            self._count("cards", shopper.swipe(shopper.draw.randint(1, 4)))
            if shopper.signed_up:
                self._count("received", sum(shopper.receive_and_review(no) for no in list(shopper.awaiting)))
                if shopper.wanted:
                    numbers = shopper.buy()
                    with self._lock:
                        self._to_ship.update(numbers)
                    self._count("orders", len(numbers))
            self._count("visits")
        except (Refused, httpx.HTTPError, LookupError) as error:
            self._count("refused" if isinstance(error, Refused) else "failed")
            log.warning("a visit ended early: %s: %s", type(error).__name__, error)
        except Exception:
            log.exception("a visit broke")

    def _keep_shop(self) -> None:
        """The demo merchant ships what the simulated shoppers bought, and nobody else's orders."""
        merchant = Browser(self.params.origin, self._transport)
        try:
            merchant.open()
            merchant.session = merchant.post("/api/v1/demo/role", {"role": "merchant"})
        except (Refused, httpx.HTTPError) as error:
            log.warning("no merchant on this site, orders are not shipped: %s", error)
            return
        while not self._stop.wait(SHIP_EVERY_S):
            try:
                self._ship(merchant)
            except (Refused, httpx.HTTPError) as error:
                log.warning("shipping failed: %s", error)

    def _ship(self, merchant: Browser) -> None:
        carriers = merchant.get("/api/v1/carriers")
        items: list[dict[str, Any]] = carriers["items"] if isinstance(carriers, dict) else carriers
        for shop in merchant.session["organisations"]:
            page = merchant.get(f"/api/v1/shops/{shop['id']}/orders", state="paid", limit=50)
            for order in page["items"]:
                number = order["order_no"]
                if number not in self._to_ship:
                    continue
                tracking = f"SF{random.Random(number).randrange(10**12, 10**13)}"
                body = {"carrier_code": items[0]["code"], "tracking_no": tracking}
                merchant.post(f"/api/v1/shops/{shop['id']}/orders/{number}/ship", body)
                with self._lock:
                    self._to_ship.discard(number)
                self._count("shipped")

    def _count(self, kind: str, by: int = 1) -> None:
        with self._lock:
            self.tally[kind] += by


def read_comments() -> dict[str, list[str]]:
    """Real buyers' comments by product name, from the packaged catalogue; only whole ones of some length."""
    path = resources.files("xingqu.catalogue") / "data" / "products.jsonl.gz"
    found: dict[str, list[str]] = {}
    with path.open("rb") as raw, gzip.open(raw, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            texts = [c["content"].strip() for c in record.get("comments", [])]
            found[record["name"]] = [t for t in texts if 4 <= len(t) < 70 and "\ufffd" not in t]
    return found


def _leaf_ids(tree: Any) -> list[int]:
    nodes = tree["items"] if isinstance(tree, dict) else tree
    found: list[int] = []
    for node in nodes:
        found += _leaf_ids(node["children"]) if node.get("children") else [node["id"]]
    return found
