"""A creator and an agency at work beside the shops: plans, a showcase, orders that it brings, what is paid for them, plans ahead."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.browser import Browser, Refused
from simulator.past import Stage
from simulator.shopper import Shopper
from xingqu.kit import clock

log = logging.getLogger("simulator")
RATES_BP = (800, 1_000, 1_200, 1_500, 2_000)
SHOWN_A_SHOP = 3
# Of a hundred days on which the creator brings an order.
DAYS_WITH_ORDER = 80
PAYOUT_SHARE = 2


@dataclass
class Alliance:
    """The demo's creator with their studio, its agency, and the first shop's side of it."""

    stage: Stage

    def __post_init__(self) -> None:
        self.creator, self.studio = self._at_work("creator")
        self.agent, self.agency = self._at_work("agency")
        self.creator_id = int(self.creator.session["organisations"][0]["creator_id"])
        self._taken: dict[int, list[int]] = {}

    def _at_work(self, role: str) -> tuple[Browser, int]:
        browser = self.stage.person(role)
        return browser, int(browser.session["organisations"][0]["id"])

    def begin(self) -> None:
        """Shops offer commissions, the creator takes products up and signs with the agency, whose activity shops join."""
        stage = self.stage
        for shop, products in stage.goods.items():
            for place, product in enumerate(products):
                rate = RATES_BP[(shop + place) % len(RATES_BP)]
                self._offer(shop, {"product_id": product, "kind": "simple_plan", "commission_bp": rate})
            self._taken[shop] = products[:SHOWN_A_SHOP]
            for product in self._taken[shop]:
                self.creator.post(f"/api/v1/creators/{self.creator_id}/alliance/links", {"product_id": product})
        first = stage.shops[0]
        targeted = {"kind": "targeted_plan", "commission_bp": 2_500, "creator_ids": [self.creator_id]}
        self._offer(first, {"product_id": stage.goods[first][0], **targeted})
        self._sign()
        self._invite_shops(first)
        for browser, place, number in (
            (self.creator, self.studio, "6222020200119001"),
            (self.agent, self.agency, "6222020200119002"),
        ):
            account = {"holder": "体验账户", "bank_name": "体验银行", "number": number}
            browser.send("PUT", f"/api/v1/shops/{place}/earnings/payout-account", account)

    def _offer(self, shop: int, plan: dict[str, Any]) -> None:
        self.stage.merchant.post(f"/api/v1/shops/{shop}/alliance/plans", plan)

    def _sign(self) -> None:
        handle = self.creator.get(f"/api/v1/creators/{self.creator_id}")["handle"]
        offer = {
            "handle": handle,
            "share_bp": 2_000,
            "scopes": ["content.read", "earnings.read", "alliance.read"],
            "message": "负责商务对接和样品，每月一次复盘",
        }
        contract = self.agent.post(f"/api/v1/shops/{self.agency}/signed-creators", offer)
        self.creator.post(f"/api/v1/shops/{self.studio}/agencies/{contract['id']}/answer", {"accept": True})

    def _invite_shops(self, shop: int) -> None:
        """An activity that runs, with a product in it and one that waits for an answer."""
        now = self.stage.past.moment
        activity = self.agent.post(
            f"/api/v1/shops/{self.agency}/activities",
            {
                "title": "秋日家居专场",
                "terms": "库存不少于 20 件，48 小时内发货",
                "min_commission_bp": 1_500,
                "service_bp": 300,
                "enrol_until": _told(now + timedelta(days=30)),
                "starts_at": _told(now + timedelta(hours=1)),
                "ends_at": _told(now + timedelta(days=45)),
            },
        )
        enrolled = []
        for product in self.stage.goods[shop][1:3]:
            body = {"activity_id": activity["id"], "product_id": product, "commission_bp": 1_800, "note": "现货充足"}
            enrolled.append(self.stage.merchant.post(f"/api/v1/shops/{shop}/alliance/enrolments", body))
        path = f"/api/v1/shops/{self.agency}/activities/{activity['id']}/enrolments/{enrolled[0]['id']}/review"
        self.agent.post(path, {"approve": True, "answer": "欢迎参加"})

    def bring_order(self, buyer: Shopper) -> str:
        """A visitor of the showcase buys there, on most days. Returns the order's number, empty on the other days."""
        stage = self.stage
        if stage.draw.randrange(100) >= DAYS_WITH_ORDER:
            return ""
        shop = stage.shops[0] if stage.draw.random() < 0.6 else stage.draw.choice(stage.shops)
        shown = buyer.browser.get(f"/api/v1/creators/{self.creator_id}/showcase", limit=50)["items"]
        wanted = [item for item in shown if item["product"]["id"] in self._taken[shop]]
        item = stage.draw.choice(wanted)
        touch = {"product_id": item["product"]["id"], "surface": "creator", "touch": item["touch"]}
        buyer.browser.post("/api/v1/touches", touch)
        return stage.buy(buyer, shop, product=item["product"]["id"])

    def pay_out(self) -> None:
        """Some of what was settled goes to the bank."""
        for browser, place in ((self.creator, self.studio), (self.agent, self.agency)):
            earned = browser.get(f"/api/v1/shops/{place}/earnings")
            for payee in earned["payees"]:
                amount = int(payee["available_minor"]) // PAYOUT_SHARE
                if amount >= int(earned["min_withdrawal_minor"]):
                    path = f"/api/v1/shops/{place}/earnings/{payee['payee']}/{payee['id']}/payouts"
                    key = {"Idempotency-Key": f"past-{place}-{self.stage.draw.randrange(10**9)}"}
                    browser.post(path, {"amount_minor": amount}, key)
        self.stage.past.work()

    def plan_ahead(self) -> None:
        """What waits when the demo opens: pools, live rooms to come."""
        stage, shop = self.stage, self.stage.shops[0]
        pools = f"/api/v1/shops/{shop}/product-pools"
        chosen = {
            "name": "秋季上新",
            "note": "适合开箱和场景短片",
            "product_ids": stage.goods[shop][:6],
            "is_public": True,
        }
        made = stage.merchant.post(pools, chosen)
        stage.merchant.send("PUT", f"{pools}/{made['id']}/shares", {"creator_ids": [self.creator_id]})
        ruled = {"name": "高佣精选", "rule": {"min_commission_bp": 1_200, "limit": 30}, "is_public": False}
        shared = self.agent.post(f"/api/v1/shops/{self.agency}/product-pools", {**ruled, "note": "给签约达人"})
        path = f"/api/v1/shops/{self.agency}/product-pools/{shared['id']}/shares"
        self.agent.send("PUT", path, {"creator_ids": [self.creator_id]})
        tonight = clock.now() + timedelta(hours=8)
        self._room(stage.merchant, shop, "店铺上新夜", tonight, stage.goods[shop][:4])
        self._room(self.creator, self.studio, "周末把卧室换个样子", tonight + timedelta(days=2), self._taken[shop])

    def _room(self, host: Browser, place: int, title: str, at: datetime, products: list[int]) -> None:
        rooms = f"/api/v1/shops/{place}/live-rooms"
        room = host.post(rooms, {"title": title, "scheduled_at": _told(at)})
        host.post(f"{rooms}/{room['id']}/items", {"items": [{"product_id": one} for one in products]})


def _told(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def try_to(name: str, act: Callable[..., Any], *given: Any) -> Any:
    """Do a part of the story: its answer, or True. What the site refuses leaves that part out, and is said: None."""
    try:
        answer = act(*given)
    except (Refused, LookupError) as error:
        log.warning("%s stopped: %s", name, error)
        return None
    return True if answer is None else answer
