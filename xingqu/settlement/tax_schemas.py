"""Shapes of withheld tax after the payout: what the authorities were paid, and what was given back."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import StringConstraints

from xingqu.kit.api import Out, Text
from xingqu.settlement.contracts import Amount
from xingqu.settlement.schemas import Note, Reason

Period = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Receipt = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class TaxRuleSumOut(Out):
    """Sums of what one rule withheld, in minor units. `kind` is null for payouts before rules were kept beside them."""

    rule_id: int | None
    kind: Literal["individual", "company"] | None
    effective_from: datetime | None
    note: str
    payouts: int
    gross_minor: int
    withheld_minor: int
    returned_minor: int
    total_minor: int


class TaxPreviewOut(Out):
    """What a run for [since, until) would pay: all that was withheld until then and no run has had, less what was given back.

    `remittance_no`: of the run that was made for the month.
    """

    period: str
    currency: str
    since: datetime
    until: datetime
    remittance_no: str | None
    withheld_minor: int
    returned_minor: int
    total_minor: int
    payees: int
    rules: list[TaxRuleSumOut]


class TaxRemittanceIn(Schema):
    """`total_minor` is the sum that was shown and paid, `reference` the number of the authorities' receipt."""

    period: Period
    currency: Currency = "CNY"
    total_minor: Amount
    reference: Receipt
    note: Note = ""


class TaxRemittanceOut(Out):
    remittance_no: str
    period: str
    currency: str
    until: datetime
    withheld_minor: int
    returned_minor: int
    total_minor: int
    payees: int
    reference: str
    note: str
    by: str
    at: datetime


class TaxRemittanceDetailOut(TaxRemittanceOut):
    rules: list[TaxRuleSumOut]


class TaxLineOut(Out):
    """A payee's part of a run under one rule. `payee`: as what the organisation earned."""

    id: int
    organisation_id: int
    organisation_name: str
    payee: str
    account: str
    rule_id: int | None
    rule_from: datetime | None
    payouts: int
    gross_minor: int
    withheld_minor: int
    returned_minor: int
    total_minor: int
    currency: str


class TaxPayeeOut(Out):
    """withheld = returned + remitted + outstanding. `outstanding_minor` is below zero where tax was given back after it had
    been remitted: the next run is less by it."""

    id: int
    organisation_id: int
    organisation_name: str
    payee: str
    account: str
    withheld_minor: int
    returned_minor: int
    remitted_minor: int
    outstanding_minor: int
    currency: str


class TaxReturnIn(Schema):
    amount_minor: Amount
    reason: Reason


class TaxReturnOut(Out):
    """`remittance_no`: of the run that netted it."""

    return_no: str
    withdrawal_no: str
    organisation_id: int
    organisation_name: str
    payee: str
    account: str
    amount_minor: int
    currency: str
    reason: str
    remittance_no: str | None
    by: str
    at: datetime
