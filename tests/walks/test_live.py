"""A live show from the first stream to the commission that is taken back in part: everything agrees to the fen."""

import secrets
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.walks import acts
from tests.walks.conftest import Site
from tests.walks.people import Person, later, money_of, pick
from xingqu.live.ingest.ffmpeg import find_ffmpeg

pytestmark = pytest.mark.browser
PATIENCE_MS = 120_000  # on a machine that has other work
MARK = secrets.token_hex(2)
ROOM_MINOR, COUPON_MINOR = 9_937, 500  # with fen that have to be rounded
PAID_MINOR = ROOM_MINOR - COUPON_MINOR
RATE_BP = 2_000
# What the settlement tells is of that day too: it is delivered under the same clock.
SETTLE = ("xingqu.settlement.services.settling.settle_due", "xingqu.kit.outbox.deliver_due")
STREAM = (
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-tune",
    "zerolatency",
    "-g",
    "10",
    "-pix_fmt",
    "yuv420p",
    "-c:a",
    "aac",
)


@pytest.fixture
def streams() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Encoders that the walk starts; each is ended by its own handle."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()


def test_from_the_first_stream_to_the_commission(
    chromium: Browser, site: Site, streams: list[subprocess.Popen[bytes]]
) -> None:
    merchant, host, buyer = Person(chromium, site), Person(chromium, site), Person(chromium, site, phone=True)
    for person in (merchant, host, buyer):
        person.context.set_default_timeout(PATIENCE_MS)
    shop, product, sku = goods(merchant)
    studio, creator = become_creator(host)
    plan = {"product_id": product, "kind": "simple_plan", "commission_bp": RATE_BP}
    merchant.post(f"/shops/{shop}/alliance/plans", plan)
    host.post(f"/creators/{creator}/alliance/links", {"product_id": product})
    room = start_room(host, studio, product, streams)
    price = {"prices": [{"sku_id": sku, "price_minor": ROOM_MINOR, "units": 5, "limit_per_person": 2}]}
    item = host.get(f"/shops/{studio}/live-rooms/{room}")["items"][0]["id"]
    merchant.post(f"/shops/{shop}/live-rooms/{room}/items/{item}/prices", price)
    merchant.post(f"/shops/{shop}/live-rooms/{room}/coupons", {"discount_minor": COUPON_MINOR, "claim_s": 3_600})
    order_no = watch_and_buy(buyer, host, room)
    see_figures(host, studio, room)
    estimated = commission(host, creator)
    assert estimated == creators_part(host, creator, PAID_MINOR)
    ship_and_receive(merchant, buyer, shop, order_no)
    assert commission(host, creator, "confirmed") == estimated
    later(site, 20, *SETTLE)
    assert commission(host, creator, "settled") == estimated
    refund_half(merchant, buyer, shop, order_no)
    left = creators_part(host, creator, PAID_MINOR - PAID_MINOR // 2)
    wait_until(host, lambda: commission(host, creator, "settled") == left)
    path = f"/shops/{studio}/live-rooms/{room}/figures"
    wait_until(host, lambda: host.get(path)["refunded"]["amount_minor"] == PAID_MINOR // 2)
    assert host.get(path)["gmv"]["amount_minor"] == PAID_MINOR
    for person in (merchant, host, buyer):
        person.close()


def goods(merchant: Person) -> tuple[int, int, int]:
    """The demo shop's product that this walk sells. Returns shop, product and SKU."""
    shop = int(merchant.become("merchant")["organisations"][0]["id"])
    found = merchant.get(f"/shops/{shop}/products?tab=online&limit=50")["items"]
    offered = {plan["product_id"] for plan in merchant.get(f"/shops/{shop}/alliance/plans")["items"]}
    for row in found:
        if row["id"] in offered:
            continue
        product = merchant.get(f"/shops/{shop}/products/{row['id']}")
        sku = product["skus"][0]
        if sku["available"] >= 5 and sku["price"]["amount_minor"] > ROOM_MINOR:
            return shop, int(row["id"]), int(sku["id"])
    raise AssertionError("the demo shop has nothing that costs more than the room's price")


def become_creator(host: Person) -> tuple[int, int]:
    """Join and open a creator's workplace. Returns its id and the publishing account's."""
    host.join("new-host")
    studio = int(host.post("/studios", {"handle": f"host{MARK}", "display_name": f"走查主播{MARK}"})["id"])
    return studio, int(host.get(f"/shops/{studio}/profile")["id"])


def start_room(host: Person, studio: int, product: int, streams: list[subprocess.Popen[bytes]]) -> int:
    """Make a room in the workbench, push a test stream to it, and go live. Returns its id."""
    page = host.page
    page.goto(f"/workbench/shops/{studio}/live")
    page.get_by_test_id("live-create").first.click()
    page.get_by_test_id("live-title").fill("走查夜场")
    page.locator(".ant-modal .ant-btn-primary").click()
    page.wait_for_url("**/live/*")
    room = int(page.url.rsplit("/", 1)[1])
    host.post(f"/shops/{studio}/live-rooms/{room}/items", {"items": [{"product_id": product}]})
    page.get_by_test_id("live-show-key").click()
    address = page.get_by_test_id("live-push-url").inner_text().strip()
    key = page.get_by_test_id("live-stream-key").inner_text().strip()
    command = [
        *(find_ffmpeg(), "-hide_banner", "-nostdin", "-loglevel", "error", "-re", "-f", "lavfi"),
        *("-i", "testsrc=size=180x320:rate=10", "-re", "-f", "lavfi", "-i", "sine=frequency=440"),
        *(*STREAM, "-f", "flv", f"{address}/{key}"),
    ]
    streams.append(subprocess.Popen(command, stdin=subprocess.DEVNULL))
    expect(page.locator("[data-testid=live-stream][data-arriving=true]")).to_be_visible(timeout=PATIENCE_MS)
    start = page.get_by_test_id("live-start")
    expect(start).to_be_enabled(timeout=PATIENCE_MS)
    start.click()
    expect(page.locator("[data-testid=live-desk][data-state=live]")).to_be_visible(timeout=PATIENCE_MS)
    return room


def watch_and_buy(buyer: Person, host: Person, room: int) -> str:
    """Watch on a phone: the picture moves, the dropped coupon is taken, the pop-up comes up, one is bought at the room's price.
    Returns the order's number."""
    page = buyer.page
    buyer.sign_up("live-buyer", f"/live/{room}")
    video = page.get_by_test_id("live-video")
    expect(video).to_be_visible(timeout=PATIENCE_MS)
    frames = "(video) => video.getVideoPlaybackQuality().totalVideoFrames"
    page.wait_for_function(
        "() => document.querySelector('[data-testid=live-video]')?.currentTime > 1", timeout=PATIENCE_MS
    )
    before = video.evaluate(frames)
    page.wait_for_timeout(2_000)
    assert video.evaluate(frames) > before
    page.get_by_test_id("live-reward-button").click()
    page.get_by_test_id("live-drop-claim").click()
    expect(page.get_by_test_id("live-drop-claim")).to_be_disabled()
    page.keyboard.press("Escape")
    host.page.get_by_test_id("live-explain").first.click()
    popup = page.get_by_test_id("live-popup")
    expect(popup).to_be_visible(timeout=PATIENCE_MS)
    expect(popup.get_by_test_id("live-room-price")).to_contain_text(f"{ROOM_MINOR / 100:.2f}")
    popup.click()
    acts.buy_now(page)
    acts.add_address(page)
    expect(page.locator(".sum-total").last).to_contain_text(f"{PAID_MINOR / 100:.2f}")
    return acts.order_and_pay(page)


def see_figures(host: Person, studio: int, room: int) -> None:
    """The desk shows what was paid, as the API says it."""
    path = f"/shops/{studio}/live-rooms/{room}/figures"
    host.wait_for(path, "orders", 1)
    figures = host.wait_for(path, "visitors", 1)
    assert figures["gmv"]["amount_minor"] == PAID_MINOR
    assert figures["gpm"]["amount_minor"] == round(PAID_MINOR * 1000 / figures["entries"])
    wait_until(host, lambda: money_of(host.page.get_by_test_id("live-figure-gmv")) == PAID_MINOR)


def commission(host: Person, creator: int, state: str = "") -> int:
    """What the creator has of the one order, in fen: the estimate, or with a state what it is worth in it."""
    for _ in range(240):
        found = host.get(f"/creators/{creator}/alliance/commissions")["items"]
        if found and (not state or found[0]["state"] == state):
            return int(found[0]["amount_minor" if state else "estimated_minor"])
        host.page.wait_for_timeout(250)
    raise AssertionError(f"no commission {state or 'estimated'}")


def creators_part(host: Person, creator: int, base_minor: int) -> int:
    """What the creator has of a price under the plan: the commission without the platform's share of it."""
    row = host.get(f"/creators/{creator}/alliance/commissions")["items"][0]
    assert (row["commission_bp"], row["ordered_base_minor"]) == (RATE_BP, PAID_MINOR)
    whole = base_minor * RATE_BP // 10_000
    return int(whole - whole * row["platform_bp"] // 10_000)


def wait_until(person: Person, is_so: Callable[[], bool]) -> None:
    """Look again and again, with patience for a busy machine."""
    for _ in range(480):
        if is_so():
            return
        person.page.wait_for_timeout(250)
    raise AssertionError("it did not come about")


def ship_and_receive(merchant: Person, buyer: Person, shop: int, order_no: str) -> None:
    page = merchant.page
    page.goto(f"/workbench/shops/{shop}/orders?tab=to_ship")
    row = page.locator("tr", has_text=order_no)
    row.get_by_test_id("ship-button").click()
    pick(page, "ship-carrier", "顺丰")
    page.get_by_test_id("ship-tracking").fill(f"SF{secrets.randbelow(10**13):013d}")
    page.get_by_test_id("ship-confirm").click()
    expect(row).to_have_count(0)
    buyer.wait_for(f"/orders/{order_no}", "state", "shipped")
    buyer.post(f"/orders/{order_no}/confirm-receipt")
    buyer.wait_for(f"/orders/{order_no}", "state", "done")


def refund_half(merchant: Person, buyer: Person, shop: int, order_no: str) -> None:
    """Half of what was paid goes back after the settlement."""
    line: dict[str, Any] = buyer.get(f"/orders/{order_no}/aftersale")["lines"][0]
    case = buyer.post(
        "/aftersales",
        {
            "order_no": order_no,
            "kind": "refund_only",
            "reason": "agreed",
            "amount_minor": PAID_MINOR // 2,
            "lines": [{"line_id": line["line_id"], "quantity": 1}],
        },
    )
    merchant.post(f"/shops/{shop}/aftersales/{case['case_no']}/approve", {"version": case["version"]})
    buyer.wait_for(f"/aftersales/{case['case_no']}", "state", "success")
