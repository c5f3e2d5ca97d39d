"""Who earns commissions in a workplace, and what the books say is theirs."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from xingqu.accounts.selectors import creators_of, organisation_card
from xingqu.alliance.models import CommissionOrder
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.ledger.contracts import commission_account
from xingqu.ledger.selectors import balances
from xingqu.settlement.selectors.funds import payout_account_of
from xingqu.settlement.selectors.taxes import paid_in_month, tax_kind_of
from xingqu.settlement.selectors.terms import active_hold, terms_at

CURRENCY = "CNY"
_COLUMN = {"creator": "amount_minor", "mcn": "mcn_minor", "colonel": "colonel_minor"}


@dataclass(frozen=True, slots=True)
class Payee:
    """Somebody who earns: as a creator, an agency or a colonel."""

    payee: str
    id: int
    name: str

    @property
    def account(self) -> str:
        return commission_account(self.payee, self.id)


def payees_of(*, organisation_id: int) -> list[Payee]:
    """Who earns in a workplace: its creators, itself as an agency, itself as a colonel. Raises NotFound."""
    card = organisation_card(organisation_id=organisation_id)
    found = [Payee("creator", row.id, row.display_name) for row in creators_of(organisation_id=organisation_id)]
    if card.kind == "mcn":
        found.append(Payee("mcn", card.id, card.name))
    if card.kind in ("mcn", "service_provider"):
        found.append(Payee("colonel", card.id, card.name))
    return found


def payee_of(*, organisation_id: int, payee: str, payee_id: int) -> Payee:
    """One of them. Raises NotFound for who does not earn here."""
    for row in payees_of(organisation_id=organisation_id):
        if (row.payee, row.id) == (payee, payee_id):
            return row
    raise NotFound(field="payee_id", expected="somebody who earns here")


def earnings_of(*, organisation_id: int) -> dict[str, Any]:
    """What a workplace earns, what of it is estimated and what is in the books, and what a payout would need."""
    now = clock.now()
    gross, tax = paid_in_month(organisation_id=organisation_id, at=now)
    hold = active_hold(shop_id=organisation_id)
    return {
        "payees": [_row(row) for row in payees_of(organisation_id=organisation_id)],
        "tax_kind": tax_kind_of(organisation_id=organisation_id).value,
        "paid_month_minor": gross,
        "withheld_month_minor": tax,
        "min_withdrawal_minor": terms_at(at=now).min_withdrawal_minor,
        "payout_account": payout_account_of(shop_id=organisation_id),
        "hold_reason": hold.reason if hold is not None else None,
    }


def _row(payee: Payee) -> dict[str, Any]:
    book = next((row for row in balances(accounts=[payee.account]) if row.currency == CURRENCY), None)
    balance, aside = (book.balance_minor, book.kept_aside_minor) if book is not None else (0, 0)
    rows = CommissionOrder.objects.filter(**{f"{payee.payee}_id": payee.id})
    sums = dict(rows.values_list("state").annotate(total=Sum(_COLUMN[payee.payee])))
    settled = sums.pop(CommissionOrder.State.SETTLED, 0)
    return {
        "payee": payee.payee,
        "id": payee.id,
        "name": payee.name,
        "balance_minor": balance,
        "available_minor": balance - aside,
        "withdrawing_minor": aside,
        "estimated_minor": sum(sums.values()),
        "settled_minor": settled,
        "currency": CURRENCY,
    }
