"""Refusals of trade."""

from xingqu.kit.errors import BusinessError, Conflict, InvalidInput


class PriceChanged(Conflict):
    """The quote no longer holds. `data.quote` is the new one, `data.reason` is price or expired."""

    code = "price_changed"
    message = "The price has changed since the quote. Look at the new quote and confirm again."


class BadTouch(InvalidInput):
    """What is said to have led to a product was not shown to this person, or not lately."""

    code = "bad_touch"
    message = "This was not shown to you, or too long ago."


class NotForSale(Conflict):
    """Some of it can't be bought. `data.skus` lists {sku_id, code, sale_state}."""

    code = "not_for_sale"
    message = "Some of this is not for sale."


class KeyReused(BusinessError):
    code = "idempotency_key_reused"
    status = 422
    message = "This Idempotency-Key was used for another checkout."


class InProgress(Conflict):
    code = "in_progress"
    message = "The same checkout is being worked on. Repeat with the same Idempotency-Key."


class WrongState(Conflict):
    """The order's state does not allow this. `data.state` is the state it is in."""

    code = "wrong_state"
    message = "The order's state does not allow this."


class NotLeftToShip(Conflict):
    """More units than are still to be shipped. `data` is {sku_id, left}."""

    code = "not_left_to_ship"
    message = "So many units are not left to ship."


class RefundTooHigh(Conflict):
    """More than is left of what the buyer paid for it. `data` has line_id (null = freight), left_minor, left_quantity."""

    code = "refund_too_high"
    message = "This is more than is left to refund."


class RefundDiffers(Conflict):
    """This reference has asked for a refund of other parts."""

    code = "refund_differs"
    message = "A refund with this reference was asked for with other amounts."


class NotDeliverable(Conflict):
    """The shop brings some of it nowhere near. `data` is {reason, region}."""

    code = "not_deliverable"
    message = "The shop does not deliver some of this to that region."


class FreightDearer(Conflict):
    """Freight to the new address costs more than was paid. `data` is {freight, paid}."""

    code = "freight_dearer"
    message = "Freight to that address costs more than was paid."


class PaysAlone(Conflict):
    """A presale has its own deposit and rest: it is not paid together with others. `data.order_no` is its checkout."""

    code = "pays_alone"
    message = "This order can't be paid together with others."


class MixedCurrencies(Conflict):
    """One payment is of one currency. `data.currencies` are those of the orders."""

    code = "mixed_currencies"
    message = "These orders have different currencies."


class OrderExpired(Conflict):
    code = "order_expired"
    message = "The time to pay this order is over."


class PurchaseLimited(Conflict):
    """More than a purchase limit (限购) allows. `data` is {requested, most}."""

    code = "purchase_limit"
    message = "This is more than one person may buy."


class CartFull(Conflict):
    code = "cart_full"
    message = "The cart is full."


class AddressBookFull(Conflict):
    code = "address_book_full"
    message = "The address book is full."


class BadQuoteToken(InvalidInput):
    code = "invalid_quote_token"
    message = "The quote token was not made here."


class BadSignature(BusinessError):
    """A message that claims to come from a payment provider and does not."""

    code = "invalid_signature"
    status = 401
    message = "The signature is not the provider's."


class AmountMismatch(BusinessError):
    """A signed message about another amount or currency than was asked for."""

    code = "amount_mismatch"
    status = 422
    message = "The amount or currency is not the one of this payment."


class UnknownPayment(BusinessError):
    code = "unknown_payment"
    status = 404
    message = "There is no such payment."


class NothingToPay(Conflict):
    code = "nothing_to_pay"
    message = "There is nothing to pay."


class WrongRecipient(BusinessError):
    """A signed message about a payment to another app, merchant or account than ours."""

    code = "wrong_recipient"
    status = 422
    message = "This payment was made to another account."


class MethodUnavailable(Conflict):
    """`data.methods` are those that are available."""

    code = "payment_method_unavailable"
    message = "This order can't be paid this way."
