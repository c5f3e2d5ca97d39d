"""The table of what is open: method, address, scope. A token opens these addresses of the API and no other.

Doudian's method names stand beside ours for those who come from there: those of its documentation, and for the alliance those that
its published client libraries carry. Where no name is known to be of the same thing, none stands: it is ours alone. What signs a
contract or moves a shop's money (accepting terms, paying a slot fee, breaking off, a dispute) is a person's and not open.
"""

from dataclasses import dataclass

SHOP = "/shops/{shop_id}"
CREATOR = "/creators/{creator_id}"
EARNINGS = f"{SHOP}/earnings/{{payee}}/{{payee_id}}"
LIVE = f"{SHOP}/live-rooms/{{room_id}}"
SCOPES: dict[str, str] = {
    "product.read": "Products, SKUs, stock and its movements",
    "product.write": "Create, change, submit, list and delist products",
    "stock.write": "Change stock",
    "order.read": "Orders and samples with recipients and addresses",
    "order.write": "Notes on orders, answers to requests for samples",
    "logistics.read": "Carriers and packages",
    "logistics.write": "Ship orders",
    "aftersale.read": "After-sale cases",
    "aftersale.write": "Decide and carry on after-sale cases",
    "review.read": "Reviews",
    "review.write": "Answer and report reviews",
    "live.read": "Live rooms, their figures, coupons and scripts",
    "live.write": "Run a live room: explain, prices, coupons, lucky bags, scripts, chat",
    "alliance.read": "Plans, activities and commissions; the creator square and product pools",
    "alliance.write": "Plans, products in activities, product pools, sample offers, invitations to collaborate",
    "creator.read": "Selection, audience, pools, showcase, links, commissions, statements; contracts and activities",
    "creator.write": "Take products up, order the showcase; decide about products in a colonel's activities",
    "shop.read": "The shop, its freight, the log of changes, webhooks",
    "shop.write": "Freight, presales and webhooks",
}


@dataclass(frozen=True, slots=True)
class OpenMethod:
    """`path` is below /api/v1. `doudian` is the nearest of Doudian's methods, empty where it has none."""

    name: str
    verb: str
    path: str
    scope: str
    doudian: str = ""


METHODS: tuple[OpenMethod, ...] = (
    OpenMethod("product.list", "GET", f"{SHOP}/products", "product.read", "product.listV2"),
    OpenMethod("product.detail", "GET", f"{SHOP}/products/{{product_id}}", "product.read", "product.detail"),
    OpenMethod("product.create", "POST", f"{SHOP}/products", "product.write", "product.addV2"),
    OpenMethod("product.update", "PATCH", f"{SHOP}/products/{{product_id}}", "product.write", "product.editV2"),
    OpenMethod("product.submit", "POST", f"{SHOP}/products/{{product_id}}/submit", "product.write"),
    OpenMethod(
        "product.online", "POST", f"{SHOP}/products/{{product_id}}/online", "product.write", "product.setOnline"
    ),
    OpenMethod(
        "product.offline", "POST", f"{SHOP}/products/{{product_id}}/offline", "product.write", "product.setOffline"
    ),
    OpenMethod("product.delete", "DELETE", f"{SHOP}/products/{{product_id}}", "product.write", "product.del"),
    OpenMethod("product.stockSummary", "GET", f"{SHOP}/products/stock-summary", "product.read"),
    OpenMethod("product.copy", "POST", f"{SHOP}/products/{{product_id}}/copy", "product.write"),
    OpenMethod("product.batch", "POST", f"{SHOP}/products/batch", "product.write"),
    OpenMethod("product.discardDraft", "POST", f"{SHOP}/products/{{product_id}}/discard-draft", "product.write"),
    OpenMethod("product.addPicture", "POST", f"{SHOP}/products/{{product_id}}/pictures", "product.write"),
    OpenMethod("product.arrangePictures", "PUT", f"{SHOP}/products/{{product_id}}/pictures", "product.write"),
    OpenMethod("product.import", "POST", f"{SHOP}/products/import", "product.write"),
    OpenMethod("sku.replace", "PUT", f"{SHOP}/products/{{product_id}}/skus", "product.write", "sku.editPrice"),
    OpenMethod("product.limits", "PUT", f"{SHOP}/products/{{product_id}}/purchase-limits", "product.write"),
    OpenMethod("sku.changeStock", "POST", f"{SHOP}/products/{{product_id}}/stock", "stock.write", "sku.syncStock"),
    OpenMethod("sku.movements", "GET", f"{SHOP}/skus/{{sku_id}}/movements", "product.read", "sku.stockNum"),
    OpenMethod("order.list", "GET", f"{SHOP}/orders", "order.read", "order.searchList"),
    OpenMethod("order.detail", "GET", f"{SHOP}/orders/{{order_no}}", "order.read", "order.orderDetail"),
    OpenMethod("order.returnDeposit", "POST", f"{SHOP}/orders/{{order_no}}/return-deposit", "order.write"),
    OpenMethod("presale.list", "GET", f"{SHOP}/presales", "shop.read"),
    OpenMethod("presale.create", "POST", f"{SHOP}/presales", "shop.write"),
    OpenMethod("presale.changeState", "PATCH", f"{SHOP}/presales/{{presale_id}}", "shop.write"),
    OpenMethod("invoice.list", "GET", f"{SHOP}/invoices", "order.read", "invoice.list"),
    OpenMethod("invoice.detail", "GET", f"{SHOP}/invoices/{{order_no}}", "order.read"),
    OpenMethod("invoice.issue", "POST", f"{SHOP}/invoices/{{order_no}}/issue", "order.write", "invoice.upload"),
    OpenMethod("invoice.issueBatch", "POST", f"{SHOP}/invoices/issue-batch", "order.write"),
    OpenMethod("invoice.reject", "POST", f"{SHOP}/invoices/{{order_no}}/reject", "order.write"),
    OpenMethod("invoice.void", "POST", f"{SHOP}/invoices/{{order_no}}/void", "order.write"),
    OpenMethod("invoice.document", "GET", f"{SHOP}/invoices/documents/{{reference}}.pdf", "order.read"),
    OpenMethod("order.counts", "GET", f"{SHOP}/orders/counts", "order.read"),
    OpenMethod("logistics.carriers", "GET", "/carriers", "logistics.read", "order.logisticsCompanyList"),
    OpenMethod("logistics.ship", "POST", f"{SHOP}/orders/{{order_no}}/ship", "logistics.write", "order.logisticsAdd"),
    OpenMethod(
        "logistics.shipBatch", "POST", f"{SHOP}/orders/ship-batch", "logistics.write", "order.logisticsAddSinglePack"
    ),
    OpenMethod("logistics.checkShipBatch", "POST", f"{SHOP}/orders/ship-batch/check", "logistics.write"),
    OpenMethod("aftersale.list", "GET", f"{SHOP}/aftersales", "aftersale.read", "afterSale.List"),
    OpenMethod("aftersale.counts", "GET", f"{SHOP}/aftersales/counts", "aftersale.read"),
    OpenMethod("aftersale.detail", "GET", f"{SHOP}/aftersales/{{case_no}}", "aftersale.read", "afterSale.Detail"),
    *(
        OpenMethod(f"aftersale.{name}", "POST", f"{SHOP}/aftersales/{{case_no}}/{path}", "aftersale.write", doudian)
        for name, path, doudian in (
            ("approve", "approve", "afterSale.operate"),
            ("offer", "offer", ""),
            ("refuse", "refuse", "afterSale.operate"),
            ("confirmReturn", "confirm-return", "afterSale.operate"),
            ("disputeReturn", "dispute-return", "afterSale.operate"),
            ("shipReplacement", "ship-replacement", "afterSale.operate"),
            ("refundInstead", "refund-instead", ""),
            ("submitEvidence", "submit-evidence", "afterSale.submitEvidence"),
            ("addStatement", "statements", "afterSale.addOrderRemark"),
        )
    ),
    OpenMethod("aftersale.approveBatch", "POST", f"{SHOP}/aftersales/approve-batch", "aftersale.write"),
    OpenMethod("review.list", "GET", f"{SHOP}/reviews", "review.read"),
    OpenMethod("review.counts", "GET", f"{SHOP}/reviews/counts", "review.read"),
    OpenMethod("review.reply", "POST", f"{SHOP}/reviews/{{review_id}}/reply", "review.write"),
    OpenMethod("review.editReply", "PUT", f"{SHOP}/reviews/{{review_id}}/reply", "review.write"),
    OpenMethod("review.replyBatch", "POST", f"{SHOP}/reviews/reply-batch", "review.write"),
    OpenMethod("review.report", "POST", f"{SHOP}/reviews/{{review_id}}/report", "review.write"),
    OpenMethod("review.appeal", "POST", f"{SHOP}/reviews/{{review_id}}/appeal", "review.write"),
    OpenMethod("alliance.creators", "GET", f"{SHOP}/creator-square", "alliance.read"),
    OpenMethod("alliance.creator", "GET", f"{SHOP}/creator-square/{{creator_id}}", "alliance.read"),
    OpenMethod("alliance.pools", "GET", f"{SHOP}/product-pools", "alliance.read"),
    OpenMethod("alliance.pool", "GET", f"{SHOP}/product-pools/{{pool_id}}", "alliance.read"),
    OpenMethod("alliance.createPool", "POST", f"{SHOP}/product-pools", "alliance.write"),
    OpenMethod("alliance.updatePool", "PUT", f"{SHOP}/product-pools/{{pool_id}}", "alliance.write"),
    OpenMethod("alliance.sharePool", "PUT", f"{SHOP}/product-pools/{{pool_id}}/shares", "alliance.write"),
    OpenMethod("alliance.closePool", "POST", f"{SHOP}/product-pools/{{pool_id}}/close", "alliance.write"),
    OpenMethod("alliance.previewPool", "POST", f"{SHOP}/product-pools/preview", "alliance.read"),
    OpenMethod("alliance.poolProducts", "GET", f"{SHOP}/product-pools/products", "alliance.read"),
    OpenMethod("alliance.agencies", "GET", f"{SHOP}/product-pools/agencies", "alliance.read"),
    OpenMethod("alliance.poolLift", "GET", f"{SHOP}/product-pools/lift", "alliance.read"),
    OpenMethod("alliance.linkPool", "PUT", f"{SHOP}/product-pools/{{pool_id}}/link", "alliance.write"),
    OpenMethod("alliance.unlinkPool", "DELETE", f"{SHOP}/product-pools/{{pool_id}}/link", "alliance.write"),
    OpenMethod("alliance.poolCreators", "GET", f"{SHOP}/product-pools/{{pool_id}}/creators", "alliance.read"),
    OpenMethod("sample.offers", "GET", f"{SHOP}/sample-offers", "product.read"),
    OpenMethod("sample.createOffer", "POST", f"{SHOP}/sample-offers", "alliance.write"),
    OpenMethod("sample.setOfferState", "PUT", f"{SHOP}/sample-offers/{{offer_id}}/state", "alliance.write"),
    OpenMethod("sample.list", "GET", f"{SHOP}/samples", "order.read"),
    OpenMethod("sample.detail", "GET", f"{SHOP}/samples/{{sample_no}}", "order.read"),
    OpenMethod("sample.approve", "POST", f"{SHOP}/samples/{{sample_no}}/approve", "order.write"),
    OpenMethod("sample.reject", "POST", f"{SHOP}/samples/{{sample_no}}/reject", "order.write"),
    OpenMethod("sample.decide", "POST", f"{SHOP}/samples/decide", "order.write"),
    *(
        OpenMethod(f"sample.{name}", "POST", f"{SHOP}/samples/{{sample_no}}/{path}", "order.write")
        for name, path in (
            ("cancel", "cancel"),
            ("confirm", "confirm"),
            ("deny", "deny"),
            ("release", "release"),
            ("answerExtension", "extension"),
        )
    ),
    OpenMethod("sample.ship", "POST", f"{SHOP}/samples/{{sample_no}}/ship", "logistics.write"),
    OpenMethod("collaboration.list", "GET", f"{SHOP}/collaborations", "product.read"),
    OpenMethod("collaboration.detail", "GET", f"{SHOP}/collaborations/{{collab_no}}", "product.read"),
    OpenMethod("collaboration.invite", "POST", f"{SHOP}/collaborations", "alliance.write"),
    OpenMethod("collaboration.counter", "POST", f"{SHOP}/collaborations/{{collab_no}}/counter", "alliance.write"),
    OpenMethod("collaboration.turnDown", "POST", f"{SHOP}/collaborations/{{collab_no}}/turn-down", "alliance.write"),
    OpenMethod("collaboration.contract", "GET", f"{SHOP}/collaborations/{{collab_no}}/contract.pdf", "product.read"),
    OpenMethod("shop.experience", "GET", f"{SHOP}/experience", "shop.read"),
    OpenMethod("shop.diagnosis", "GET", f"{SHOP}/diagnosis", "shop.read"),
    OpenMethod("shop.detail", "GET", "/open/shop", "shop.read"),
    OpenMethod("shop.freight", "GET", f"{SHOP}/freight", "shop.read"),
    OpenMethod("shop.freightTemplates", "GET", f"{SHOP}/freight/templates", "shop.read", "freightTemplate.list"),
    OpenMethod("shop.addFreightTemplate", "POST", f"{SHOP}/freight/templates", "shop.write", "freightTemplate.create"),
    OpenMethod(
        "shop.setFreightTemplate",
        "PUT",
        f"{SHOP}/freight/templates/{{template_id}}",
        "shop.write",
        "freightTemplate.update",
    ),
    OpenMethod("shop.returnAddress", "GET", f"{SHOP}/return-address", "shop.read", "address.list"),
    OpenMethod("shop.setReturnAddress", "PUT", f"{SHOP}/return-address", "shop.write", "address.update"),
    OpenMethod("shop.setFreight", "PUT", f"{SHOP}/freight", "shop.write"),
    *(
        OpenMethod(f"alliance.{name}", verb, f"{SHOP}/alliance/{path}", scope, doudian)
        for name, verb, path, scope, doudian in (
            ("terms", "GET", "terms", "alliance.read", ""),
            ("plans", "GET", "plans", "alliance.read", "buyin.simplePlanList"),
            ("openPlan", "POST", "plans", "alliance.write", "buyin.simplePlan"),
            ("setPlanRate", "PUT", "plans/{plan_id}/rate", "alliance.write", "buyin.simplePlan"),
            (
                "setPlanCreators",
                "PUT",
                "plans/{plan_id}/creators",
                "alliance.write",
                "buyin.exclusivePlanAuthorOperate",
            ),
            ("closePlan", "POST", "plans/{plan_id}/close", "alliance.write", "buyin.simplePlan"),
            ("commissions", "GET", "commissions", "alliance.read", "alliance.getOrderList"),
            ("activities", "GET", "activities", "alliance.read", "buyin.ShopActivityList"),
            ("enrolments", "GET", "enrolments", "alliance.read", ""),
            ("enrol", "POST", "enrolments", "alliance.write", "buyin.applyActivities"),
            (
                "withdrawEnrolment",
                "POST",
                "enrolments/{enrolment_id}/withdraw",
                "alliance.write",
                "buyin.activityProductCancel",
            ),
        )
    ),
    OpenMethod("changes.list", "GET", f"{SHOP}/changes", "shop.read"),
    OpenMethod("live.list", "GET", f"{SHOP}/live-rooms", "live.read"),
    OpenMethod("live.create", "POST", f"{SHOP}/live-rooms", "live.write"),
    OpenMethod("live.detail", "GET", f"{LIVE}", "live.read"),
    OpenMethod("live.figures", "GET", f"{LIVE}/figures", "live.read"),
    OpenMethod("live.recordings", "GET", f"{LIVE}/recordings", "live.write"),
    OpenMethod("live.selling", "GET", f"{LIVE}/selling", "live.read"),
    OpenMethod("live.update", "PATCH", f"{LIVE}", "live.write"),
    *(
        OpenMethod(f"live.{step}", "POST", f"{LIVE}/{step}", "live.write")
        for step in ("start", "pause", "resume", "end")
    ),
    OpenMethod("live.say", "POST", f"{LIVE}/chat", "live.write"),
    OpenMethod("live.deleteLine", "DELETE", f"{LIVE}/chat/{{event_id}}", "live.write"),
    OpenMethod("live.mutes", "GET", f"{LIVE}/mutes", "live.read"),
    OpenMethod("live.mute", "POST", f"{LIVE}/mutes", "live.write"),
    OpenMethod("live.unmute", "POST", f"{LIVE}/mutes/lift", "live.write"),
    OpenMethod("live.addItems", "POST", f"{LIVE}/items", "live.write"),
    OpenMethod("live.labelItem", "PATCH", f"{LIVE}/items/{{item_id}}", "live.write"),
    OpenMethod("live.orderItems", "PUT", f"{LIVE}/items/order", "live.write"),
    OpenMethod("live.removeItem", "DELETE", f"{LIVE}/items/{{item_id}}", "live.write"),
    OpenMethod("live.explain", "POST", f"{LIVE}/items/{{item_id}}/explain", "live.write"),
    OpenMethod("live.unexplain", "POST", f"{LIVE}/items/{{item_id}}/unexplain", "live.write"),
    OpenMethod("live.setPrices", "POST", f"{LIVE}/items/{{item_id}}/prices", "live.write"),
    OpenMethod("live.prices", "GET", f"{SHOP}/live-prices", "live.read"),
    OpenMethod("live.pricingRooms", "GET", f"{SHOP}/live-prices/rooms", "live.read"),
    OpenMethod("live.startFlash", "POST", f"{LIVE}/items/{{item_id}}/flash", "live.write"),
    OpenMethod("live.endSale", "POST", f"{LIVE}/sales/{{sale_id}}/end", "live.write"),
    OpenMethod("live.dropCoupon", "POST", f"{LIVE}/coupons", "live.write"),
    OpenMethod("live.openLuckyBag", "POST", f"{LIVE}/lucky-bags", "live.write"),
    OpenMethod("live.writeScript", "PUT", f"{LIVE}/script", "live.write"),
    OpenMethod("live.explainInTurn", "POST", f"{LIVE}/script/in-turn", "live.write"),
    OpenMethod("live.switchScript", "POST", f"{LIVE}/script/switch", "live.write"),
    OpenMethod("live.setAutoReplies", "PUT", f"{LIVE}/auto-replies", "live.write"),
    OpenMethod("creator.selection", "GET", f"{CREATOR}/selection", "creator.read"),
    OpenMethod("creator.offer", "GET", f"{CREATOR}/selection/{{product_id}}", "creator.read"),
    OpenMethod("creator.audience", "GET", f"{CREATOR}/audience", "creator.read"),
    OpenMethod("creator.pools", "GET", f"{CREATOR}/product-pools", "creator.read"),
    OpenMethod("creator.pool", "GET", f"{CREATOR}/product-pools/{{pool_id}}", "creator.read"),
    OpenMethod("creator.links", "GET", f"{CREATOR}/alliance/links", "creator.read"),
    OpenMethod("creator.convertLink", "POST", f"{CREATOR}/alliance/links", "creator.write"),
    OpenMethod("creator.readLink", "POST", f"{CREATOR}/alliance/pasted", "creator.read"),
    OpenMethod("creator.showcase", "GET", f"{CREATOR}/alliance/showcase", "creator.read"),
    OpenMethod("creator.orderShowcase", "PUT", f"{CREATOR}/alliance/showcase", "creator.write"),
    OpenMethod("creator.commissions", "GET", f"{CREATOR}/alliance/commissions", "creator.read"),
    OpenMethod("creator.brought", "GET", f"{CREATOR}/alliance/brought", "creator.read"),
    OpenMethod("earnings.accounts", "GET", f"{SHOP}/earnings", "creator.read"),
    OpenMethod("earnings.commissions", "GET", f"{EARNINGS}/commissions", "creator.read"),
    OpenMethod("earnings.statements", "GET", f"{EARNINGS}/statements", "creator.read"),
    OpenMethod("earnings.statement", "GET", f"{EARNINGS}/statement", "creator.read"),
    OpenMethod("earnings.statementLines", "GET", f"{EARNINGS}/statement/lines", "creator.read"),
    OpenMethod("agency.creators", "GET", f"{SHOP}/signed-creators", "creator.read"),
    OpenMethod("colonel.activities", "GET", f"{SHOP}/activities", "creator.read"),
    OpenMethod("colonel.enrolments", "GET", f"{SHOP}/activities/{{activity_id}}/enrolments", "creator.read"),
    OpenMethod(
        "colonel.review",
        "POST",
        f"{SHOP}/activities/{{activity_id}}/enrolments/{{enrolment_id}}/review",
        "creator.write",
    ),
    OpenMethod("webhook.deliveries", "GET", f"{SHOP}/webhook-deliveries", "shop.read"),
    OpenMethod("webhook.replay", "POST", f"{SHOP}/webhook-deliveries/{{delivery_id}}/replay", "shop.write"),
)
# What Django's resolver calls each address: the API's prefix, parameters in angle brackets.
_BY_ROUTE = {(m.verb, "api/v1" + m.path.replace("{", "<").replace("}", ">")): m for m in METHODS}


def method_of(verb: str, route: str) -> OpenMethod | None:
    """The open method of a resolved route, or None for an address that is not open."""
    return _BY_ROUTE.get((verb, route))
