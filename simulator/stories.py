"""Short stories of after-sale, each an iterator that goes on once a day; where it ends, the case stays as it is."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageDraw

from simulator.past import Stage
from simulator.shopper import Shopper

Story = Iterator[None]
Case = dict[str, Any]


@dataclass
class Play:
    """One buyer, one order of one shop, one case."""

    stage: Stage
    buyer: Shopper
    shop: int
    kind: str
    reason: str
    words: str
    until: str = "end"
    units: int = 1
    case: Case = field(default_factory=dict)

    def run(self) -> Story:
        """Buy, receive, ask, and go on until `until`."""
        order_no = self.stage.buy(self.buyer, self.shop, units=self.units)
        if self.kind != "pre_ship":  # the shop ships on the same day
            yield
            yield
            self.buyer.browser.post(f"/api/v1/orders/{order_no}/confirm-receipt")
            self.stage.past.tick(minutes=20)
            self.stage.past.work()
        self._ask(order_no)
        if self.until == "asked" or self.kind == "pre_ship":
            return
        yield
        at_once = self.case["state"] != "merchant_review"  # granted by rule, without the shop
        if at_once and self.kind == "refund_only":
            return
        if at_once:
            yield from self._send(granted=True)
        elif self.until in ("refused", "escalated") or self.until == "decided":
            yield from self._quarrel()
        elif self.kind == "refund_only":
            yield from self._haggle()
        else:
            yield from self._send()

    def _ask(self, order_no: str) -> None:
        browser = self.buyer.browser
        options = browser.get(f"/api/v1/orders/{order_no}/aftersale")
        kind = next(found for found in options["kinds"] if found["kind"] == self.kind)
        if kind["why_not"]:
            raise LookupError(f"{order_no} offers no {self.kind}: {kind['why_not']}")
        picture = browser.upload(f"/api/v1/orders/{order_no}/aftersale-pictures", photograph(self.words))
        body = {
            "order_no": order_no,
            "kind": self.kind,
            "reason": self.reason,
            "text": self.words,
            "lines": [{"line_id": line["line_id"], "quantity": line["free"]} for line in kind["units"] if line["free"]],
            "picture_ids": [picture["id"]],
        }
        self.case = browser.post("/api/v1/aftersales", body)
        self._later()

    def _haggle(self) -> Story:
        """The shop offers half; the buyer takes it."""
        half = int(self.case["asked"]["amount_minor"]) // 2
        self._shop_does("offer", amount_minor=half, text="补偿一半可以吗，商品您留着用")
        if self.until == "offered":
            return
        yield
        self._buyer_does("answer-offer", accept=True)

    def _send(self, *, granted: bool = False) -> Story:
        """The goods go back; money, or other goods, come."""
        if not granted:
            self._shop_does("approve", text="已同意，请按地址寄回")
        if self.until == "approved":
            return
        if self.kind != "resend":
            yield
            self._buyer_does("ship-return", **self.stage.number())
            if self.until == "sent_back":
                return
            yield
            if (
                self._state() == "merchant_confirm"
            ):  # of an instant refund the money goes when the carrier has the goods
                self._shop_does("confirm-return")
        if self.kind in ("return_and_refund", "no_reason_return_7d") or self.until == "to_send":
            return
        yield
        self._shop_does("ship-replacement", **self.stage.number())
        yield
        self._buyer_does("confirm-replacement")

    def _quarrel(self) -> Story:
        """The shop refuses, the buyer asks the platform, the platform decides."""
        self._shop_does("refuse", reason="no_evidence", text="图片看不出问题，请补充")
        if self.until == "refused":
            return
        yield
        self._buyer_does("escalate", text="图片很清楚，请平台判断")
        if self.until == "escalated":
            return
        yield
        self._platform_does("take")
        self._platform_does(
            "decide", outcome="buyer_wins", clause="description", fault="merchant", text="图片与商品描述不符，支持退款"
        )

    def _shop_does(self, step: str, **fields: Any) -> None:
        path = f"/api/v1/shops/{self.shop}/aftersales/{self.case['case_no']}"
        self._step(self.stage.merchant.post, path, step, fields)

    def _buyer_does(self, step: str, **fields: Any) -> None:
        self._step(self.buyer.browser.post, f"/api/v1/aftersales/{self.case['case_no']}", step, fields)

    def _platform_does(self, step: str, **fields: Any) -> None:
        self._step(self.stage.operator.post, f"/api/v1/operator/aftersales/{self.case['case_no']}", step, fields)

    def _state(self) -> str:
        return str(self.buyer.browser.get(f"/api/v1/aftersales/{self.case['case_no']}")["state"])

    def _step(self, post: Any, path: str, step: str, fields: dict[str, Any]) -> None:
        version = self.buyer.browser.get(f"/api/v1/aftersales/{self.case['case_no']}")["version"]
        post(f"{path}/{step}", {"version": version, **fields})
        self._later()

    def _later(self) -> None:
        self.stage.past.tick(minutes=7)
        self.stage.past.work()


def photograph(words: str) -> bytes:
    """A picture that shows something, as PNG: folds of cloth with a mark on them, another for other words."""
    seed = sum(ord(letter) for letter in words)
    picture = Image.new("RGB", (480, 640), (214 + seed % 30, 206 + seed % 20, 196 + seed % 25))
    draw = ImageDraw.Draw(picture)
    for fold in range(0, 640, 24):
        shade = 190 + (fold * 7 + seed) % 40
        draw.line((0, fold, 480, fold + 60 + seed % 40), fill=(shade, shade - 6, shade - 14), width=9)
    x, y = 120 + seed % 180, 200 + seed % 220
    draw.ellipse((x, y, x + 90, y + 60), outline=(150, 40, 40), width=6)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
