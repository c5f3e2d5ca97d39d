"""The alliance on screen: a plan, an invitation out of the square, a sample, a showcase, and an order that pays to the fen."""

import secrets

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.walks import acts
from tests.walks.conftest import Site
from tests.walks.people import Person, later

pytestmark = pytest.mark.browser
PATIENCE_MS = 120_000  # on a machine that has other work
MARK = secrets.token_hex(2)
RATE_BP = 1_750
COMES_ABOUT = ("xingqu.kit.outbox.deliver_due", "xingqu.matching.services.building.build_creators")


def test_from_the_plan_to_the_estimated_commission(chromium: Browser, site: Site) -> None:
    merchant, host, buyer = Person(chromium, site), Person(chromium, site), Person(chromium, site, phone=True)
    for person in (merchant, host, buyer):
        person.context.set_default_timeout(PATIENCE_MS)
    shop = int(merchant.become("merchant")["organisations"][0]["id"])
    (product, name, sku), (other, _, other_sku) = unoffered(merchant, shop)
    studio, creator = become_creator(host)
    first_sale(site, merchant, host, Person(chromium, site), creator, shop, other, other_sku)
    open_plan(merchant, shop, name)
    invite(merchant, shop, name)
    accept(host, studio, creator)
    ask_for_sample(merchant, host, shop, studio, sku)
    into_the_showcase(host, studio, product)
    order_no = buy_from_showcase(buyer, creator, name)
    assert see_estimate(host, buyer, studio, creator, order_no) > 0
    for person in (merchant, host, buyer):
        person.close()


def unoffered(merchant: Person, shop: int) -> list[tuple[int, str, int]]:
    """Two products of the demo shop that are in no plan: id, name and SKU."""
    offered = {plan["product_id"] for plan in merchant.get(f"/shops/{shop}/alliance/plans?limit=50")["items"]}
    found: list[tuple[int, str, int]] = []
    for row in merchant.get(f"/shops/{shop}/products?tab=online&limit=50")["items"]:
        if row["id"] in offered or len(found) == 2:
            continue
        product = merchant.get(f"/shops/{shop}/products/{row['id']}")
        if product["skus"][0]["available"] >= 5:
            found.append((int(row["id"]), str(product["name"]), int(product["skus"][0]["id"])))
    assert len(found) == 2, "the demo shop has no two products without a plan"
    return found


def become_creator(host: Person) -> tuple[int, int]:
    """Join and open a creator's workplace. Returns its id and the publishing account's."""
    host.join("walk-creator")
    host.own_address()
    studio = int(host.post("/studios", {"handle": f"walk{MARK}", "display_name": f"走查达人{MARK}"})["id"])
    return studio, int(host.get(f"/shops/{studio}/profile")["id"])


def first_sale(
    site: Site, merchant: Person, host: Person, somebody: Person, creator: int, shop: int, product: int, sku: int
) -> None:
    """The square shows who has sold something: somebody buys by the creator's link."""
    plan = {"product_id": product, "kind": "simple_plan", "commission_bp": 500}
    merchant.post(f"/shops/{shop}/alliance/plans", plan)
    link = host.post(f"/creators/{creator}/alliance/links", {"product_id": product})["pick_source"]
    somebody.join("first-buyer")
    touch = somebody.get(f"/picks/{link}")["touch"]
    somebody.post("/touches", {"product_id": product, "surface": "creator", "touch": touch})
    somebody.buy(sku)
    somebody.close()
    found = f"/creators/{creator}/alliance/commissions"
    for _ in range(240):
        if host.get(found)["items"]:
            break
        host.page.wait_for_timeout(250)
    later(site, 0, *COMES_ABOUT)


def open_plan(merchant: Person, shop: int, name: str) -> None:
    page = merchant.page
    page.goto(f"/workbench/shops/{shop}/alliance")
    page.get_by_test_id("plan-open").first.click()
    choose(page.locator("#programme-product"), name)
    page.get_by_test_id("plan-rate").fill(f"{RATE_BP / 100:g}")
    expect(page.get_by_test_id("rate-preview")).to_be_visible()
    page.get_by_test_id("funds-confirm").click()
    expect(page.locator(".ant-modal")).to_have_count(0)


def invite(merchant: Person, shop: int, name: str) -> None:
    """Out of the creator square, with the creator filled in."""
    page = merchant.page
    page.goto(f"/workbench/shops/{shop}/square?q=walk{MARK}")
    page.get_by_test_id("square-creator").get_by_test_id("square-invite").click()
    expect(page.get_by_test_id("collab-other")).to_contain_text(f"走查达人{MARK}")
    choose(page.locator("#terms-products"), name)
    page.locator(".ant-modal-title").first.click()  # closes the list of products
    page.get_by_test_id("funds-confirm").click()
    expect(page.get_by_test_id("collaboration")).to_contain_text(f"走查达人{MARK}")


def accept(host: Person, studio: int, creator: int) -> None:
    """What waits for the creator is accepted."""
    page = host.page
    page.goto(f"/workbench/shops/{studio}/collaborations?waiting=me")
    page.get_by_test_id("collaboration").first.click()
    page.get_by_test_id("collab-accept").click()
    page.locator(".ant-modal-confirm .ant-btn-primary").click()
    expect(page.get_by_test_id("collab-contract")).to_be_visible()
    (row,) = host.get(f"/creators/{creator}/collaborations")["items"]
    assert row["state"] == "running"  # there is no slot fee to wait for


def ask_for_sample(merchant: Person, host: Person, shop: int, studio: int, sku: int) -> None:
    merchant.post(f"/shops/{shop}/sample-offers", {"sku_id": sku, "units": 2})
    page = host.page
    page.goto(f"/workbench/shops/{studio}/samples?tab=offers")
    page.get_by_test_id("sample-ask").first.click()
    page.get_by_test_id("sample-pitch").fill("想拍一条开箱")
    page.get_by_test_id("funds-confirm").click()
    expect(page.locator(".ant-modal")).to_have_count(0)
    (sample,) = merchant.get(f"/shops/{shop}/samples?queue=applied&waiting_for=merchant")["items"]
    assert sample["creator_name"] == f"走查达人{MARK}"


def into_the_showcase(host: Person, studio: int, product: int) -> None:
    """A pasted address is found, and the product taken up; its link can be copied."""
    page = host.page
    page.goto(f"/workbench/shops/{studio}/showcase")
    page.get_by_test_id("showcase-add").first.click()
    page.get_by_test_id("showcase-paste").fill(f"https://shop.example/product/{product}")
    page.get_by_text(f"{RATE_BP / 100:g}%").first.wait_for()
    page.get_by_test_id("funds-confirm").click()
    row = page.get_by_test_id("showcase-item").first
    expect(row).to_contain_text(f"{RATE_BP / 100:g}%")
    row.get_by_test_id("showcase-copy").click()
    assert "/picks/" in page.get_by_test_id("share-address").input_value()
    page.keyboard.press("Escape")


def buy_from_showcase(buyer: Person, creator: int, name: str) -> str:
    """On a phone: the creator's page, its showcase, the product, the money. Returns the shop order's number."""
    page = buyer.page
    buyer.sign_up("showcase-buyer", f"/creator/{creator}")
    page.get_by_test_id("tab-showcase").click()
    page.get_by_test_id("showcase-search").fill(name[:4])
    page.get_by_test_id("creator-showcase").get_by_test_id("product-tile").filter(has_text=name).click()
    page.wait_for_url("**/product/**")
    acts.buy_now(page)
    acts.add_address(page)
    return acts.order_and_pay(page)


def see_estimate(host: Person, buyer: Person, studio: int, creator: int, order_no: str) -> int:
    """The creator's page of earnings shows what the rate gives of what was paid for the goods, without the platform's part.

    Returns that in minor units.
    """
    amounts = buyer.get(f"/orders/{order_no}")["amounts"]
    goods_minor = sum(part["amount"]["amount_minor"] for part in amounts if part["code"] != "freight")
    page = host.page
    row = page.get_by_test_id("earning").filter(has_text=order_no)
    for _ in range(60):
        page.goto(f"/workbench/shops/{studio}/earnings")
        page.get_by_test_id("earning").first.wait_for()
        if row.count():
            break
        page.wait_for_timeout(500)
    known = host.get(f"/creators/{creator}/alliance/commissions")["items"]
    (told,) = [one for one in known if one["order_no"] == order_no]
    whole = goods_minor * RATE_BP // 10_000
    expected = whole - whole * told["platform_bp"] // 10_000
    assert (told["commission_bp"], told["ordered_base_minor"]) == (RATE_BP, goods_minor)
    assert (told["state"], told["estimated_minor"]) == ("paid", expected)
    expect(row).to_contain_text(f"¥{expected / 100:,.2f}")
    return int(expected)


def choose(select: Locator, name: str) -> None:
    """Search in a select and take the option of that name."""
    select.fill(name[:20])
    page = select.page
    options = page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option")
    options.filter(has_text=name).first.click()
