"""One shopper's visit: swipe, like, comment, buy, pay; later receive and review."""

import random
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from simulator.browser import Browser, Refused
from simulator.taste import Reaction, Taste

PAGE_SIZE = 5
NEGATIVE = ("差", "失望", "味道大", "退货", "不值", "掉毛", "起球", "太薄", "难闻", "一般", "不好")


class Shopper:
    """A seeded shopper with a browser. `comments` are real buyers' words by product name."""

    def __init__(
        self, *, number: int, seed: int, browser: Browser, taste: Taste, comments: Mapping[str, Sequence[str]]
    ) -> None:
        self.number = number
        self.seed = seed
        self.draw = random.Random(seed)
        self.browser = browser
        self.taste = taste
        self._comments = comments
        self.signed_up = False
        self._address_id: int | None = None
        self.wanted: list[dict[str, Any]] = []
        self.awaiting: list[str] = []

    def arrive(self) -> None:
        """Open the site for the first time."""
        self.browser.open()

    def swipe(self, pages: int) -> int:
        """Look through some pages of the feed. Returns how many cards were seen."""
        seen = 0
        for _ in range(pages):
            page = self.browser.get("/api/v1/feed", surface="for_you", size=PAGE_SIZE)
            events: list[dict[str, Any]] = []
            for item in page["items"]:
                events += self._meet(item, page["request_id"])
                seen += 1
            if events:
                self.browser.signals(events, int(time.time() * 1000))
            if not page["items"]:
                break
        return seen

    def _meet(self, item: dict[str, Any], request_id: str) -> list[dict[str, Any]]:
        card = item["content"]
        reaction = self.taste.react(card, self.draw)
        base = {
            "content_id": card["id"],
            "creator_id": card["creator"]["id"],
            "request_id": request_id,
            "position": item["position"],
            "surface": "for_you",
        }
        duration_ms = card["duration_ms"] or 8_000
        events = [{"kind": "impression", **base}]
        events.append({"kind": "dwell", "value_ms": int(duration_ms * reaction.watched), **base})
        if reaction.watched >= 0.95:
            events.append({"kind": "completion", **base})
        elif reaction.watched < 0.2:
            events.append({"kind": "skip", "value_ms": int(duration_ms * reaction.watched), **base})
        if reaction.dismissed:
            events.append({"kind": "not_interested", "reason": "content", **base})
        self._act(card, reaction, events, base, request_id)
        return events

    def _act(
        self,
        card: dict[str, Any],
        reaction: Reaction,
        events: list[dict[str, Any]],
        base: dict[str, Any],
        request_id: str,
    ) -> None:
        if reaction.liked:
            self._try("PUT", f"/api/v1/contents/{card['id']}/like")
            events.append({"kind": "like", **base})
        if reaction.followed:
            self._try("PUT", f"/api/v1/creators/{card['creator']['id']}/follow")
            events.append({"kind": "follow", **base})
        if reaction.clicked:
            product = card["anchors"][0]["product"]
            events.append({"kind": "product_click", "product_id": product["id"], **base})
            touch = {
                "product_id": product["id"],
                "surface": "for_you",
                "request_id": request_id,
                "touch": card["touch"],
            }
            self._try("POST", "/api/v1/touches", touch)
            if reaction.cart:
                events.append({"kind": "add_to_cart", "product_id": product["id"], **base})
                attribution = {
                    "content_id": card["id"],
                    "creator_id": card["creator"]["id"],
                    "request_id": request_id,
                    "surface": "for_you",
                    "touch": card["touch"],
                }
                self.wanted.append({"product_id": product["id"], "name": product["name"], "attribution": attribution})
        if self.signed_up and reaction.liked and self.draw.random() < 0.5:
            self._comment(card)

    def _comment(self, card: dict[str, Any]) -> None:
        words = [c for a in card["anchors"] for c in self._comments.get(a["product"]["name"], ()) if len(c) <= 60]
        if words:
            self._try("POST", f"/api/v1/contents/{card['id']}/comments", {"text": self.draw.choice(words)})

    def sign_up(self) -> None:
        """Become a person, so as to buy."""
        self.browser.sign_up(f"shopper-{self.number:04d}@demo.invalid", f"demo-shopper-{self.seed:x}")
        self.signed_up = True

    def buy(self) -> list[str]:
        """Buy what was wanted in one checkout and pay in the sandbox. Returns the shop orders' numbers."""
        lines = [line for wish in self.wanted[:3] if (line := self._pick(wish)) is not None]
        self.wanted.clear()
        if not lines:
            return []
        address_id = self._address_id or self._make_address()
        quote = self.browser.post("/api/v1/checkout/quote", {"lines": lines, "address_id": address_id})
        if quote["problems"]:
            return []
        body = {"quote_token": quote["quote_token"], "address_id": address_id, "notes": {}, "from_cart": False}
        order = self.browser.post("/api/v1/checkout", body, {"Idempotency-Key": uuid.uuid4().hex})
        pay = self.browser.post(f"/api/v1/orders/{order['order_no']}/pay", {"provider": "sandbox"})
        if self.draw.random() < 0.1:  # some people think better of it at the cashier's
            return []
        self.browser.submit_form(pay["redirect_url"], {"mode": "on-time"})
        numbers = [shop_order["order_no"] for shop_order in order["shop_orders"]]
        self.awaiting += numbers
        return numbers

    def receive_and_review(self, order_no: str) -> bool:
        """Confirm a shipped order and say what a real buyer said of the product. False while it has not been shipped."""
        order = self.browser.get(f"/api/v1/orders/{order_no}")
        if order["state"] != "shipped":
            return False
        self.browser.post(f"/api/v1/orders/{order_no}/confirm-receipt")
        lines = []
        for line in order["lines"]:
            words = self._comments.get(line["name"], ())
            if words:
                text = self.draw.choice(words)
                score = 3 if any(n in text for n in NEGATIVE) else self.draw.choice((5, 5, 5, 4))
                lines.append(
                    {
                        "sku_id": line["sku_id"],
                        "goods_score": score,
                        "service_score": min(5, score + 1),
                        "logistics_score": min(5, score + 1),
                        "text": text[:400],
                    }
                )
        if lines:
            self.browser.post(f"/api/v1/orders/{order_no}/reviews", {"lines": lines})
        self.awaiting.remove(order_no)
        return True

    def _pick(self, wish: dict[str, Any]) -> dict[str, Any] | None:
        product = self.browser.get(f"/api/v1/products/{wish['product_id']}")
        skus = [s for s in product["skus"] if s["available"] > 5]
        if not skus:
            return None
        return {"sku_id": self.draw.choice(skus)["id"], "quantity": 1, "attribution": wish["attribution"]}

    def _make_address(self) -> int:
        self._address_id = self.browser.add_address(f"体验用户{self.number}", self.draw.choice)
        return self._address_id

    def _try(self, method: str, path: str, body: Any = None) -> None:
        try:
            self.browser.send(method, path, body)
        except Refused as refusal:
            if refusal.status >= 500:
                raise
