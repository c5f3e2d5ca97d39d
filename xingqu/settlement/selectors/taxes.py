"""What is withheld of commissions that are paid out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Sum
from django.utils import timezone

from xingqu.accounts.selectors import organisation_card
from xingqu.kit import clock
from xingqu.settlement.domain.tax import NOTHING, Bracket, TaxKind, Withholding, withheld_minor
from xingqu.settlement.models import TaxReturn, Withdrawal, WithholdingRule
from xingqu.settlement.selectors.custody import given_back_minor

STUDIO = "creator"  # the kind of organisation that is a person's


def tax_kind_of(*, organisation_id: int) -> TaxKind:
    """A creator's studio is a person's, every other organisation a company. Raises NotFound."""
    kind = organisation_card(organisation_id=organisation_id).kind
    return TaxKind.INDIVIDUAL if kind == STUDIO else TaxKind.COMPANY


def withholding_at(*, kind: TaxKind, at: datetime) -> Withholding:
    """The rule in effect at a moment; before the first one nothing is withheld."""
    return _rule_at(kind, at)[1]


def _rule_at(kind: TaxKind, at: datetime) -> tuple[int | None, Withholding]:
    rows = WithholdingRule.objects.filter(kind=kind.value, effective_from__lte=at)
    row = rows.order_by("-effective_from").first()
    if row is None:
        return None, NOTHING
    brackets = tuple(Bracket(part["up_to_minor"], part["rate_bp"]) for part in row.brackets)
    return row.pk, Withholding(row.allowance_minor, row.deduct_bp, brackets)


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is withheld of one payout, by the rule with this id (none: nothing), and what of the payout is no income."""

    tax_minor: int
    exempt_minor: int
    rule_id: int | None


def withheld_of(*, organisation_id: int, account: str, amount_minor: int, at: datetime) -> Withheld:
    """Tax of one more payout of an account, with what was paid out in its calendar month before.

    What came back out of custody to who had paid it in, or of tax, is paid out first, and is not taxed.
    """
    rule_id, rule = _rule_at(tax_kind_of(organisation_id=organisation_id), at)
    gross, withheld = paid_in_month(organisation_id=organisation_id, at=at)
    exempt = min(_not_income_minor(account), amount_minor)
    tax = withheld_minor(rule, before_minor=gross, withheld_before_minor=withheld, amount_minor=amount_minor - exempt)
    return Withheld(tax, exempt, rule_id)


def _not_income_minor(account: str) -> int:
    """What of an account is its owner's own money and was not paid out yet."""
    paid = Withdrawal.objects.filter(source=account).exclude(state=Withdrawal.State.FAILED)
    back = TaxReturn.objects.filter(withdrawal__source=account).aggregate(total=Sum("own_minor"))["total"] or 0
    own = given_back_minor(account=account) + back
    return max(own - (paid.aggregate(total=Sum("exempt_minor"))["total"] or 0), 0)


def month_of(period: str) -> tuple[datetime, datetime]:
    """[since, until) of a calendar month ("2026-10") in the site's zone. Raises ValueError."""
    since = timezone.make_aware(datetime.strptime(period, "%Y-%m"))
    return since, timezone.make_aware((timezone.make_naive(since) + timedelta(days=32)).replace(day=1))


def paid_in_month(*, organisation_id: int, at: datetime) -> tuple[int, int]:
    """(gross, withheld) of the commissions paid out or on their way, asked for in the month (of the site's zone) of `at`.

    What was no income is not in it.
    """
    since = timezone.localtime(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    until = (since + timedelta(days=32)).replace(day=1)
    rows = Withdrawal.objects.filter(
        shop_id=organisation_id,
        asked_at__gte=since,
        asked_at__lt=until,
        state__in=[Withdrawal.State.ASKED, Withdrawal.State.PAID],
    ).exclude(source="")
    sums = rows.aggregate(net=Sum(F("amount_minor") - F("exempt_minor")), tax=Sum("tax_minor"))
    return (sums["net"] or 0) + (sums["tax"] or 0), sums["tax"] or 0


def withholding_rules() -> list[dict[str, Any]]:
    """All rules, the latest first, each with whether it is in effect."""
    now, found, current = clock.now(), [], set()
    for row in WithholdingRule.objects.order_by("-effective_from", "kind"):
        holds = row.effective_from <= now and row.kind not in current
        if holds:
            current.add(row.kind)
        names = ("kind", "effective_from", "allowance_minor", "deduct_bp", "brackets", "note", "created_at")
        found.append({"id": row.pk, "in_effect": holds, **{name: getattr(row, name) for name in names}})
    return found
