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


class DepositShort(Conflict):
    """The time to top the deposit up is over. `data` has short_minor."""

    code = "deposit_short"
    message = "Top the security deposit up first."


class ShopBusy(Conflict):
    """`data` has products, orders, settlements, withdrawals, frozen_minor: what must be 0 before a shop closes."""

    code = "shop_busy"
    message = "A shop closes when nothing is on sale, no order is under way and no money is on its way."


class NotClosing(Conflict):
    code = "not_closing"
    message = "This shop is not closing."


class AlreadyClosing(Conflict):
    code = "already_closing"
    message = "This shop is closing already."


class KeyReused(BusinessError):
    code = "idempotency_key_reused"
    status = 422
    message = "This Idempotency-Key was used for another withdrawal."


class MonthNotOver(Conflict):
    code = "month_not_over"
    message = "Tax is paid to the authorities when its month is over."


class AlreadyRemitted(Conflict):
    """`data` has remittance_no."""

    code = "already_remitted"
    message = "The tax of this month was paid to the authorities before."


class RemittanceChanged(Conflict):
    """`data` has total_minor."""

    code = "remittance_changed"
    message = "There is another sum to pay than the one shown."


class NothingToRemit(Conflict):
    """`data` has total_minor, 0 or below: what was given back is netted with what is withheld next."""

    code = "nothing_to_remit"
    message = "No withheld tax is waiting to be paid to the authorities."


class ReceiptUsed(Conflict):
    """`data` has remittance_no."""

    code = "receipt_used"
    message = "This receipt stands beside another remittance."


class TooMuchTax(Conflict):
    """`data` has most_minor."""

    code = "too_much_tax"
    message = "This is more tax than can be given back."
