"""Buyers of a benchmark: each thread is one browser with a kept-alive connection. Reads what to do from stdin."""

import json
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.trade.wire import Wire

# When a buyer looks whether the payment has come: after 30 ms, and then twice as long again each time.
FIRST_POLL_S, LAST_POLL_S, POLL_GROWTH = 0.03, 0.25, 2.0
PAY_TIMEOUT_S = 120.0


@dataclass
class Buyer:
    """One browser, signed in by its session cookie."""

    port: int
    session: str
    address_id: int
    csrf: str = "b" * 32
    steps_s: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = Wire(self.port)
        self.cookies = {"sessionid": self.session, "csrftoken": self.csrf}
        self.headers = {
            "X-CSRFToken": self.csrf,
            "Content-Type": "application/json",
        }

    def send(self, method: str, path: str, payload: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and content of the answer; its cookies are kept, as a browser keeps them."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        status, told, content = self.connection.ask(
            method, path, payload, {**self.headers, "Cookie": cookie, **headers}
        )
        for name, value in told:
            if name == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return status, content

    def call(self, step: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request; its time is added to `step`. Raises RuntimeError for a refusal."""
        started = time.perf_counter()
        payload = b"" if body is None else json.dumps(body).encode()
        status, content = self.send(method, f"/api/v1{path}", payload, headers)
        self.steps_s[step] = self.steps_s.get(step, 0.0) + time.perf_counter() - started
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {content[:300]!r}")
        return json.loads(content)

    def close(self) -> None:
        """Close the browser."""
        self.connection.close()

    def confirm(self, redirect_url: str) -> None:
        """Press "pay now" on the gateway's page."""
        started = time.perf_counter()
        fields = {name: values[0] for name, values in parse_qs(urlsplit(redirect_url).query).items()}
        form = urlencode({**fields, "mode": "on-time", "action": "confirm", "csrfmiddlewaretoken": self.csrf})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        status, content = self.send("POST", "/sandbox-pay/pay", form.encode(), headers)
        self.steps_s["confirm"] = self.steps_s.get("confirm", 0.0) + time.perf_counter() - started
        if status != 302:
            raise RuntimeError(f"confirm: {status} {content[:300]!r}")

    def buy(self, sku_id: int) -> str:
        """From an empty cart to a paid order. Returns the parent order's number."""
        self.call("cart", "POST", "/cart/lines", {"sku_id": sku_id, "quantity": 1})
        quote = self.call("quote", "POST", "/checkout/quote", {"address_id": self.address_id})
        parent = self.call(
            "checkout",
            "POST",
            "/checkout",
            {"quote_token": quote["quote_token"], "address_id": self.address_id, "from_cart": True},
            **{"Idempotency-Key": uuid.uuid4().hex},
        )
        pay = self.call("pay", "POST", f"/orders/{parent['order_no']}/pay", {})
        self.confirm(pay["redirect_url"])
        deadline = time.perf_counter() + PAY_TIMEOUT_S
        waited = time.perf_counter()
        pause_s = FIRST_POLL_S
        while True:
            time.sleep(pause_s)
            pause_s = min(pause_s * POLL_GROWTH, LAST_POLL_S)
            if self.call("poll", "GET", f"/payments/{pay['payment_no']}")["state"] == "succeeded":
                break
            if time.perf_counter() > deadline:
                raise RuntimeError(f"{pay['payment_no']} was not paid in {PAY_TIMEOUT_S} s")
        self.steps_s["wait"] = self.steps_s.get("wait", 0.0) + time.perf_counter() - waited
        return str(parent["order_no"])


def run_buyer(buyer: Buyer, skus: list[int], until: float, rounds: int, results: dict[str, Any]) -> None:
    """Buy again and again, `rounds` times at most, until the clock says so; keeps durations and numbers of paid orders."""
    number = 0
    while time.time() < until and number < rounds:
        started = time.perf_counter()
        try:
            order_no = buyer.buy(skus[number % len(skus)])
        except (RuntimeError, OSError, ValueError) as error:
            results["errors"].append(str(error))
            return
        results["durations_s"].append(time.perf_counter() - started)
        results["orders"].append(order_no)
        number += 1


def main() -> None:
    """Run the buyers described on stdin and print what they measured as JSON."""
    order = json.load(sys.stdin)
    results: dict[str, Any] = {"durations_s": [], "orders": [], "errors": []}
    buyers = [Buyer(order["port"], row["session"], row["address_id"]) for row in order["buyers"]]
    until = time.time() + order["duration_s"]
    threads = [
        threading.Thread(
            target=run_buyer,
            args=(buyer, order["skus"][i::2] or order["skus"], until, order.get("rounds", 10**9), results),
        )
        for i, buyer in enumerate(buyers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for buyer in buyers:
        buyer.close()
    results["steps_s"] = {step: sum(buyer.steps_s.get(step, 0.0) for buyer in buyers) for step in buyers[0].steps_s}
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
