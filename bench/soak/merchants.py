"""Merchants, who ship, answer cases and withdraw; and the operator, who judges, holds money back and lets it go."""

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bench.soak.browser import Away, Browser, Refused
from bench.soak.buyers import MODES, tracking

ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "approved": ("approve", {}),
    "return_waived": ("approve", {"waive_return": True}),
    "refused": ("refuse", {"reason": "not_our_fault", "text": "外包装完好"}),
    "return_received": ("confirm-return", {}),
    "return_disputed": ("dispute-return", {"reason": "incomplete", "text": "少了一件"}),
    "refunded_instead": ("refund-instead", {}),
    "evidence_submitted": ("submit-evidence", {"text": "出库记录"}),
}


def do_each(acts: Iterable[Callable[[], None]]) -> None:
    """One after the other; what is refused is let be, and a site that is away is given a moment."""
    for act in acts:
        try:
            act()
        except Refused:
            pass
        except Away:
            time.sleep(0.5)


@dataclass
class Merchant:
    """The owner of a shop. `money`: whether to move money out of it as well."""

    tab: Browser
    shop_id: int
    draw: random.Random
    pause_s: float
    money: bool = True

    def run(self, over: threading.Event) -> None:
        """Work until told to stop."""
        while not over.wait(self.draw.uniform(0.3, 1.0) * self.pause_s):
            acts = [self.ship, self.answer_cases] + ([self.move_money, self.restock] if self.money else [])
            do_each(acts)
        self.tab.close()

    def ship(self) -> None:
        """Ship what is paid, most of it whole."""
        path = f"/shops/{self.shop_id}/orders"
        for order in self.tab.get(f"{path}?state=to_ship&limit=20")["items"]:
            body: dict[str, Any] = tracking(self.draw)
            if self.money and self.draw.random() < 0.15:
                line = self.draw.choice(order["lines"])
                body["lines"] = [{"sku_id": line["sku_id"], "quantity": 1}]
            try:
                self.tab.call("POST", f"{path}/{order['order_no']}/ship", body)
                self.tab.notes.acknowledge("shipped", order["order_no"])
            except Refused:
                pass

    def answer_cases(self) -> None:
        for case in self.tab.get(f"/shops/{self.shop_id}/aftersales?queue=open&limit=20")["items"]:
            steps = [step for step in case["can"] if step in ANSWERS or step in ("offered", "replacement_shipped")]
            if not steps:
                continue
            step = self.draw.choice(steps)
            name, fields = ANSWERS.get(step, ("offer", {"amount_minor": 100}))
            if step == "replacement_shipped":
                name, fields = "ship-replacement", tracking(self.draw)
            path = f"/shops/{self.shop_id}/aftersales/{case['case_no']}/{name}"
            try:
                self.tab.call("POST", path, {"version": case["version"], **fields})
                self.tab.notes.count(f"case: {step}")
            except Refused:
                pass

    def move_money(self) -> None:
        """Withdraw or pay into the deposit some of what is there; a withdrawal's key makes asking twice safe."""
        path = f"/shops/{self.shop_id}/funds"
        available = self.tab.get(path)["available_minor"]
        if available < 200 or self.draw.random() < 0.5:
            return
        amount = self.draw.randint(100, max(available * 2 // 3, 100))
        if self.draw.random() < 0.15:
            self.tab.call("POST", f"{path}/deposit", {"amount_minor": amount})
            self.tab.notes.count("paid into the deposit")
            return
        if self.draw.random() < 0.1:
            body = {"amount_minor": amount, "provider": "sandbox"}
            started = self.tab.call("POST", f"{path}/deposit/payments", body)
            self.tab.press(started["redirect_url"], self.draw.choice(MODES), "confirm")
            self.tab.notes.count("deposit paid at the gateway")
            return
        key = {"Idempotency-Key": uuid.uuid4().hex}
        row = self.tab.insist("POST", f"{path}/withdrawals", {"amount_minor": amount}, **key)
        self.tab.notes.acknowledge("withdrawals", row["withdrawal_no"])

    def restock(self) -> None:
        """Now and then goods come, or are found missing."""
        if self.draw.random() < 0.9:
            return
        orders = self.tab.get(f"/shops/{self.shop_id}/orders?limit=5")["items"]
        if not orders:
            return
        line = self.draw.choice(self.draw.choice(orders)["lines"])
        body = {"sku_id": line["sku_id"], "delta": self.draw.choice((50, 20, -3)), "reason": "盘点"}
        self.tab.call("POST", f"/shops/{self.shop_id}/products/{line['product_id']}/stock", body)
        self.tab.notes.count("stock counted")


@dataclass
class Operator:
    """Judges disputes, holds a shop's money for a while, freezes deposits. `closing`: lets everything go on."""

    tab: Browser
    shops: list[int]
    draw: random.Random
    pause_s: float
    closing: bool = False

    def run(self, over: threading.Event) -> None:
        while not over.wait(self.draw.uniform(0.5, 1.0) * self.pause_s):
            do_each((self.judge, self.hold, self.freeze))
        self.tab.close()

    def judge(self) -> None:
        for case in self.tab.get("/operator/aftersales?queue=open&limit=20")["items"]:
            outcome = self.draw.choice(("buyer_wins", "seller_wins", "closed"))
            body = {"version": case["version"], "outcome": outcome, "clause": "quality", "text": "依规则处理"}
            try:
                self.tab.call("POST", f"/operator/aftersales/{case['case_no']}/decide", body)
                self.tab.notes.count(f"judged: {outcome}")
            except Refused:
                pass

    def hold(self) -> None:
        path = "/platform/settlement/holds"
        for row in self.tab.get(path):
            if row["lifted_at"] is None and (self.closing or self.draw.random() < 0.5):
                self.tab.call("POST", f"{path}/{row['id']}/lift", {"reason": "核查完毕"})
        if not self.closing and self.draw.random() < 0.1:
            self.tab.call("POST", path, {"shop_id": self.draw.choice(self.shops), "order_no": "", "reason": "资质核查"})
            self.tab.notes.count("money held")

    def freeze(self) -> None:
        path, shop_id = "/platform/deposits", self.draw.choice(self.shops)
        for row in self.tab.get(f"{path}/shops/{shop_id}/changes")["items"]:
            if row["state"] == "frozen":
                verdict = {"deduct": self.draw.random() < 0.5}
                self.tab.call("POST", f"{path}/freezes/{row['change_no']}/decide", verdict)
                self.tab.notes.count("freeze decided")
        if not self.closing and self.draw.random() < 0.1:
            body = {"shop_id": shop_id, "amount_minor": 100, "reason": "假货投诉"}
            self.tab.call("POST", f"{path}/freezes", body)
            self.tab.notes.count("deposit frozen")
