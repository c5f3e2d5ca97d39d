"""Buyers: they order, pay in every way that goes wrong, cancel, receive, and send things back."""

import json
import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from bench.soak.browser import Away, Browser, Refused

MODES = ("on-time", "on-time", "twice", "late", "never")
# What a buyer may ask for, with a reason that needs no picture.
KINDS = (
    ("refund_only", "agreed"),
    ("no_reason_return_7d", "size"),
    ("return_and_refund", "agreed"),
    ("exchange", "size"),
)


def tracking(draw: random.Random) -> dict[str, str]:
    """A number that was not used before."""
    return {"carrier_code": "sf", "tracking_no": f"SF{draw.randrange(10**13):013d}"}


@dataclass
class Buyer:
    """One person with two tabs."""

    tabs: tuple[Browser, Browser]
    address_id: int
    skus: list[int]
    draw: random.Random
    pause_s: float

    @property
    def notes(self) -> Any:
        return self.tabs[0].notes

    def run(self, over: threading.Event) -> None:
        """Shop until told to stop."""
        while not over.wait(self.draw.uniform(0.2, 1.0) * self.pause_s):
            try:
                act = self.draw.choices((self.shop, self.look_after_orders, self.look_after_cases), (5, 3, 3))[0]
                act()
            except Refused:  # counted; the next thing to do may go better
                pass
            except Away:
                time.sleep(0.5)
        for tab in self.tabs:
            tab.close()

    def shop(self) -> None:
        """Quote, order (with a double click), and pay, cancel or forget about it."""
        tab = self.tabs[0]
        chosen = self.draw.sample(self.skus, self.draw.choice((1, 1, 2, 3)))
        lines = [{"sku_id": sku, "quantity": self.draw.choice((1, 1, 2, 5))} for sku in chosen]
        quote = tab.insist("POST", "/checkout/quote", {"lines": lines, "address_id": self.address_id})
        body = {"quote_token": quote["quote_token"], "address_id": self.address_id, "notes": {}, "from_cart": False}
        key = uuid.uuid4().hex
        sent = ("POST", "/checkout", body)
        if self.draw.random() < 0.3:  # a double click, from two connections
            with ThreadPoolExecutor(2) as pool:
                both = [pool.submit(one.insist, *sent, **{"Idempotency-Key": key}) for one in self.tabs]
                numbers = {one.result()["order_no"] for one in both}
            if len(numbers) != 1:
                self.notes.complain(f"one key, several orders: {numbers}")
            order_no = numbers.pop()
        else:
            order_no = tab.insist(*sent, **{"Idempotency-Key": key})["order_no"]
        self.notes.acknowledge("orders", order_no)
        what = self.draw.random()
        if what < 0.06:
            tab.insist("POST", f"/orders/{order_no}/cancel", {"reason": ""})
            self.notes.count("cancelled")
        elif what < 0.94:
            self.pay(order_no)

    def pay(self, order_no: str) -> None:
        """Start a payment (sometimes two, both paid; sometimes cancelling meanwhile), and look until it has come."""
        tabs = self.tabs if self.draw.random() < 0.12 else self.tabs[:1]
        started = [tab.insist("POST", f"/orders/{order_no}/pay", {"provider": "sandbox"}) for tab in tabs]
        if self.draw.random() < 0.1:
            self.forge(started[0]["payment_no"])
        with ThreadPoolExecutor(3) as pool:
            if self.draw.random() < 0.05:
                pool.submit(self._cancel, order_no)
            for tab, one in zip(tabs, started, strict=True):
                pool.submit(self._press, tab, one["redirect_url"])
        if self.draw.random() < 0.7:
            self.wait_for(started[0]["payment_no"], order_no)

    def _press(self, tab: Browser, url: str) -> None:
        action = "cancel" if self.draw.random() < 0.04 else "confirm"
        for _ in range(2 if self.draw.random() < 0.2 else 1):  # a double click
            try:
                tab.press(url, self.draw.choice(MODES), action)
            except Away:
                self.notes.count("no answer from the gateway's page")

    def _cancel(self, order_no: str) -> None:
        extra = Browser(self.tabs[0].port, self.tabs[0].session, self.notes)
        try:
            extra.call("POST", f"/orders/{order_no}/cancel", {"reason": ""})
            self.notes.count("cancelled while paying")
        except (Away, Refused):
            pass
        finally:
            extra.close()

    def forge(self, payment_no: str) -> None:
        """Tell the site ourselves that we have paid."""
        fields = {"event_id": f"F{uuid.uuid4().hex[:12]}", "payment_no": payment_no, "trade_no": "T1", "at_ms": 0}
        body = json.dumps({**fields, "state": "succeeded", "amount_minor": 1, "currency": "CNY"}).encode()
        headers = {"Content-Type": "application/json", "X-Sandbox-Signature": "AAAA", "X-Sandbox-Time": "1"}
        try:
            status, _ = self.tabs[0].send("POST", "/api/v1/payments/callback/sandbox", body, headers)
        except Away:
            return
        if status < 400:
            self.notes.complain(f"a forged notice was answered with {status}")
        self.notes.count("forged notices")

    def wait_for(self, payment_no: str, order_no: str) -> None:
        """Look at the payment for a while; what the site says to have is acknowledged."""
        for _ in range(12):
            try:
                if self.tabs[0].get(f"/payments/{payment_no}")["state"] == "succeeded":
                    self.notes.acknowledge("payments", payment_no)
                    return
            except Away:
                pass
            time.sleep(0.5)

    def look_after_orders(self) -> None:
        """Pay what was left, confirm what has come, ask for money back."""
        items = self.tabs[0].get("/orders?limit=30")["items"]
        for order in self.draw.sample(items, min(len(items), 3)):
            state, order_no = order["state"], order["order_no"]
            if state == "unpaid":
                self.pay(order_no)
            elif state == "paid" and self.draw.random() < 0.25:
                self.ask_back(order_no)
            elif state in ("part_shipped", "shipped"):
                if self.draw.random() < 0.2:
                    self.open_case(order_no)
                elif state == "shipped":
                    self.tabs[0].call("POST", f"/orders/{order_no}/confirm-receipt")
                    self.notes.acknowledge("received", order_no)
            elif state == "done" and self.draw.random() < 0.5:
                self.open_case(order_no)

    def ask_back(self, order_no: str) -> None:
        self.tabs[0].call("POST", f"/orders/{order_no}/refund", {"reason": "不要了"})
        self.notes.count("asked for all back")

    def open_case(self, order_no: str) -> None:
        """Ask for some units or some money back, with a key that makes asking twice safe."""
        lines = self.tabs[0].get(f"/orders/{order_no}/aftersale")["lines"]
        line = self.draw.choice(lines)
        kind, reason = self.draw.choice(KINDS)
        body = {
            "order_no": order_no,
            "kind": kind,
            "reason": reason,
            "lines": [{"line_id": line["line_id"], "quantity": self.draw.randint(1, line["quantity"])}],
            "amount_minor": self.draw.choice((None, 100, 3333)) if kind == "refund_only" else None,
            "request_key": uuid.uuid4().hex,
        }
        case = self.tabs[0].insist("POST", "/aftersales", body)
        self.notes.acknowledge("cases", case["case_no"])

    def look_after_cases(self) -> None:
        """Do with one's own cases something that one may."""
        for case in self.tabs[0].get("/aftersales?limit=20")["items"]:
            if case["can"] and self.draw.random() < 0.5:
                self.step(case)

    def step(self, case: dict[str, Any]) -> None:
        step = self.draw.choice(case["can"])
        paths: dict[str, tuple[str, dict[str, Any]]] = {
            "withdrawn": ("withdraw", {}),
            "offer_accepted": ("answer-offer", {"accept": True}),
            "offer_declined": ("answer-offer", {"accept": False}),
            "return_shipped": ("ship-return", tracking(self.draw)),
            "replacement_received": ("confirm-replacement", {}),
            "escalated": ("escalate", {"text": "请平台处理"}),
        }
        if step not in paths or (step == "withdrawn" and self.draw.random() < 0.8):
            return
        name, fields = paths[step]
        self.tabs[0].call("POST", f"/aftersales/{case['case_no']}/{name}", {"version": case["version"], **fields})
        self.notes.count(f"case: {step}")
