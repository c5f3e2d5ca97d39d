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


MINE = {"me": "/me", "interests": "/me/interests", "cart": "/cart", "orders": "/orders", "addresses": "/me/addresses"}
WORKBENCH = {
    "wb-today": "today",
    "wb-products": "products",
    "wb-product-new": "products/new",
    "wb-import": "products/import",
    "wb-content": "content",
    "wb-content-new": "content/new",
    "wb-orders": "orders",
    "wb-reviews": "reviews",
    "wb-members": "members",
    "wb-settings": "settings",
}


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
            self.page.wait_for_timeout(SETTLE_MS)
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
    order = page.evaluate("async () => (await (await fetch('/api/v1/orders')).json()).items[0]?.order_no ?? null")
    if order:
        studio.take("order", f"/orders/{order}")
    session = acts.become(page, "merchant")
    for name, path in WORKBENCH.items():
        studio.take(name, f"/workbench/shops/{session['organisations'][0]['id']}/{path}")
    acts.become(page, "operator")
    studio.take("wb-reach", f"/workbench/operator/reach?content={known['content']}")
    studio.take("wb-people", "/workbench/operator/people")
    studio.take("wb-trainings", "/workbench/operator/trainings")
    studio.take("wb-channels", "/workbench/operator/channels")
    studio.take("wb-person", None, open_person)
    studio.take("wb-next-page", None, lambda p: p.get_by_test_id("tab-page").click())
    studio.take("wb-lookups", "/workbench/operator/lookups")


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
    parser.add_argument("--sheets", type=Path, help="folder for one overview sheet per device and language")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        for device in DEVICES:
            for language in LANGUAGES:
                studio = Studio(browser, options.origin, device, language, options.out)
                take_all(studio)
                if options.sheets:
                    studio.sheet(options.sheets)
                print(device, language, flush=True)
        browser.close()


if __name__ == "__main__":
    main()
