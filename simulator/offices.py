"""What the first shop's office does: a presale with orders in it, invoices that are asked for, the deposit."""

from datetime import timedelta

from simulator.past import Stage
from simulator.shopkeeping import credit_code
from simulator.shopper import Shopper
from xingqu.kit import clock

DEPOSIT_SHARE = 10


def prepare_invoices(stage: Stage, shop: int) -> None:
    """In whose name the shop issues."""
    seller = {"name": "体验商家有限公司", "tax_no": credit_code("91330110MA2000001"), "address": "浙江省杭州市余杭区"}
    stage.merchant.send("PUT", f"/api/v1/shops/{shop}/invoices/settings", seller)


def ask_for_invoice(stage: Stage, shopper: Shopper, order_no: str, *, company: bool = False) -> None:
    """A buyer wants an invoice of an order."""
    title = {"kind": "personal", "name": "个人"}
    if company:
        title = {"kind": "company", "name": "青山文化有限公司", "tax_no": credit_code("91330110MA2000002")}
    shopper.browser.post(f"/api/v1/orders/{order_no}/invoice", {"title": title})


def issue_invoices(stage: Stage, shop: int) -> None:
    """Issue what can be issued."""
    waiting = stage.merchant.get(f"/api/v1/shops/{shop}/invoices", state="waiting", limit=20)["items"]
    ripe = [request["order_no"] for request in waiting if request["ripe"]]
    if ripe:
        stage.merchant.post(f"/api/v1/shops/{shop}/invoices/issue-batch", {"order_nos": ripe})


def top_up_deposit(stage: Stage, shop: int) -> None:
    """A part of the balance goes into the deposit."""
    amount = int(stage.merchant.get(f"/api/v1/shops/{shop}/funds")["available_minor"]) // DEPOSIT_SHARE
    if amount:
        stage.merchant.post(f"/api/v1/shops/{shop}/funds/deposit", {"amount_minor": amount})


def open_presale(stage: Stage, shop: int, buyers: list[Shopper]) -> None:
    """Deposits are taken for what comes next month; buyers have reserved."""
    now = clock.now()
    moments = {
        "deposit_from": now,
        "deposit_until": now + timedelta(days=6),
        "final_from": now + timedelta(days=7),
        "final_until": now + timedelta(days=10),
    }
    product = stage.merchant.get(f"/api/v1/products/{stage.goods[shop][-1]}")
    sku = max(product["skus"], key=lambda one: int(one["available"]))
    price = int(sku["price"]["amount_minor"])
    deposit = max(price // 10, 100)
    item = {
        "sku_id": sku["id"],
        "price_minor": price * 9 // 10,
        "deposit_minor": deposit,
        "counts_minor": deposit * 3 // 2,
        "allotment": min(30, int(sku["available"]) // 2),
    }
    told = {name: at.isoformat(timespec="seconds") for name, at in moments.items()}
    body = {"name": "新品预售", "ship_days": 7, "items": [item], **told}
    stage.merchant.post(f"/api/v1/shops/{shop}/presales", body)
    stage.past.tick(minutes=1)
    offered = buyers[0].browser.get(f"/api/v1/products/{product['id']}/presales")
    for buyer in buyers:
        browser = buyer.browser
        key = {"Idempotency-Key": f"past-presale-{stage.draw.randrange(10**9)}"}
        order = browser.post(
            f"/api/v1/presales/{offered[0]['item_id']}/orders", {"address_id": stage.address_of(buyer)}, key
        )
        started = browser.post(f"/api/v1/orders/{order['order_no']}/pay", {"provider": "sandbox"})
        browser.submit_form(started["redirect_url"], {"mode": "on-time"})
        stage.past.tick(minutes=1)
        stage.past.work()
