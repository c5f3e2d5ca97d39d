"""Refusals of settlement."""

from xingqu.kit.errors import BusinessError, Conflict


class NotEnoughBalance(Conflict):
    """`data` has available_minor."""

    code = "not_enough_balance"
    message = "There is not enough money in the balance."


class FundsOnHold(Conflict):
    """A risk hold is on the shop. `data` has reason."""

    code = "funds_on_hold"
    message = "The shop's money is on hold."


class NoPayoutAccount(Conflict):
    code = "no_payout_account"
    message = "Name the bank account first that money goes to."


class AlreadyLifted(Conflict):
    code = "already_lifted"
    message = "This hold was lifted before."


class AlreadyDecided(Conflict):
    code = "already_decided"
    message = "This was decided before."


class KeyReused(BusinessError):
    code = "idempotency_key_reused"
    status = 422
    message = "This Idempotency-Key was used for another withdrawal."
