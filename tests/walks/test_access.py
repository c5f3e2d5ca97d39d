"""Who can't see or point can use the pages too: axe finds nothing serious on the main pages, and the keyboard buys and ships."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.walks.conftest import ROOT, Site
from tests.walks.people import Person

pytestmark = pytest.mark.browser
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
CHECK = """async () => {
    const rules = {runOnly: ["wcag2a", "wcag2aa"]};
    const found = (await axe.run(document, rules)).violations.filter((v) => ["serious", "critical"].includes(v.impact));
    return found.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
}"""
LOADED = "() => !document.querySelector('.ant-skeleton, .skeleton, .ant-spin-spinning')"
MALL = (
    "/",
    "/mall",
    "/search?q=毯",
    "/cart",
    "/orders",
    "/aftersales",
    "/me",
    "/me/interests",
    "/me/coupons",
    "/notices",
)
WORKBENCH = (
    "today",
    "products",
    "products/new",
    "orders",
    "aftersale",
    "shipping",
    "logistics",
    "messages",
    "marketing",
    "reviews",
    "funds",
    "members",
    "settings",
)
OPERATOR = ("people", "shop-applications", "disputes", "aftersale-rules", "settlement", "audits")


def complaints(page: Page, paths: list[str]) -> dict[str, Any]:
    """What axe has against each page."""
    found = {}
    for path in paths:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        page.wait_for_function(LOADED)
        page.add_script_tag(path=AXE)
        if said := page.evaluate(CHECK):
            found[path] = said
    return found


def test_nothing_serious_on_the_mall(chromium: Browser, site: Site) -> None:
    person = Person(chromium, site, phone=True)
    person.become("consumer")
    assert complaints(person.page, list(MALL)) == {}
    person.close()


def test_nothing_serious_in_the_workbench(chromium: Browser, site: Site) -> None:
    person = Person(chromium, site)
    shop = person.become("merchant")["organisations"][0]["id"]
    assert complaints(person.page, [f"/workbench/shops/{shop}/{room}" for room in WORKBENCH]) == {}
    person.become("operator")
    assert complaints(person.page, [f"/workbench/operator/{room}" for room in OPERATOR]) == {}
    person.close()
