"""Keys are enough: one buys, pays, ships and answers a case without a pointer, and always sees where one is."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks import acts
from tests.walks.conftest import Site
from tests.walks.people import Person, on_sale, tracking_number

pytestmark = pytest.mark.browser
PATIENCE_MS = 60_000  # on a machine that has other work
MOST_TABS = 150
# Whether the focus is where `mark` says, and if so whether it is on the screen and something of it can be seen.
FOCUS = """(mark) => {
    const here = document.activeElement;
    const there = (each) => each.matches?.(mark) ? each : null;
    if (!here || here === document.body || !(here.closest(mark) ?? there(here))) return "elsewhere";
    const box = here.getBoundingClientRect();
    if (!box.width || box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return "off the screen";
    const frame = here.closest(".ant-select, .ant-input-affix-wrapper, .ant-picker, .search-box, .check, .note-row");
    const seen = [here, frame].filter(Boolean).some((each) => {
        const style = getComputedStyle(each);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    });
    return seen ? "seen" : "not to be seen";
}"""


class Keys:
    """A page in the hands of somebody who has no pointer."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def focus(self, mark: str) -> str:
        return str(self.page.evaluate(FOCUS, mark))

    def at(self, mark: str) -> None:
        """Assert that the focus is there, on the screen and to be seen."""
        self.page.wait_for_function(f"(mark) => ({FOCUS})(mark) === 'seen'", arg=mark)

    def to(self, test_id: str, *, back: bool = False) -> None:
        """Tab until the focus is on it, in which nothing else helps."""
        mark = f"[data-testid={test_id}]"
        self.page.locator(mark).first.wait_for(state="attached")
        for _ in range(MOST_TABS):
            if self.focus(mark) != "elsewhere":
                return self.at(mark)
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{test_id} is not among {MOST_TABS} stops from {self.page.url}")

    def press_at(self, test_id: str, key: str = "Enter", *, back: bool = False) -> None:
        self.to(test_id, back=back)
        self.press(key)

    def in_dialog(self) -> None:
        """Assert that nothing of the page but the open dialog is come to, in either direction."""
        self.page.wait_for_function("document.activeElement.closest('[role=dialog]')")
        for key in ["Tab"] * 12 + ["Shift+Tab"] * 14:
            self.press(key)
            # After its last stop the browser's own bar may have a turn: then the body is active.
            assert self.page.evaluate("document.activeElement.matches('body, [role=dialog], [role=dialog] *')"), key


def test_a_buyer_needs_no_pointer(chromium: Browser, site: Site) -> None:
    buyer = Person(chromium, site)
    buyer.context.set_default_timeout(PATIENCE_MS)
    buyer.join("keys")
    keys, page = Keys(buyer.page), buyer.page
    acts.open_feed(page)
    keys.press("Tab")
    keys.at(".skip-link")
    keys.press("Enter")
    page.wait_for_function("document.activeElement.id === 'content'")
    acts.swipe(page)
    keys.press_at("nav-search", back=True)
    page.wait_for_url("**/search")
    keys.at("[data-testid=search-input]")
    keys.type("盖毯")
    keys.press("Enter")
    keys.press_at("product-tile")
    page.wait_for_url("**/product/**")
    choose(keys)
    keys.press_at("nav-cart", back=True)
    page.wait_for_url("**/cart")
    keys.press_at("cart-checkout")
    add_address(keys)
    keys.press_at("checkout-submit")
    page.wait_for_url("**/sandbox-pay/**")
    keys.press_at("pay-confirm")
    expect(page.get_by_test_id("pay-succeeded")).to_be_visible()
    keys.press_at("to-orders")
    expect(page.get_by_test_id("order-card").first).to_have_attribute("data-state", "paid")
    buyer.close()


def choose(keys: Keys) -> None:
    """Leave the dialog of options by Escape and come back to where one was; then choose, and put it into the cart."""
    page = keys.page
    keys.press_at("add-to-cart")
    confirm = page.get_by_test_id("confirm-cart")
    added = page.get_by_role("status").filter(has_text="购物车")
    expect(confirm.or_(added).first).to_be_visible()
    if confirm.is_visible():
        keys.in_dialog()
        keys.press("Escape")
        expect(confirm).to_have_count(0)
        keys.at("[data-testid=add-to-cart]")
        keys.press("Enter")
        for group in page.get_by_test_id("option-picker").locator("fieldset").all():
            if group.locator("[aria-pressed=true]").count() == 0:
                keys.press_at("option-value", "Space")
                expect(group.locator("[aria-pressed=true]")).to_have_count(1)
        keys.press_at("confirm-cart")
    expect(added.first).to_be_visible()


def add_address(keys: Keys) -> None:
    """The checkout's address form; a region by the arrow key."""
    page = keys.page
    keys.press_at("checkout-address")
    keys.press_at("address-new")
    for name, text in (("recipient", "收件人"), ("phone", "13800000000")):
        keys.to(f"address-{name}")
        keys.type(text)
    for level in ("province", "city", "district"):
        expect(page.get_by_test_id(f"address-{level}").locator("option").nth(1)).to_be_attached()
        keys.press_at(f"address-{level}", "ArrowDown")
    keys.to("address-detail")
    keys.type("体验路 1 号")
    keys.press_at("address-save")
    expect(page.get_by_test_id("address-form")).to_have_count(0)


def test_a_merchant_needs_no_pointer(chromium: Browser, site: Site) -> None:
    merchant, buyer = Person(chromium, site), Person(chromium, site)
    merchant.context.set_default_timeout(PATIENCE_MS)
    shop = int(merchant.become("merchant")["organisations"][0]["id"])
    buyer.join("served")
    order_no = buyer.buy(on_sale(merchant, shop)[1])
    keys, page = Keys(merchant.page), merchant.page
    page.goto(f"/workbench/shops/{shop}/orders")
    expect(page.get_by_test_id("order-row").first).to_be_visible()
    keys.press("Tab")
    keys.at(".wb-skip")
    keys.press("Enter")
    page.wait_for_function("document.activeElement.id === 'main'")
    keys.to("orders-search")
    keys.type(order_no)
    expect(page.get_by_test_id("order-row")).to_have_count(1)
    ship(keys)
    buyer.wait_for(f"/orders/{order_no}", "state", "shipped")
    answer(keys, buyer, shop, order_no)
    merchant.close()
    buyer.close()


def ship(keys: Keys) -> None:
    """The dialog keeps the focus, gives it back at Escape, and ships."""
    page = keys.page
    keys.press_at("ship-button")
    expect(page.get_by_test_id("ship-confirm")).to_be_visible()
    keys.in_dialog()
    keys.press("Escape")
    expect(page.get_by_test_id("ship-confirm")).to_have_count(0)
    keys.at("[data-testid=ship-button]")
    keys.press("Enter")
    keys.press_at("ship-carrier", "ArrowDown")
    keys.type("顺丰")
    expect(page.locator(".ant-select-item-option-active")).to_contain_text("顺丰")
    keys.press("Enter")
    keys.to("ship-tracking")
    keys.type(tracking_number())
    keys.press_at("ship-confirm")
    expect(page.get_by_test_id("ship-confirm")).to_have_count(0)


def answer(keys: Keys, buyer: Person, shop: int, order_no: str) -> None:
    """Somebody asks for their money back; the merchant opens the case in its row and agrees."""
    page = keys.page
    line = buyer.get(f"/orders/{order_no}/aftersale")["lines"][0]
    lines = [{"line_id": line["line_id"], "quantity": 1}]
    asked = {"order_no": order_no, "kind": "refund_only", "reason": "agreed", "lines": lines}
    case_no = str(buyer.post("/aftersales", asked)["case_no"])
    page.goto(f"/workbench/shops/{shop}/aftersale?q={case_no}")
    expect(page.get_by_test_id("case-row")).to_have_count(1)
    keys.press_at("case-row")
    keys.press_at("step-approve")
    keys.press_at("step-confirm")
    expect(page.get_by_test_id("step-confirm")).to_have_count(0)
    keys.press("Escape")
    expect(page.get_by_test_id("case-drawer")).to_have_count(0)
    buyer.wait_for(f"/aftersales/{case_no}", "state", "success", "refunding")
