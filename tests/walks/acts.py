"""What people do on the pages, by the pages' stable test ids."""

from typing import Any

from playwright.sync_api import Page, expect

PATIENCE_MS = 25_000


def become(page: Page, role: str) -> dict[str, Any]:
    """Take a demo role by the chip's own call, and open the page again as that person."""
    session = page.evaluate(
        """async (role) => {
            await fetch("/api/v1/session");
            const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
            const headers = {"X-CSRFToken": token, "Content-Type": "application/json"};
            const answer = await fetch("/api/v1/demo/role", {method: "POST", headers, body: JSON.stringify({role})});
            return answer.json();
        }""",
        role,
    )
    page.reload()
    return dict(session)


def open_feed(page: Page) -> None:
    """Open the first screen and wait until a card is on it."""
    page.goto("/")
    expect(page.get_by_test_id("feed-active")).to_be_visible(timeout=PATIENCE_MS)


def active_card(page: Page) -> dict[str, Any]:
    """Content id, topic tags and kind of the card on screen."""
    card = page.get_by_test_id("feed-active")
    return {
        "id": int(card.get_attribute("data-content-id") or 0),
        "tags": [tag for tag in (card.get_attribute("data-tags") or "").split(",") if tag],
        "kind": card.get_attribute("data-kind"),
    }


def swipe(page: Page) -> None:
    """One card further, by the key that a keyboard user has."""
    before = active_card(page)["id"]
    page.keyboard.press("ArrowDown")
    page.wait_for_function(
        "(before) => { const c = document.querySelector('[data-testid=feed-active]'); return c && +c.dataset.contentId !== before }",
        arg=before,
        timeout=PATIENCE_MS,
    )
    settle(page)


def settle(page: Page) -> None:
    """Wait until the stack of cards stands still: a card that still moves would be missed by a click."""
    page.wait_for_function(
        """() => {
            const stack = document.querySelector('[data-testid=feed-scroller]');
            const off = stack.scrollTop % stack.clientHeight;
            return Math.min(off, stack.clientHeight - off) < 1;
        }""",
        timeout=PATIENCE_MS,
    )


def find_anchored_card(page: Page, limit: int = 12) -> int:
    """Swipe until a card offers a product. Returns the content's id."""
    for _ in range(limit):
        offered = page.get_by_test_id("feed-active").get_by_test_id("product-anchor")
        if offered.count():
            # It rises when the product is shown in the clip; before that it can't be pressed.
            expect(
                page.locator("[data-testid=feed-active] [data-testid=product-anchor][aria-hidden=false]")
            ).to_be_visible(timeout=PATIENCE_MS)
            page.wait_for_timeout(400)
            return int(active_card(page)["id"])
        swipe(page)
    raise AssertionError(f"no card with a product among {limit}")


def add_address(page: Page) -> None:
    """Fill in the checkout's address form, region by region."""
    page.get_by_test_id("checkout-address").click()
    page.get_by_test_id("address-new").click()
    page.get_by_test_id("address-recipient").fill("收件人")
    page.get_by_test_id("address-phone").fill("13800000000")
    for level in ("province", "city", "district"):
        choice = page.get_by_test_id("address-form").locator(f"[data-testid^=address-{level}]")
        expect(choice.locator("option").nth(1)).to_be_attached(timeout=PATIENCE_MS)
        choice.select_option(index=1)
    page.get_by_test_id("address-detail").fill("体验路 1 号")
    page.get_by_test_id("address-save").click()


def pay_in_sandbox(page: Page, mode: str = "on-time") -> None:
    """Confirm at the gateway's own page and come back."""
    page.wait_for_url("**/sandbox-pay/**", timeout=PATIENCE_MS)
    page.get_by_test_id("pay-callback-mode").select_option(mode)
    page.get_by_test_id("pay-confirm").click()
    expect(page.get_by_test_id("pay-succeeded")).to_be_visible(timeout=PATIENCE_MS)


def add_to_cart(page: Page) -> None:
    """From a product's page into the cart, choosing the first of each option."""
    with page.expect_response(lambda answer: answer.url.endswith("/cart/lines") and answer.status < 300):
        page.get_by_test_id("add-to-cart").first.click()
        page.wait_for_timeout(1_000)
        if page.get_by_test_id("confirm-cart").is_visible():
            pick_first_options(page)
            page.get_by_test_id("confirm-cart").click()


def pick_first_options(page: Page) -> None:
    """One value of each option, where none is chosen yet."""
    for group in page.get_by_test_id("option-picker").locator("fieldset").all():
        if group.locator("[aria-pressed=true]").count() == 0:
            group.get_by_test_id("option-value").first.click()


def buy_now(page: Page) -> None:
    """From an open product to the checkout, choosing the first of each option."""
    page.get_by_test_id("buy-now").first.click()
    confirm = page.get_by_test_id("confirm-buy")
    checkout = page.get_by_test_id("checkout-submit")
    expect(confirm.or_(checkout).first).to_be_visible(timeout=PATIENCE_MS)
    if confirm.is_visible():
        pick_first_options(page)
        confirm.click()
    expect(checkout).to_be_visible(timeout=PATIENCE_MS)


def order_and_pay(page: Page) -> str:
    """Order what stands at the checkout, pay it in the sandbox and see it paid among the orders. Returns its number."""
    page.get_by_test_id("checkout-submit").click()
    pay_in_sandbox(page)
    page.get_by_test_id("to-orders").click()
    card = page.get_by_test_id("order-card").first
    expect(card).to_have_attribute("data-state", "paid")
    return str(card.get_attribute("data-order-no"))
