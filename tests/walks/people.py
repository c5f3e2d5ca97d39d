"""People with a browser of their own: what they do on the pages, and calls of their session for steps that are not the subject."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, ViewportSize, expect

from tests.walks import acts
from tests.walks.conftest import ROOT, Site

expect.set_options(timeout=acts.PATIENCE_MS)
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PICTURE = next((ROOT / "xingqu/content/demo/covers").glob("*.webp"))
# What another process of the site does when its clock is ahead: the same services, the same database.
LATER = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "xingqu.config.settings"
import django; django.setup()
from datetime import timedelta
from django.utils.module_loading import import_string
from xingqu.kit import clock
with clock.frozen(clock.now() + timedelta(days=int(sys.argv[1]))):
    for name in sys.argv[2:]:
        import_string(name)()
"""


def new_email(name: str) -> str:
    """An address that nobody has signed up with, also on a site that was walked before."""
    return f"{name}-{secrets.token_hex(4)}@example.test"


class Person:
    """A browser profile of somebody, signed in or not."""

    def __init__(self, chromium: Browser, site: Site, *, phone: bool = False, language: str = "zh-CN") -> None:
        self.context: BrowserContext = chromium.new_context(
            base_url=site.origin, viewport=PHONE if phone else DESKTOP, has_touch=phone, locale=language
        )
        self.context.set_default_timeout(acts.PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self._origin = site.origin

    def close(self) -> None:
        self.context.close()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A call of the API with this person's session. Asserts that it succeeds."""
        token = next((c["value"] for c in self.context.cookies() if c.get("name") == "csrftoken"), "")
        answer = self.context.request.fetch(
            f"{self._origin}/api/v1{path}",
            method=method,
            headers={"X-CSRFToken": token, "Content-Type": "application/json", **headers},
            data=None if body is None else json.dumps(body),
        )
        assert answer.ok, (method, path, answer.status, answer.text()[:500])
        return answer.json() if answer.text() else None

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, {} if body is None else body, **headers)

    def become(self, role: str) -> dict[str, Any]:
        """Take one of the demo's roles."""
        self.get("/session")
        session: dict[str, Any] = self.post("/demo/role", {"role": role})
        return session

    def sign_up(self, name: str, following: str = "/") -> None:
        """Sign up on the page, and go on to `following`."""
        page = self.page
        page.goto(f"/sign-up?next={following}")
        page.get_by_test_id("sign-up-email").fill(new_email(name))
        page.get_by_test_id("sign-up-password").fill(f"tea-and-rain-{name}")
        page.get_by_test_id("sign-up-submit").click()
        page.wait_for_url(f"**{following}")
        self.get("/session")

    def join(self, name: str) -> None:
        """Sign up by a call."""
        self.get("/session")
        token = next(str(c["value"]) for c in self.context.cookies() if c.get("name") == "csrftoken")
        answer = self.context.request.post(
            f"{self._origin}/_allauth/browser/v1/auth/signup",
            data=json.dumps({"email": new_email(name), "password": f"tea-and-rain-{name}"}),
            headers={"X-CSRFToken": token, "Content-Type": "application/json"},
        )
        assert answer.ok, answer.text()[:300]
        self.get("/session")

    def upload(self, path: str, picture: Path = PICTURE, **fields: str) -> Any:
        """Send a picture as a form does."""
        token = next(str(c["value"]) for c in self.context.cookies() if c.get("name") == "csrftoken")
        file: FilePayload = {"name": picture.name, "mimeType": "image/webp", "buffer": picture.read_bytes()}
        answer = self.context.request.post(
            f"{self._origin}/api/v1{path}", multipart={**fields, "file": file}, headers={"X-CSRFToken": token}
        )
        assert answer.ok, answer.text()[:300]
        return answer.json()

    def own_address(self) -> int:
        """Id of the address that this person has; one is added when there is none."""
        known = self.get("/addresses")
        if known:
            return int(known[0]["id"])
        body: dict[str, Any] = {
            "recipient": "收件人",
            "phone": "13800000000",
            "detail": "体验路 1 号",
            "is_default": True,
        }
        parent = ""
        for name in ("province_id", "city_id", "district_id"):
            body[name] = self.get(f"/regions{parent}")[0]["id"]
            parent = f"?parent_id={body[name]}"
        return int(self.post("/addresses", body)["id"])

    def buy(self, sku_id: int, units: int = 1) -> str:
        """Order and pay in the sandbox by calls. Returns the shop order's number once it is paid."""
        address_id = self.own_address()
        lines = [{"sku_id": sku_id, "quantity": units}]
        quote = self.post("/checkout/quote", {"lines": lines, "address_id": address_id})
        body = {"quote_token": quote["quote_token"], "address_id": address_id, "notes": {}, "from_cart": False}
        order = self.post("/checkout", body, **{"Idempotency-Key": f"walk-{quote['quote_token'][-24:]}"})
        paying = self.post(f"/orders/{order['order_no']}/pay", {"provider": "sandbox"})
        self.page.goto(paying["redirect_url"])
        self.page.get_by_test_id("pay-confirm").click()
        order_no = str(order["shop_orders"][0]["order_no"])
        self.wait_for(f"/orders/{order_no}", "state", "paid")
        return order_no

    def wait_for(self, path: str, name: str, *wanted: Any) -> Any:
        """Ask until a field is one of the wanted values. Returns the answer."""
        for _ in range(120):
            answer = self.get(path)
            if answer[name] in wanted:
                return answer
            self.page.wait_for_timeout(250)
        raise AssertionError(f"{path}: {name} is {answer[name]!r}, not one of {wanted}")


def on_sale(merchant: Person, shop: int) -> tuple[int, int]:
    """A product of a demo shop that five can be bought of, and its first SKU."""
    for row in merchant.get(f"/shops/{shop}/products?tab=online&limit=50")["items"]:
        sku = merchant.get(f"/shops/{shop}/products/{row['id']}")["skus"][0]
        if sku["available"] >= 5:
            return int(row["id"]), int(sku["id"])
    raise AssertionError("the demo shop has nothing to sell")


def tracking_number() -> str:
    """A number that SF Express could have given."""
    return f"SF{secrets.randbelow(10**13):013d}"


def pick(page: Page, test_id: str, text: str) -> None:
    """Choose an option of a select by its text."""
    page.get_by_test_id(test_id).first.click()
    page.locator(
        ".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option", has_text=text
    ).first.click()


def file_input(page: Page, test_id: str) -> Locator:
    """The file input behind an upload's button."""
    return page.locator(".ant-upload", has=page.get_by_test_id(test_id)).locator("input[type=file]").first


def later(site: Site, days: int, *functions: str) -> None:
    """Let services run under a clock that is so many days ahead, in a process beside the site's."""
    environment = {**os.environ, **site.environment}
    subprocess.run(
        [sys.executable, "-c", LATER, str(days), *functions], cwd=Path(ROOT), env=environment, check=True, timeout=120
    )


def money_of(box: Locator) -> int:
    """The amount that a figure shows, in fen."""
    expect(box).to_contain_text("¥")
    text = box.inner_text().split("¥", 1)[1].split()[0]
    return round(float(text.replace(",", "")) * 100)
