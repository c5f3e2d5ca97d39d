"""Plays weeks of trade into a demo before it opens, so that no page of it is empty.

The site runs inside this process under a clock that goes through the past. Shoppers, merchant and operator act over HTTP as
everywhere in the simulator; the worker's steps, the sandbox gateway, the carrier and the bank see the moment that is played.
What is open at the end is open when the demo begins.
"""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx

from simulator.browser import Browser
from simulator.life import read_comments
from simulator.shopper import Shopper
from simulator.taste import Taste
from xingqu.kit import clock

STEP = timedelta(hours=12)
ROUNDS = 6
# The site answers from this very process while pictures and clips are made beside it.
PATIENCE_S = 180.0
Work = Callable[[], object]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """A line per request is too many."""


class Past:
    """A site whose moment is in our hands. `work` is what its worker does; each is called until nothing is left to do."""

    def __init__(self, start: datetime, work: list[Work], deliver: Work) -> None:
        self.moment = start
        self._work = work
        self._deliver = deliver

    @contextmanager
    def serve(self, application: Any, host: str, port: int) -> Iterator[None]:
        """Answer HTTP at the address the sandboxes know, each request at the moment that is played."""

        def at_the_moment(environ: Any, start_response: Any) -> Any:
            with clock.frozen(self.moment):
                return application(environ, start_response)

        server = make_server(host, port, at_the_moment, server_class=_Server, handler_class=_Quiet)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()

    def work(self) -> None:
        """What the worker does at this moment: what is due, and facts to their handlers."""
        with clock.frozen(self.moment):
            for _ in range(ROUNDS):
                for step in self._work:
                    step()
                if not self._deliver():
                    return

    def tick(self, **span: float) -> None:
        """A little later, without what falls due meanwhile."""
        self.moment += timedelta(**span)

    def until(self, moment: datetime) -> None:
        """Let the time go by in steps, with all that falls due. What was just done is known before the time goes on."""
        with clock.frozen(self.moment):
            self._deliver()
        while self.moment < moment:
            self.moment = min(self.moment + STEP, moment)
            self.work()


class Stage:
    """Who plays: shoppers with names of their own, the demo's merchant with the shops, an operator."""

    def __init__(self, past: Past, origin: str, *, seed: int) -> None:
        self.past = past
        self.draw = random.Random(seed)
        self._origin = origin
        self._seed = seed
        self._comments = read_comments()
        self.merchant = self.person("merchant")
        self.operator = self.person("operator")
        self.shops = [int(shop["id"]) for shop in self.merchant.session["organisations"]]
        self._numbers = iter(range(10**6))
        self.goods = {shop: self._goods_of(shop) for shop in self.shops}

    def browser(self) -> Browser:
        return Browser(self._origin, httpx.HTTPTransport(), timeout_s=PATIENCE_S)

    def person(self, role: str) -> Browser:
        """One of the demo's people."""
        browser = self.browser()
        browser.open()
        browser.session = browser.post("/api/v1/demo/role", {"role": role})
        return browser

    def shopper(self, number: int, browser: Browser | None = None) -> Shopper:
        """A signed-up shopper: the same person as in the life that follows, or whom `browser` is signed in as."""
        seed = self._seed * 100_003 + number
        shopper = Shopper(
            number=number,
            seed=seed,
            browser=browser or self.browser(),
            taste=Taste(seed, [1]),
            comments=self._comments,
        )
        if browser is None:
            shopper.arrive()
            shopper.sign_up()
        shopper.signed_up = True
        return shopper

    def buy(self, shopper: Shopper, shop: int, *, units: int = 1, pay: bool = True, product: int | None = None) -> str:
        """An order of one product of a shop, any of it unless `product` says which. Returns its number."""
        browser = shopper.browser
        card = browser.get(f"/api/v1/products/{product or self.draw.choice(self.goods[shop])}")
        if product is None:
            browser.post("/api/v1/touches", {"product_id": card["id"], "surface": "mall"})
        sku = max(card["skus"], key=lambda one: int(one["available"]))
        line = {"sku_id": sku["id"], "quantity": units}
        address = self.address_of(shopper)
        quote = browser.post("/api/v1/checkout/quote", {"lines": [line], "address_id": address})
        body = {"quote_token": quote["quote_token"], "address_id": address, "notes": {}, "from_cart": False}
        key = f"past-{next(self._numbers)}-{self.draw.randrange(10**9)}"
        order = browser.post("/api/v1/checkout", body, {"Idempotency-Key": key})
        if pay:
            started = browser.post(f"/api/v1/orders/{order['order_no']}/pay", {"provider": "sandbox"})
            browser.submit_form(started["redirect_url"], {"mode": "on-time"})
            self.past.tick(minutes=1)
            self.past.work()
        return str(order["shop_orders"][0]["order_no"])

    def address_of(self, shopper: Shopper) -> int:
        known = shopper.browser.get("/api/v1/addresses")
        return int(known[0]["id"]) if known else shopper.browser.add_address("收件人", self.draw.choice)

    def ship(self, shop: int, order_no: str) -> None:
        """The merchant hands a whole order to a carrier."""
        self.merchant.post(f"/api/v1/shops/{shop}/orders/{order_no}/ship", self.number())

    def number(self) -> dict[str, str]:
        """Carrier and a number that was not used before."""
        return {"carrier_code": "sf", "tracking_no": f"SF{self.draw.randrange(10**12, 10**13)}"}

    def nothing_sold(self) -> bool:
        """Whether no shop has an order yet."""
        return not any(self.merchant.get(f"/api/v1/shops/{shop}/orders", limit=1)["items"] for shop in self.shops)

    def _goods_of(self, shop: int) -> list[int]:
        page = self.merchant.get(f"/api/v1/shops/{shop}/products", state="on_sale", limit=10)
        return [int(item["id"]) for item in page["items"]]
