"""Who can't see the pages can use them too: axe finds nothing serious on the main pages of the mall and of every workplace."""

import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.walks.conftest import ROOT, Site
from tests.walks.people import Person, on_sale, tracking_number
from tests.walks.test_live import start_room

pytestmark = pytest.mark.browser
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
PATIENCE_MS = 60_000  # on a machine that has other work
# The page has its heading, nothing of it is on its way, and nothing fades or slides: three looks in a row.
SETTLED = """() => {
    const there = document.querySelector("h1, [data-testid=feed-active]");
    const busy = document.querySelector("[aria-busy=true], .skeleton, .ant-skeleton, .ant-spin-spinning");
    const moving = document.getAnimations().some(
        (each) => each.playState === "running" && each.effect.getComputedTiming().iterations !== Infinity
    );
    window.stillFor = there && !busy && !moving ? (window.stillFor ?? 0) + 1 : 0;
    return window.stillFor >= 3;
}"""
# Serious and critical findings under WCAG 2.1 A and AA, as `rule at selector`.
FINDINGS = """async () => {
    const asked = {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"], preload: false
    };
    const found = (await axe.run(document, asked)).violations;
    return found
        .filter((rule) => ["serious", "critical"].includes(rule.impact))
        .flatMap((rule) => rule.nodes.map((node) => `${rule.id} at ${node.target.join(" ")}`));
}"""
SHOP = (
    *("today", "products", "products/new", "orders", "aftersale", "shipping", "messages", "reviews", "funds"),
    *("marketing", "alliance", "square", "samples", "collaborations", "members", "settings"),
)
CREATOR = ("today", "selection", "showcase", "earnings", "live", "content", "samples", "reputation")
AGENCY = ("today", "creators", "activities", "product-pools")
OPERATOR = ("people", "creators", "disputes", "collaborations", "settlement", "audits")


@dataclass
class Trade:
    """What stands on the pages: a shop's product on air, and what somebody did with it."""

    merchant: Person
    buyer: Person
    shop: int
    product: int
    room: int
    order_no: str
    case_no: str
    chat: int


@pytest.fixture(scope="module")
def streams() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Encoders that are started; each is ended by its own handle, whatever else fails."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def trade(chromium: Browser, site: Site, streams: list[subprocess.Popen[bytes]]) -> Iterator[Trade]:
    merchant, buyer = reader(chromium, site), reader(chromium, site, phone=True)
    shop = int(merchant.become("merchant")["organisations"][0]["id"])
    product, sku = on_sale(merchant, shop)
    buyer.join("reader")
    order_no, returned = buyer.buy(sku), buyer.buy(sku)
    parcel = {"carrier_code": "sf", "tracking_no": tracking_number()}
    merchant.post(f"/shops/{shop}/orders/{returned}/ship", parcel)
    buyer.post(f"/orders/{returned}/confirm-receipt")
    buyer.post("/cart/lines", {"sku_id": sku, "quantity": 1})
    chat = buyer.call("PUT", f"/chats/shops/{shop}")["id"]
    buyer.post(f"/chats/{chat}/messages", {"key": secrets.token_hex(8), "text": "Is it warm enough for winter?"})
    room = start_room(merchant, shop, product, streams)
    yield Trade(merchant, buyer, shop, product, room, order_no, ask(buyer, returned), chat)
    merchant.post(f"/shops/{shop}/live-rooms/{room}/end")
    merchant.close()
    buyer.close()


def reader(chromium: Browser, site: Site, *, phone: bool = False) -> Person:
    """Somebody who reads English, with axe at hand in every page."""
    person = Person(chromium, site, phone=phone, language="en-GB")
    person.context.set_default_timeout(PATIENCE_MS)
    person.context.add_init_script(path=AXE)
    return person


def ask(buyer: Person, order_no: str) -> str:
    """Ask for a refund of a received order. Returns the case's number."""
    line = buyer.get(f"/orders/{order_no}/aftersale")["lines"][0]
    lines = [{"line_id": line["line_id"], "quantity": 1}]
    case = buyer.post("/aftersales", {"order_no": order_no, "kind": "refund_only", "reason": "agreed", "lines": lines})
    return str(case["case_no"])


def found_on(person: Person, *paths: str) -> list[str]:
    """What axe has against these pages, a line for each rule and place."""
    found = []
    for path in paths:
        person.page.goto(path)
        found += found_now(person, path)
    return found


def found_now(person: Person, where: str) -> list[str]:
    """What axe has against what is on the screen, once it stands still."""
    person.page.wait_for_function(SETTLED, polling=100)
    return [f"{where}: {each}" for each in person.page.evaluate(FINDINGS)]


def test_the_mall_can_be_read_by_everyone(trade: Trade, chromium: Browser, site: Site) -> None:
    creator = trade.merchant.get(f"/shops/{trade.shop}/profile")["id"]
    stranger = reader(chromium, site, phone=True)
    found = found_on(stranger, "/", "/sign-in", "/sign-up")
    stranger.close()
    assert found == []
    pages = (
        *("/", "/mall", "/search?q=盖毯", f"/product/{trade.product}", f"/creator/{creator}", "/live"),
        *(f"/live/{trade.room}", "/cart", "/orders", f"/orders/{trade.order_no}", "/aftersales"),
        *(f"/aftersales/{trade.case_no}", f"/orders/{trade.order_no}/aftersale", f"/messages/{trade.chat}"),
        *("/notices", "/me", "/me/interests", "/me/coupons"),
    )
    found = found_on(trade.buyer, *pages)
    page = trade.buyer.page
    page.goto("/cart")
    page.get_by_test_id("cart-checkout").click()
    page.get_by_test_id("checkout-submit").wait_for()
    found += found_now(trade.buyer, "/checkout")
    page.get_by_test_id("checkout-address").click()
    page.get_by_test_id("address-new").click()
    found += found_now(trade.buyer, "a new address")
    assert found == []


def test_every_workplace_can_be_read_by_everyone(trade: Trade, chromium: Browser, site: Site) -> None:
    shop = f"/workbench/shops/{trade.shop}"
    found = found_on(trade.merchant, *(f"{shop}/{page}" for page in SHOP), f"{shop}/live/{trade.room}")
    found += found_on(trade.merchant, f"{shop}/orders?q={trade.order_no}")
    trade.merchant.page.get_by_test_id("ship-button").click()
    found += found_now(trade.merchant, "shipping an order")
    found += found_on(trade.merchant, f"{shop}/orders?order={trade.order_no}", f"{shop}/aftersale?case={trade.case_no}")
    trade.merchant.page.get_by_test_id("step-refuse").click()
    found += found_now(trade.merchant, "refusing a case")
    worker = reader(chromium, site)
    for role, pages in (("creator", CREATOR), ("agency", AGENCY)):
        place = worker.become(role)["organisations"][0]["id"]
        found += found_on(worker, *(f"/workbench/shops/{place}/{page}" for page in pages))
    worker.become("operator")
    found += found_on(worker, *(f"/workbench/operator/{page}" for page in OPERATOR))
    worker.close()
    assert found == []
