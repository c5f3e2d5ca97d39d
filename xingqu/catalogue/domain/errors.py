"""Refusals of the catalogue."""

from xingqu.kit.errors import BusinessError, Conflict, InvalidInput


class SoldOut(BusinessError):
    """Fewer units are free than asked for. `data.skus` lists {sku_id, requested, available}."""

    code = "sold_out"
    status = 409
    message = "Some of this is sold out."


class StaleVersion(Conflict):
    code = "stale_version"
    message = "Somebody else has changed this product. Read it again and repeat your change."


class HoldResolved(Conflict):
    """The order's units were already consumed or released."""

    code = "hold_resolved"
    message = "The units of this order were already released or taken."


class HoldExists(Conflict):
    code = "hold_exists"
    message = "This order already holds units."


class NotEnoughStock(Conflict):
    """A merchant would take away units that unpaid orders hold."""

    code = "not_enough_stock"
    message = "Fewer units are on hand than this takes away."


class WrongState(Conflict):
    code = "wrong_state"
    message = "The product's state does not allow this."


class ShopNotApproved(Conflict):
    """Products can be prepared, but the shop's papers have not been approved yet."""

    code = "shop_not_approved"
    message = "This shop can list products once its papers are approved."


class ListingFrozen(Conflict):
    """What is on sale stays; nothing new goes on sale while the deposit is short or the shop is closing."""

    code = "listing_frozen"
    message = "This shop can put nothing new on sale until its deposit is topped up."


class CheckFailed(BusinessError):
    """The automatic check found reasons against listing. `data.reasons` is {field: [{code, message, ...}]}."""

    code = "check_failed"
    status = 422
    message = "The product did not pass the check."


class BadFile(InvalidInput):
    code = "bad_file"
    message = "The file can't be read."


class TooMany(InvalidInput):
    code = "too_many"
    message = "There are more of these than allowed."


class Duplicate(InvalidInput):
    code = "duplicate"
    message = "This appears twice."
