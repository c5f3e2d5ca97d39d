"""Take a picture of every page of a running demo, on a phone and a desktop, in Chinese and English.

Usage: python tools/screenshots.py [--origin http://127.0.0.1:8000] [--out docs/pictures/pages]
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.walks import acts
from tests.walks.conftest import CHROMIUM_FLAGS

DEVICES = {"phone": (390, 844), "desktop": (1440, 900)}
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
QUALITY = 62
SETTLE_MS = 1_600
SHEET_COLUMNS = {"phone": 8, "desktop": 4}


def ids(page: Page) -> dict[str, int]:
    """A product, a category, a creator and an order of the demo to show."""
    return dict(
        page.evaluate(
            """async () => {
                const get = async (path) => (await fetch("/api/v1" + path)).json();
                const feed = await get("/feed?size=10");
                const card = feed.items.map((i) => i.content).find((c) => c.anchors.length) ?? feed.items[0].content;
                const product = card.anchors[0]?.product;
                return {product: product?.id ?? 1, category: product?.category_id ?? 1, creator: card.creator.id, content: card.id};
            }"""
        )
    )


def guest_pages(known: dict[str, int]) -> dict[str, str]:
    return {
        "mall": "/mall",
        "live": "/live",
        "content": f"/content/{known['content']}",
        "category": f"/category/{known['category']}",
        "product": f"/product/{known['product']}",
        "search": "/search?q=%E5%9B%9B%E4%BB%B6%E5%A5%97",
        "search-nothing": "/search?q=zzzz",
        "creator": f"/creator/{known['creator']}",
        "sign-in": "/sign-in",
        "sign-up": "/sign-up",
        "reset-password": "/reset-password",
        "not-found": "/nowhere",
    }


MINE = {
    "me": "/me",
    "interests": "/me/interests",
    "following": "/me/following",
    "coupons": "/me/coupons",
    "my-reviews": "/me/reviews",
    "invoices": "/me/invoices",
    "cart": "/cart",
    "orders": "/orders",
    "addresses": "/me/addresses",
    "aftersales": "/aftersales",
    "chats": "/messages",
    "notices": "/notices",
}
WORKBENCH = {
    "wb-today": "today",
    "wb-products": "products",
    "wb-product-new": "products/new",
    "wb-import": "products/import",
    "wb-stock": "products/stock",
    "wb-content": "content",
    "wb-content-new": "content/new",
    "wb-marketing": "marketing",
    "wb-orders": "orders",
    "wb-packing-slips": "orders/packing-slips",
    "wb-aftersale": "aftersale",
    "wb-shipping": "shipping",
    "wb-logistics": "logistics",
    "wb-messages": "messages",
    "wb-reviews": "reviews",
    "wb-funds": "funds",
    "wb-statements": "funds?tab=statements",
    "wb-members": "members",
    "wb-actions": "members/actions",
    "wb-open": "open",
    "wb-qualification": "qualification",
    "wb-diagnosis": "diagnosis",
    "wb-comments": "comments",
    "wb-live": "live",
    "wb-live-prices": "live/prices",
    "wb-presales": "marketing?tab=presales",
    "wb-bundles": "marketing?tab=bundles",
    "wb-alliance": "alliance",
    "wb-square": "square",
    "wb-product-pools": "product-pools",
    "wb-samples": "samples",
    "wb-collaborations": "collaborations",
    "wb-invoices": "invoices",
    "wb-settings": "settings",
}
CREATOR = {
    "cr-home": "today",
    "cr-content": "content",
    "cr-content-new": "content/new",
    "cr-comments": "comments",
    "cr-live": "live",
    "cr-open": "open",
    "cr-selection": "selection",
    "cr-showcase": "showcase",
    "cr-samples": "samples",
    "cr-collaborations": "collaborations",
    "cr-earnings": "earnings",
    "cr-reputation": "reputation",
    "cr-agencies": "agencies",
    "cr-profile": "profile",
    "cr-members": "members",
}
AGENCY = {
    "mcn-home": "today",
    "mcn-creators": "creators",
    "mcn-product-pools": "product-pools",
    "mcn-activities": "activities",
    "mcn-earnings": "earnings",
    "mcn-members": "members",
    "mcn-settings": "settings",
}
OPERATOR = {
    "op-people": "people",
    "op-trainings": "trainings",
    "op-channels": "channels",
    "op-lookups": "lookups",
    "op-shop-applications": "shop-applications",
    "op-listings": "listings",
    "op-disputes": "disputes",
    "op-aftersale-rules": "aftersale-rules",
    "op-coupons": "coupons",
    "op-settlement": "settlement",
    "op-audits": "audits",
    "op-reconciliation": "reconciliation",
    "op-carriers": "carriers",
    "op-deposits": "deposits",
    "op-taxes": "taxes",
    "op-tax-rules": "tax-rules",
    "op-admission": "admission",
    "op-review-cases": "review-cases",
    "op-review-rules": "review-rules",
    "op-collaborations": "collaborations",
    "op-creators": "creators",
}
LOADED = "() => !document.querySelector('.ant-skeleton, .skeleton, .ant-spin-spinning')"
# What a page should not show: text that runs out of the screen, and names of texts in place of texts.
COMPLAINTS = """() => {
    const found = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth + 1) found.push(`as wide as ${wide}`);
    const names = document.body.innerText.match(/(?<![\\w./@-])[a-z_]{2,}(\\.[a-z_0-9]+){1,3}(?![\\w@/-])/g) ?? [];
    if (names.length) found.push(names.slice(0, 5).join(" "));
    return found;
}"""


class Studio:
    """Takes and keeps the pictures of one device and language."""

    def __init__(self, browser: Browser, origin: str, device: str, language: str, out: Path) -> None:
        width, height = DEVICES[device]
        context = browser.new_context(
            base_url=origin,
            viewport={"width": width, "height": height},
            locale=LANGUAGES[language],
            has_touch=device == "phone",
        )
        self.page = context.new_page()
        self.page.set_default_timeout(20_000)
        self._name = f"{device}-{language}"
        self._device = device
        self._out = out
        self._taken: list[Image.Image] = []

    def take(self, name: str, path: str | None = None, act: Callable[[Page], object] | None = None) -> None:
        try:
            if path is not None:
                self.page.goto(path)
            if act is not None:
                act(self.page)
            self.page.wait_for_function(LOADED)
            self.page.wait_for_timeout(SETTLE_MS)
            if found := self.page.evaluate(COMPLAINTS):
                print(f"{self._name} {name}: {'; '.join(found)}", flush=True)
        except Exception as error:  # a page that fails is seen on its picture
            print(f"{self._name} {name}: {str(error).splitlines()[0]}", flush=True)
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        picture.save(self._out / f"{self._name}-{name}.webp", quality=QUALITY, method=6)
        self._taken.append(picture)

    def sheet(self, folder: Path) -> None:
        """All pictures on one sheet, to look over."""
        width, height = (s // 2 for s in self._taken[0].size)
        columns = SHEET_COLUMNS[self._device]
        rows = -(-len(self._taken) // columns)
        sheet = Image.new("RGB", (columns * width, rows * height), "#888888")
        for place, picture in enumerate(self._taken):
            sheet.paste(picture.resize((width, height)), (place % columns * width, place // columns * height))
        sheet.save(folder / f"sheet-{self._name}.png")


def take_all(studio: Studio) -> None:
    page = studio.page
    studio.take("feed", "/", lambda p: p.get_by_test_id("feed-active").wait_for())
    known = ids(page)
    studio.take("feed-product", None, open_product)
    studio.take("feed-why", "/", lambda p: p.get_by_test_id("feed-active").get_by_test_id("why-button").first.click())
    studio.take(
        "feed-comments", "/", lambda p: p.get_by_test_id("feed-active").get_by_test_id("comment-button").click()
    )
    for name, path in guest_pages(known).items():
        studio.take(name, path)
    acts.become(page, "consumer")
    page.goto(f"/product/{known['product']}")
    studio.take("options", None, lambda p: p.get_by_test_id("buy-now").first.click())
    live_a_little(studio, known["product"])
    for name, path in MINE.items():
        studio.take(name, path)
    take_trade(studio)
    session = acts.become(page, "merchant")
    take_workbench(studio, int(session["organisations"][0]["id"]))
    take_creators(studio)
    acts.become(page, "operator")
    for name, path in OPERATOR.items():
        studio.take(name, f"/workbench/operator/{path}")
    studio.take("op-reach", f"/workbench/operator/reach?content={known['content']}")
    studio.take("op-person", None, open_person)
    studio.take("op-next-page", None, lambda p: p.get_by_test_id("tab-page").click())
    if case := first(page, "/operator/aftersales?queue=open", "case_no"):
        studio.take("op-dispute", f"/workbench/operator/disputes/{case}")


def take_trade(studio: Studio) -> None:
    """An order, what can be asked about it, a case, a conversation, a review."""
    page = studio.page
    if order := first(page, "/orders", "order_no"):
        studio.take("order", f"/orders/{order}")
        studio.take("aftersale-kinds", f"/orders/{order}/aftersale")
    if received := first(page, "/orders?tab=to_review", "order_no"):
        studio.take("review", f"/orders/{received}/review")
        studio.take("aftersale-apply", f"/orders/{received}/aftersale?kind=refund_only")
    if case := first(page, "/aftersales", "case_no"):
        studio.take("case", f"/aftersales/{case}")
    if chat := first(page, "/chats", "id"):
        studio.take("chat", f"/messages/{chat}")


def take_workbench(studio: Studio, shop: int) -> None:
    """Every room of the merchant, and what opens in some of them."""
    page, root = studio.page, f"/workbench/shops/{shop}"
    for name, path in WORKBENCH.items():
        studio.take(name, f"{root}/{path}")
    if product := first(page, f"/shops/{shop}/products?state=on_sale", "id"):
        studio.take("wb-product", f"{root}/products/{product}")
    if order := first(page, f"/shops/{shop}/orders", "order_no"):
        studio.take("wb-order", f"{root}/orders?order={order}")
    if case := first(page, f"/shops/{shop}/aftersales", "case_no"):
        studio.take("wb-case", f"{root}/aftersale?case={case}")
    if chat := first(page, f"/shops/{shop}/chats", "id"):
        studio.take("wb-chat", f"{root}/messages?chat={chat}")
    for tab in ("withdrawals", "deposit"):
        studio.take(f"wb-{tab}", f"{root}/funds?tab={tab}")
    take_opened(studio, shop, "wb")


def take_creators(studio: Studio) -> None:
    """The workplaces of the demo's creator and agency, and how somebody else opens one."""
    page = studio.page
    for role, pages in (("creator", CREATOR), ("agency", AGENCY)):
        place = acts.become(page, role)["organisations"][0]["id"]
        for name, address in pages.items():
            studio.take(name, f"/workbench/shops/{place}/{address}")
        take_opened(studio, place, "cr" if role == "creator" else "mcn")
    acts.become(page, "consumer")
    studio.take("open-shop", "/workbench/open-shop?kind=creator")


def take_opened(studio: Studio, place: int, prefix: str) -> None:
    """The first work and the first live room of a workplace, where there is one."""
    page, root = studio.page, f"/workbench/shops/{place}"
    if work := first(page, f"/shops/{place}/contents", "id"):
        studio.take(f"{prefix}-work", f"{root}/content/{work}")
    if room := first(page, f"/shops/{place}/live-rooms", "id"):
        studio.take(f"{prefix}-desk", f"{root}/live/{room}")


def first(page: Page, path: str, name: str) -> str | None:
    """What the first row of a list is called."""
    rows = page.evaluate("async (path) => (await (await fetch('/api/v1' + path)).json()).items ?? []", path)
    return str(rows[0][name]) if rows else None


def open_person(page: Page) -> None:
    page.goto("/workbench/operator/people")
    page.get_by_test_id("people-query").fill("consumer@demo.invalid")
    page.get_by_test_id("people-reason").fill("pictures for the guide")
    page.get_by_test_id("people-search").click()
    page.get_by_test_id("people-open").first.click()


def live_a_little(studio: Studio, product: int) -> None:
    """Buy something, once an installation, and leave something in the cart: empty pages show nothing."""
    page = studio.page
    orders = page.evaluate("async () => (await (await fetch('/api/v1/orders')).json()).items.length")
    page.goto(f"/product/{product}")
    acts.buy_now(page)
    if not orders:
        acts.add_address(page)
    studio.take("checkout")
    if not orders:
        page.get_by_test_id("checkout-submit").click()
        acts.pay_in_sandbox(page)
    page.goto(f"/product/{product}")
    acts.add_to_cart(page)


def open_product(page: Page) -> None:
    acts.find_anchored_card(page)
    page.get_by_test_id("feed-active").get_by_test_id("product-anchor").click()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--origin", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=Path("docs/pictures/pages"))
    parser.add_argument("--devices", nargs="+", choices=DEVICES, default=list(DEVICES))
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=list(LANGUAGES))
    parser.add_argument("--sheets", type=Path, help="folder for one overview sheet per device and language")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        for device in options.devices:
            for language in options.languages:
                studio = Studio(browser, options.origin, device, language, options.out)
                take_all(studio)
                if options.sheets:
                    studio.sheet(options.sheets)
                print(device, language, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
