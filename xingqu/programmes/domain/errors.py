"""Refusals of programmes."""

from xingqu.kit.errors import BusinessError, Conflict, InvalidInput


class CouponGone(Conflict):
    """All of them are claimed."""

    code = "coupon_gone"
    message = "All of these coupons have been claimed."


class LimitReached(Conflict):
    """This person has claimed as many as one may."""

    code = "coupon_limit_reached"
    message = "You have claimed as many of these coupons as one person may."


class NotClaimable(Conflict):
    """`data.reason`: paused, ended, not_started, over, new_customer_only."""

    code = "coupon_not_claimable"
    message = "This coupon can't be claimed now."


class ProgrammeGone(Conflict):
    """A coupon was used elsewhere or ran out, or a flash price has no units left for this person."""

    code = "programme_gone"
    message = "A discount of this order is no longer there."


class LimitExceeded(Conflict):
    """Another order of the same person came first. `data.skus` lists {sku_id, code, reason, scope, limit, days, taken, most}."""

    code = "purchase_limit"
    message = "This is more than one person may buy."


class HasEnded(Conflict):
    """What has ended stays ended."""

    code = "programme_ended"
    message = "This has ended and can't be changed any more."


class Overlaps(Conflict):
    """A SKU is in another flash sale at the same time. `data.sku_ids` names them."""

    code = "flash_sale_overlaps"
    message = "A SKU is in another flash sale at the same time."


class AdmissionRequired(Conflict):
    """The sale has a queue and this person was not let in, or their time ran out. `data.flash_sale_id` names it."""

    code = "admission_required"
    message = "Join the queue of this flash sale first."


class AdmissionClosed(Conflict):
    """The queue opens with the sale and closes with it. `data.opens_at`."""

    code = "admission_closed"
    message = "The queue is not open now."


class TooManyPlaces(BusinessError):
    """`data` has by (device or network) and most."""

    code = "admission_too_many"
    status = 429
    message = "Too many people queue from here."


class ChallengeRequired(Conflict):
    """Find a nonce so that SHA-256 of ``challenge:nonce`` begins with `bits` zero bits; `data` has both."""

    code = "challenge_required"
    message = "Many come from this network: prove that you mean it."


class BadProof(InvalidInput):
    code = "bad_proof"
    message = "This proof does not fit the challenge, or came too late."
