"""What the log of changes and webhooks tell of. An entry names what changed; whoever wants more reads it by the API."""

TOPICS: dict[str, str] = {
    "order.paid": "An order is paid and must be shipped",
    "order.shipped": "The last package of an order is handed over",
    "order.received": "The buyer has an order",
    "order.cancelled": "An unpaid order ended",
    "order.refunded": "All the money of an order that was not shipped went back",
    "package.shipped": "A package of an order is handed over",
    "refund.settled": "Money went back to a buyer, in part or in full",
    "aftersale.opened": "A buyer opened an after-sale case",
    "aftersale.changed": "An after-sale case moved on",
    "aftersale.closed": "An after-sale case ended",
    "product.listed": "A product is on the shelf",
    "product.changed": "A listed product changed",
    "product.delisted": "A product left the shelf",
    "review.published": "A buyer reviewed a product",
    "webhook.test": "A test that somebody of the shop sent",
}
