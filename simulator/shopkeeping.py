"""What merchants and people outside the trade do: set up shops, ship, answer, pay out; hand papers in."""

from simulator.browser import Browser, Refused
from simulator.past import Stage
from simulator.shopper import Shopper
from simulator.stories import photograph

RETURNS = {"recipient": "售后组", "phone": "057188880000", "region": "浙江省杭州市余杭区", "detail": "仓前街道 8 号库"}
PROMISES = ("no_reason_return_7d", "ships_48h")
QUICK_REPLIES = (
    ("发货时间", "您好，付款后 48 小时内发货，发出后会有短信通知。"),
    ("尺码建议", "您好，请告诉我身高和体重，我帮您看看合适的尺码。"),
    ("退换说明", "支持七天无理由退货，保持吊牌完整即可，在订单里点“申请售后”。"),
)
QUESTIONS = ("这款还有货吗？", "今天拍什么时候发货？", "尺寸不合适可以换吗？", "洗了会掉色吗？", "可以开发票吗？")
ANSWERS = ("您好，在的。", "有货的，今天下单明天就能发出。", "可以的，签收七天内都能换。")
REPLIES = ("谢谢您的支持，欢迎再来。", "很抱歉给您添了麻烦，已经反馈给仓库改进。")
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def open_shops(stage: Stage) -> None:
    """What a shop sets once: where goods go back to, what its people often say, where its money goes."""
    for shop in stage.shops:
        stage.merchant.send("PUT", f"/api/v1/shops/{shop}/return-address", RETURNS)
        account = {"holder": "体验商家", "bank_name": "体验银行", "number": f"62220202001122{shop:02d}"}
        stage.merchant.send("PUT", f"/api/v1/shops/{shop}/funds/payout-account", account)
    for product in stage.goods[stage.shops[0]]:
        path = f"/api/v1/shops/{stage.shops[0]}/products/{product}"
        version = stage.merchant.get(path)["version"]
        stage.merchant.send("PATCH", path, {"version": version, "promises": list(PROMISES)})
        stage.merchant.post(f"{path}/submit", {"online": True})
    for title, text in QUICK_REPLIES:
        stage.merchant.post(f"/api/v1/shops/{stage.shops[0]}/chats/quick-replies", {"title": title, "text": text})


def ship_all(stage: Stage, *, keep: int = 0) -> None:
    """Ship what is paid, the oldest first; `keep` orders of the first shop stay."""
    for shop in stage.shops:
        page = stage.merchant.get(f"/api/v1/shops/{shop}/orders", state="paid", limit=50)
        waiting = [str(order["order_no"]) for order in reversed(page["items"])]
        for order_no in waiting[: len(waiting) - keep] if shop == stage.shops[0] and keep else waiting:
            try:
                stage.ship(shop, order_no)
            except Refused as refusal:  # its buyer has just asked for the money back
                if refusal.status != 409:
                    raise


def pack_some(stage: Stage, shop: int, count: int) -> None:
    """Put the oldest paid orders into packages, and get a waybill for the first."""
    page = stage.merchant.get(f"/api/v1/shops/{shop}/orders", state="paid", limit=50)
    packages = [
        stage.merchant.post(f"/api/v1/shops/{shop}/packages", {"orders": [{"order_no": order["order_no"]}]})
        for order in page["items"][-count:]
    ]
    body = {"package_ids": [packages[0]["id"]], "carrier_code": "sf"}
    stage.merchant.post(f"/api/v1/shops/{shop}/packages/waybills", body)


def chat(stage: Stage, shopper: Shopper, shop: int, *, answered: bool) -> None:
    """A buyer asks; the shop may answer some minutes later."""
    conversation = shopper.browser.send("PUT", f"/api/v1/chats/shops/{shop}")
    mine = f"/api/v1/chats/{conversation['id']}"
    shopper.browser.post(f"{mine}/messages", _words(stage, stage.draw.choice(QUESTIONS)))
    stage.past.tick(minutes=stage.draw.choice((1, 2, 5)))
    if answered:
        theirs = f"/api/v1/shops/{shop}/chats/{conversation['id']}"
        said = stage.merchant.post(f"{theirs}/messages", _words(stage, stage.draw.choice(ANSWERS)))
        stage.merchant.post(f"{theirs}/read", {"up_to_id": said["id"]})


def _words(stage: Stage, text: str) -> dict[str, str]:
    return {"kind": "text", "key": f"past{stage.draw.randrange(10**12)}", "text": text}


def reply_to_reviews(stage: Stage, shop: int, count: int) -> None:
    """Answer the newest reviews that have none."""
    page = stage.merchant.get(f"/api/v1/shops/{shop}/reviews", limit=20)
    for review in [row for row in page["items"] if row["reply"] is None][:count]:
        text = REPLIES[0] if review["goods_score"] > 3 else REPLIES[1]
        stage.merchant.post(f"/api/v1/shops/{shop}/reviews/{review['id']}/reply", {"text": text})


def pay_out(stage: Stage, shop: int, share: int) -> None:
    """Withdraw one part in `share` of what can be withdrawn."""
    amount = int(stage.merchant.get(f"/api/v1/shops/{shop}/funds")["available_minor"])
    if amount // share < 1_000:
        return
    key = {"Idempotency-Key": f"past-{shop}-{stage.draw.randrange(10**9)}"}
    path = f"/api/v1/shops/{shop}/funds"
    stage.merchant.post(f"{path}/withdrawals", {"amount_minor": amount // share}, key)
    stage.past.work()


def apply_for_a_shop(stage: Stage, name: str, number: int) -> None:
    """Somebody signs up, opens a shop and hands its papers in."""
    browser = stage.browser()
    browser.open()
    browser.sign_up(f"newshop-{number}@demo.invalid", f"demo-newshop-{number}-{name}")
    shop = browser.post("/api/v1/organisations", {"name": name, "description": "新店，正在准备第一批商品"})
    path = f"/api/v1/shops/{shop['id']}/qualification"
    pictures = [_paper(browser, path, kind) for kind in ("licence", "identity_front", "identity_back")]
    browser.post(
        path,
        {
            "kind": "company",
            "legal_name": f"{name}有限公司",
            "licence_no": credit_code(f"91330110MA2{number:06d}"),
            "contact_name": "店主",
            "contact_phone": "13800000000",
            "document_ids": pictures,
        },
    )


def _paper(browser: Browser, path: str, kind: str) -> int:
    return int(browser.upload(f"{path}/documents", photograph(kind), kind=kind)["id"])


def credit_code(body: str) -> str:
    """With its check digit (GB 32100-2015)."""
    total = sum(ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(body))
    return body + ALPHABET[-total % 31]
