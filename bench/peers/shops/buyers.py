"""Buyers of the peers: each is one browser with a kept-alive connection that walks a shop's own checkout. Stdin says what to do.

{"peer": "oscar", "port": 8141, "duration_s": 12, "products": [...], "buyers": [...], "shipping": "1", "rounds": 1000}
"""

import json
import re
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.trade.wire import Wire

RESULT = "{ __typename ... on Order { id code state totalWithTax } ... on ErrorResult { message } }"
ADD = "mutation($p: ID!) { addItemToOrder(productVariantId: $p, quantity: 1) " + RESULT + " }"
ADDRESS = """mutation { setOrderShippingAddress(input: { fullName: "A B", streetLine1: "1 Garden Road", city: "Hangzhou",
 postalCode: "310000", countryCode: "CN" }) { __typename ... on Order { id } } }"""
METHOD = "mutation($s: ID!) { setOrderShippingMethod(shippingMethodId: [$s]) " + RESULT + " }"
ARRANGE = 'mutation { transitionOrderToState(state: "ArrangingPayment") ' + RESULT + " }"
PAY = 'mutation { addPaymentToOrder(input: { method: "bench", metadata: {} }) ' + RESULT + " }"


LIST = """{ products(options: { take: 24 }) { totalItems items { id name slug
 variants { id priceWithTax currencyCode stockLevel } } } }"""


class Browser(ABC):
    """One connection that keeps cookies."""

    def __init__(self, port: int) -> None:
        self.connection = Wire(port)
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}

    def send(self, method: str, path: str, payload: bytes = b"", **headers: str) -> tuple[int, str, bytes]:
        """Status, redirect address and content of an answer."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**self.headers, **headers, **({"Cookie": cookie} if cookie else {})}
        status, told, content = self.connection.ask(method, path, payload, sent)
        for name, value in told:
            if name == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return status, dict(told).get("location", ""), content

    @abstractmethod
    def browse(self) -> None:
        """Read a list of 24 goods with price and stock. Raises RuntimeError when there are fewer."""

    @abstractmethod
    def buy(self, product: Any) -> str:
        """From an empty basket to a paid order. Returns its number. Raises RuntimeError for a refusal."""


class OscarBuyer(Browser):
    """Oscar's own pages: basket, address, method, preview, place order."""

    def __init__(self, order: dict[str, Any], buyer: dict[str, Any]) -> None:
        super().__init__(order["port"])
        self.address_id = buyer["address_id"]
        self.cookies = {"sessionid": buyer["session"], "csrftoken": "b" * 32}
        self.headers = {"Referer": f"http://127.0.0.1:{order['port']}/"}

    def post(self, path: str, **fields: Any) -> str:
        """Send a form; returns where it leads."""
        form = urlencode({**fields, "csrfmiddlewaretoken": self.cookies["csrftoken"]}).encode()
        status, location, content = self.send(
            "POST", path, form, **{"Content-Type": "application/x-www-form-urlencoded"}
        )
        if status != 302:
            raise RuntimeError(f"POST {path}: {status} {re.sub(rb'<[^>]*>', b' ', content)[-300:]!r}")
        return urlsplit(location).path

    def buy(self, product: Any) -> str:
        """As a signed-in person with an address in the book does it."""
        self.post(f"/basket/add/{product}/", quantity=1)
        self.post("/checkout/shipping-address/", action="ship_to", address_id=self.address_id)
        path = "/checkout/shipping-method/"
        for _ in range(4):  # one method and no payment form: each of these pages leads on by itself
            status, location, content = self.send("GET", path)
            if status != 302:
                break
            path = urlsplit(location).path
        if status != 200 or path != "/checkout/payment-details/":
            raise RuntimeError(f"GET {path}: {status} {content[:200]!r}")
        status, _, content = self.send("GET", "/checkout/preview/")
        if status != 200:
            raise RuntimeError(f"preview: {status}")
        if self.post("/checkout/preview/", action="place_order") != "/checkout/thank-you/":
            raise RuntimeError("the order was not placed")
        status, _, content = self.send("GET", "/checkout/thank-you/")
        found = re.search(rb"<strong>(\d{6,})</strong>", content)
        if status != 200 or not found:
            raise RuntimeError(f"thank you: {status}")
        return found[1].decode()

    def browse(self) -> None:
        """The catalogue's first page."""
        status, _, content = self.send("GET", "/catalogue/")
        if status != 200 or content.count(b"product_pod") != 24 or content.count(b"In stock") != 24:
            raise RuntimeError(f"catalogue: {status}, {content.count(b'product_pod')} goods")


class VendureBuyer(Browser):
    """Vendure's shop API."""

    def __init__(self, order: dict[str, Any], buyer: dict[str, Any]) -> None:
        super().__init__(order["port"])
        self.shipping = order["shipping"]
        self.headers = {"Authorization": f"Bearer {buyer['token']}", "Content-Type": "application/json"}

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """One mutation; its answer must be an order."""
        status, _, content = self.send(
            "POST", "/shop-api", json.dumps({"query": query, "variables": variables}).encode()
        )
        answer = json.loads(content)
        found: dict[str, Any] = next(iter((answer.get("data") or {"": None}).values())) or {}
        if status != 200 or found.get("__typename") != "Order":
            raise RuntimeError(f"{query[:60]}: {status} {content[:300]!r}")
        return found

    def buy(self, product: Any) -> str:
        """Add, address, method, arrange, pay."""
        self.ask(ADD, p=product)
        self.ask(ADDRESS)
        self.ask(METHOD, s=self.shipping)
        self.ask(ARRANGE)
        paid = self.ask(PAY)
        if paid["state"] != "PaymentSettled":
            raise RuntimeError(f"state {paid['state']}")
        return str(paid["code"])

    def browse(self) -> None:
        """Products with the price and stock of their variants."""
        status, _, content = self.send("POST", "/shop-api", json.dumps({"query": LIST}).encode())
        items = json.loads(content)["data"]["products"]["items"]
        if status != 200 or len(items) != 24 or not all(item["variants"][0]["stockLevel"] for item in items):
            raise RuntimeError(f"products: {status} {content[:200]!r}")


class XingquBuyer(Browser):
    """Only browses here; `bench.trade.client` buys."""

    def __init__(self, order: dict[str, Any], buyer: dict[str, Any]) -> None:
        super().__init__(order["port"])
        self.cookies = {"sessionid": buyer["session"]}

    def browse(self) -> None:
        """The mall's shelf."""
        status, _, content = self.send("GET", "/api/v1/mall/products?limit=24")
        if status != 200 or len(json.loads(content)["items"]) != 24:
            raise RuntimeError(f"mall: {status} {content[:200]!r}")

    def buy(self, product: Any) -> str:
        raise RuntimeError("bench.trade.client buys")


KINDS: dict[str, Callable[[dict[str, Any], dict[str, Any]], Browser]] = {
    "oscar": OscarBuyer,
    "vendure": VendureBuyer,
    "xingqu": XingquBuyer,
}


def run_buyer(browser: Browser, products: list[Any], until: float, rounds: int, results: dict[str, Any]) -> None:
    """Buy until the clock says so; refusals are kept."""
    for number in range(rounds):
        if time.time() >= until:
            return
        started = time.perf_counter()
        try:
            if products:
                results["orders"].append(browser.buy(products[number % len(products)]))
            else:
                browser.browse()
        except (RuntimeError, OSError, ValueError) as error:
            results["errors"].append(str(error))  # counted; the next round tries again, as a person would
            time.sleep(0.05)
            continue
        results["durations_s"].append(time.perf_counter() - started)


def main() -> None:
    """Run the buyers described on stdin and print what they measured as JSON."""
    order = json.load(sys.stdin)
    results: dict[str, Any] = {"durations_s": [], "orders": [], "errors": []}
    until = time.time() + order["duration_s"]
    count = len(order["buyers"])
    threads = []
    for number, buyer in enumerate(order["buyers"]):
        goods = [] if order["task"] == "browse" else order["products"]
        products = goods[number % max(len(goods), 1) :: count] or goods
        browser = KINDS[order["peer"]](order, buyer)
        threads.append(
            threading.Thread(target=run_buyer, args=(browser, products, until, order.get("rounds", 10**9), results))
        )
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
