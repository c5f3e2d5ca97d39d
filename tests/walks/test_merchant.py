"""A merchant from signing up to money in the bank: papers, product, order, receipt, settlement, statement, withdrawal; to the fen."""

import re
import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks import acts
from tests.walks.conftest import Site
from tests.walks.people import PICTURE, Person, file_input, later, money_of, pick

pytestmark = pytest.mark.browser
# Names that a site that was walked before does not have yet.
MARK = secrets.token_hex(2)
SHOP = f"走查家居{MARK}"
PRODUCT = f"走查手织棉麻盖毯{MARK}"
SOLD_MINOR = 12_800
FEE_MINOR = SOLD_MINOR * 5 // 100  # XINGQU_TECH_SERVICE_FEE_BP
EARNED_MINOR = SOLD_MINOR - FEE_MINOR
PDF_PAGE = re.compile(rb"/Type\s*/Page\b")
LICENCE_NO = "91330110MA2ABC1234"
SETTLE = ("xingqu.settlement.services.settling.settle_due",)


def test_from_sign_up_to_the_first_settled_order(chromium: Browser, site: Site) -> None:
    merchant, operator, buyer = Person(chromium, site), Person(chromium, site), Person(chromium, site, phone=True)
    operator.become("operator")
    shop = open_shop(merchant)
    hand_papers_in(merchant.page, shop)
    approve_papers(operator.page)
    product = list_product(merchant.page, shop)
    approve_listing(operator.page)
    merchant.wait_for(f"/shops/{shop}/products/{product}", "status", "online")
    order_no = find_and_buy(buyer)
    print_slip(merchant.page, shop, order_no)
    ship(merchant.page, shop, order_no)
    receive(buyer, order_no)
    print_label(merchant.page, shop, order_no)
    see_settled(merchant, site, shop)
    see_statement(merchant.page, shop, order_no)
    withdraw(merchant, shop)
    assert merchant.get(f"/shops/{shop}/funds")["available_minor"] == 0
    for person in (merchant, operator, buyer):
        person.close()


def open_shop(merchant: Person) -> int:
    """Sign up, name the shop. Returns its id."""
    page = merchant.page
    merchant.sign_up("new-merchant", "/workbench/open-shop")
    page.get_by_test_id("shop-name").fill(SHOP)
    page.get_by_test_id("shop-open").click()
    page.wait_for_url("**/shops/*/today")
    return int(page.url.split("/shops/")[1].split("/")[0])


def hand_papers_in(page: Page, shop: int) -> None:
    page.goto(f"/workbench/shops/{shop}/qualification")
    expect(page.get_by_test_id("qualification-unsubmitted")).to_be_visible()
    typed = {"legal_name": "走查家居有限公司", "licence_no": credit_code(LICENCE_NO[:17]), "contact_name": "店主"}
    for name, text in {**typed, "contact_phone": "13800000000"}.items():
        page.get_by_test_id(f"papers-{name}").fill(text)
    for kind in ("licence", "identity_front", "identity_back"):
        file_input(page, f"papers-upload-{kind}").set_input_files(PICTURE)
        expect(page.get_by_test_id(f"papers-upload-{kind}")).to_have_count(0)
    page.get_by_test_id("qualification-submit").click()
    expect(page.get_by_test_id("qualification-waiting")).to_be_visible()


def credit_code(body: str) -> str:
    """A licence's number with its check digit (GB 32100-2015)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(letters.index(letter) * pow(3, place, 31) for place, letter in enumerate(body))
    return body + letters[-total % 31]


def approve_papers(page: Page) -> None:
    page.goto("/workbench/operator/shop-applications")
    page.get_by_test_id("application-open").get_by_text(SHOP).click()
    expect(page.locator(".ant-drawer-body")).to_contain_text("走查家居有限公司")
    page.get_by_test_id("application-approve").click()
    expect(page.get_by_test_id("application-approve")).to_have_count(0)


def list_product(page: Page, shop: int) -> int:
    """Fill in a product and hand it in, to go on the shelf when it passes. Returns its id."""
    page.goto(f"/workbench/shops/{shop}/products/new")
    page.get_by_test_id("product-name").fill(PRODUCT)
    page.get_by_test_id("category-picker").locator("input").click()
    for _ in range(2):
        page.locator(".ant-cascader-menu").last.locator(".ant-cascader-menu-item").first.click()
    page.get_by_label("尺寸").fill("150×200 厘米")
    page.get_by_test_id("product-pictures").set_input_files(PICTURE)
    row = page.get_by_test_id("sku-row")
    row.get_by_test_id("sku-price").fill("128")
    row.get_by_test_id("sku-stock").fill("10")
    page.get_by_test_id("product-online-when-approved").check()
    page.get_by_test_id("product-submit").click()
    expect(page.get_by_test_id("product-waiting")).to_be_visible()
    return int(page.url.rsplit("/", 1)[1])


def approve_listing(page: Page) -> None:
    page.goto("/workbench/operator/listings")
    page.get_by_test_id("listing-open").get_by_text(PRODUCT).click()
    page.get_by_test_id("listing-approve").click()
    page.wait_for_url("**/operator/listings")


def find_and_buy(buyer: Person) -> str:
    """Search for it, buy one and pay. Returns the order's number."""
    page = buyer.page
    buyer.sign_up("new-buyer", "/search")
    page.get_by_test_id("search-input").fill(PRODUCT)
    page.get_by_test_id("search-input").press("Enter")
    page.get_by_test_id("product-tile").get_by_text(PRODUCT).first.click()
    acts.buy_now(page)
    acts.add_address(page)
    expect(page.locator(".sum-total").last).to_contain_text(f"{SOLD_MINOR / 100:.2f}")
    return acts.order_and_pay(page)


def ship(page: Page, shop: int, order_no: str) -> None:
    page.goto(f"/workbench/shops/{shop}/orders?tab=to_ship")
    row = page.locator("tr", has_text=order_no)
    row.get_by_test_id("ship-button").click()
    pick(page, "ship-carrier", "顺丰")
    page.get_by_test_id("ship-tracking").fill(f"SF{secrets.randbelow(10**13):013d}")
    page.get_by_test_id("ship-confirm").click()
    expect(row).to_have_count(0)


def print_slip(page: Page, shop: int, order_no: str) -> None:
    """What to pick for an order that was ticked, as the printer gets it: the slip, nothing of the screen, one page."""
    page.goto(f"/workbench/shops/{shop}/orders?tab=to_ship")
    page.locator("tr", has_text=order_no).locator("input[type=checkbox]").check()
    page.get_by_test_id("packing-slips").click()
    slip = page.locator(".wb-slip")
    expect(slip).to_contain_text(order_no)
    expect(slip.locator("tbody tr")).to_contain_text(PRODUCT)
    page.evaluate("window.print = () => { window.printed = true }")
    page.get_by_role("button", name="打印").click()
    assert page.evaluate("window.printed") is True
    page.emulate_media(media="print")
    expect(slip).to_be_visible()
    expect(page.locator(".wb-sider")).to_be_hidden()
    assert len(PDF_PAGE.findall(page.pdf())) == 1
    page.emulate_media(media="screen")


def print_label(page: Page, shop: int, order_no: str) -> None:
    """The label of the order's package, once more: it opens as a PDF of one page in a tab of its own."""
    page.goto(f"/workbench/shops/{shop}/shipping?tab=delivered&q={order_no}")
    page.get_by_test_id("package-row").locator("input[type=checkbox]").check()
    with page.context.expect_event("response", lambda answer: "/labels.pdf" in answer.url) as opened:
        page.get_by_test_id("print-labels").click()
    label = page.context.request.get(opened.value.url)
    assert label.headers["content-type"] == "application/pdf"
    assert len(PDF_PAGE.findall(label.body())) == 1


def receive(buyer: Person, order_no: str) -> None:
    """The carrier says that it is there, the buyer that it is theirs."""
    page = buyer.page
    page.goto(f"/orders/{order_no}")
    parcel = page.get_by_test_id("parcel")
    for _ in range(20):
        expect(parcel).to_be_visible()
        if parcel.get_attribute("data-state") == "delivered":
            break
        page.wait_for_timeout(1_000)
        page.reload()
    expect(parcel).to_have_attribute("data-state", "delivered")
    page.get_by_test_id("confirm-receipt").first.click()
    page.get_by_test_id("confirm-action").click()
    expect(page.get_by_test_id("order-detail")).to_have_attribute("data-state", "done")


def see_settled(merchant: Person, site: Site, shop: int) -> None:
    """What was earned waits for the days of the rule, then is in the balance."""
    page = merchant.page
    merchant.wait_for(f"/shops/{shop}/funds", "pending_minor", EARNED_MINOR)
    later(site, 6, *SETTLE)
    page.goto(f"/workbench/shops/{shop}/funds")
    assert money_of(page.get_by_test_id("funds-pending")) == EARNED_MINOR
    assert money_of(page.get_by_test_id("funds-available")) == 0
    later(site, 8, *SETTLE)
    page.reload()
    expect(page.get_by_test_id("funds-available")).to_contain_text(f"{EARNED_MINOR / 100:,.2f}")
    assert money_of(page.get_by_test_id("funds-pending")) == 0


def see_statement(page: Page, shop: int, order_no: str) -> None:
    """The month of the settlement says the same, with the order's number."""
    page.goto(f"/workbench/shops/{shop}/funds?tab=statements")
    # The days of the rule may lead into the next month: then this month's statement ends with the money to be settled.
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    account = "balance" if (now + timedelta(days=8)).month == now.month else "receivable"
    closing = page.get_by_test_id(f"statement-{account}").locator("tr").last
    expect(closing).to_contain_text(f"{EARNED_MINOR / 100:,.2f}")
    lines = page.get_by_test_id("statement-line").filter(has_text=order_no)
    expect(lines.first).to_be_visible()
    page.get_by_test_id("statement-export").click()
    with page.expect_download() as download:
        page.get_by_test_id("statement-export-csv").click()
    assert order_no in download.value.path().read_text("utf-8-sig")


def withdraw(merchant: Person, shop: int) -> None:
    """Name the bank account, ask for all of it; the bank pays."""
    page = merchant.page
    page.goto(f"/workbench/shops/{shop}/funds?tab=withdrawals")
    page.get_by_test_id("payout-account").click()
    for name, text in {"holder": "走查家居有限公司", "bank_name": "体验银行", "number": "6222020200112233"}.items():
        page.get_by_test_id(f"funds-{name}").fill(text)
    page.get_by_test_id("funds-confirm").click()
    expect(page.get_by_test_id("funds-confirm")).to_have_count(0)
    page.get_by_test_id("withdraw").click()
    expect(page.get_by_test_id("funds-amount")).to_have_value(f"{EARNED_MINOR / 100:.2f}")
    page.get_by_test_id("funds-confirm").click()
    expect(page.get_by_test_id("funds-confirm")).to_have_count(0)
    merchant.wait_for(f"/shops/{shop}/funds", "withdrawing_minor", 0)
    page.reload()
    expect(page.get_by_test_id("funds-available")).to_contain_text("0.00")
    paid = merchant.get(f"/shops/{shop}/funds/withdrawals")["items"]
    assert [(row["state"], row["amount"]["amount_minor"]) for row in paid] == [("paid", EARNED_MINOR)]
