"""Withheld tax: what waits for the authorities, what they were paid, and each payee's part."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from xingqu.accounts.selectors import organisation_cards, person_labels
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.settlement.models import TaxLine, TaxRemittance, TaxReturn, Withdrawal, WithholdingRule
from xingqu.settlement.selectors.taxes import month_of

Page = tuple[list[dict[str, Any]], int | None]
TAXED = Q(state=Withdrawal.State.PAID, tax_minor__gt=0)
GROSS = F("amount_minor") + F("tax_minor") - F("exempt_minor")


def waiting_withdrawals(*, until: datetime, currency: str) -> QuerySet[Withdrawal]:
    """Payouts before `until` whose tax is in no remittance."""
    return Withdrawal.objects.filter(TAXED, remittance=None, done_at__lt=until, currency=currency)


def waiting_returns(*, until: datetime, currency: str) -> QuerySet[TaxReturn]:
    """What was given back of payouts before `until` and is in no remittance."""
    return TaxReturn.objects.filter(remittance=None, withdrawal__done_at__lt=until, currency=currency)


def remittance_preview(*, period: str, currency: str) -> dict[str, Any]:
    """What a run for a month would pay, by rule; and the run that was made for it, if any. Raises InvalidInput."""
    try:
        since, until = month_of(period)
    except ValueError as error:
        raise InvalidInput(field="period", expected="a month such as 2026-10") from error
    made = TaxRemittance.objects.filter(period=period, currency=currency).first()
    waiting = waiting_withdrawals(until=until, currency=currency)
    back = waiting_returns(until=until, currency=currency)
    rules: dict[int | None, dict[str, Any]] = {}
    by_rule = waiting.values_list("rule_id").order_by("rule_id")
    for rule_id, payouts, withheld, gross in by_rule.annotate(Count("id"), Sum("tax_minor"), gross=Sum(GROSS)):
        rules[rule_id] = {"payouts": payouts, "gross_minor": gross, "withheld_minor": withheld, "returned_minor": 0}
    for rule_id, returned in back.values_list("withdrawal__rule_id").order_by().annotate(Sum("amount_minor")):
        none = {"payouts": 0, "gross_minor": 0, "withheld_minor": 0, "returned_minor": 0}
        rules.setdefault(rule_id, none)["returned_minor"] = returned
    payees = set(waiting.values_list("shop_id", "source")) | set(
        back.values_list("withdrawal__shop_id", "withdrawal__source")
    )
    withheld = sum(row["withheld_minor"] for row in rules.values())
    returned = sum(row["returned_minor"] for row in rules.values())
    return {
        "period": period,
        "currency": currency,
        "since": since,
        "until": until,
        "remittance_no": made.remittance_no if made is not None else None,
        "withheld_minor": withheld,
        "returned_minor": returned,
        "total_minor": withheld - returned,
        "payees": len(payees),
        "rules": _rules(rules),
    }


def _rules(sums: dict[int | None, dict[str, Any]]) -> list[dict[str, Any]]:
    known = WithholdingRule.objects.in_bulk([pk for pk in sums if pk is not None])
    return [
        {
            "rule_id": pk,
            "kind": known[pk].kind if pk in known else None,
            "effective_from": known[pk].effective_from if pk in known else None,
            "note": known[pk].note if pk in known else "",
            **row,
            "total_minor": row["withheld_minor"] - row["returned_minor"],
        }
        for pk, row in sorted(sums.items(), key=lambda item: item[0] or 0)
    ]


def remittances_page(*, before_id: int | None, limit: int) -> Page:
    """Runs, newest first."""
    rows = _with_payees().order_by("-id")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows[: limit + 1])
    page = found[:limit]
    return _remittances(page), page[-1].pk if len(found) > limit else None


def remittance_of(*, remittance_no: str) -> dict[str, Any]:
    """One run with its sums by rule. Raises NotFound."""
    row = _with_payees().filter(remittance_no=remittance_no).first()
    if row is None:
        raise NotFound(field="remittance_no", expected="a remittance")
    names = ("payouts", "gross_minor", "withheld_minor", "returned_minor")
    by_rule: dict[int | None, dict[str, Any]] = {}
    for line in TaxLine.objects.filter(remittance=row).order_by("rule_id"):
        sums = by_rule.setdefault(line.rule_id, dict.fromkeys(names, 0))
        for name in names:
            sums[name] += getattr(line, name)
    return {**_remittances([row])[0], "rules": _rules(by_rule)}


def _with_payees() -> QuerySet[Any]:
    return TaxRemittance.objects.annotate(payees=Count("lines__account", distinct=True))


def _remittances(rows: Iterable[Any]) -> list[dict[str, Any]]:
    found = list(rows)
    people = person_labels(ids={row.by_id for row in found})
    names = ("remittance_no", "period", "currency", "until", "withheld_minor", "returned_minor", "total_minor")
    return [
        {
            **{name: getattr(row, name) for name in names},
            "payees": row.payees,
            "reference": row.reference,
            "note": row.note,
            "by": people.get(row.by_id, ("", ""))[0],
            "at": row.at,
        }
        for row in found
    ]


def lines_page(*, remittance_no: str, after_id: int | None, limit: int) -> Page:
    """A run's payees, each under each rule. Raises NotFound."""
    if not TaxRemittance.objects.filter(remittance_no=remittance_no).exists():
        raise NotFound(field="remittance_no", expected="a remittance")
    rows = TaxLine.objects.filter(remittance__remittance_no=remittance_no, pk__gt=after_id or 0).order_by("id")
    found = list(rows.select_related("rule", "remittance")[: limit + 1])
    page = found[:limit]
    cards = organisation_cards(ids={row.organisation_id for row in page})
    items = [
        {
            "id": row.pk,
            **_payee(row.organisation_id, row.account, cards),
            "rule_id": row.rule_id,
            "rule_from": row.rule.effective_from if row.rule is not None else None,
            "payouts": row.payouts,
            "gross_minor": row.gross_minor,
            "withheld_minor": row.withheld_minor,
            "returned_minor": row.returned_minor,
            "total_minor": row.withheld_minor - row.returned_minor,
            "currency": row.remittance.currency,
        }
        for row in page
    ]
    return items, page[-1].pk if len(found) > limit else None


def _payee(organisation_id: int, account: str, cards: dict[int, Any]) -> dict[str, Any]:
    """`payee` is creator, mcn or colonel: as what the organisation earned."""
    card = cards.get(organisation_id)
    return {
        "organisation_id": organisation_id,
        "organisation_name": card.name if card is not None else "",
        "payee": account.split(":")[1],
        "account": account,
    }


def tax_payees_page(*, waiting_only: bool, after_id: int | None, limit: int) -> Page:
    """Payees of whom tax was withheld, by their first payout: withheld = given back + remitted + outstanding."""
    taxed = Withdrawal.objects.filter(TAXED)
    rows = taxed.values("shop_id", "source", "currency").annotate(first=Min("id"), withheld=Sum("tax_minor"))
    rows = rows.annotate(waiting=Sum("tax_minor", filter=Q(remittance=None), default=0))
    rows = rows.filter(first__gt=after_id or 0).order_by("first")
    if waiting_only:
        rows = rows.filter(waiting__gt=0)
    found = list(rows[: limit + 1])
    page = found[:limit]
    back = _returned([row["source"] for row in page])
    cards = organisation_cards(ids={row["shop_id"] for row in page})
    items = []
    for row in page:
        returned, waiting_back = back.get((row["shop_id"], row["source"], row["currency"]), (0, 0))
        outstanding = row["waiting"] - waiting_back
        items.append(
            {
                "id": row["first"],
                **_payee(row["shop_id"], row["source"], cards),
                "withheld_minor": row["withheld"],
                "returned_minor": returned,
                "remitted_minor": row["withheld"] - returned - outstanding,
                "outstanding_minor": outstanding,
                "currency": row["currency"],
            }
        )
    return items, page[-1]["first"] if len(found) > limit else None


def _returned(accounts: list[str]) -> dict[tuple[int, str, str], tuple[int, int]]:
    """(given back, of it in no remittance) by payee."""
    rows = TaxReturn.objects.filter(withdrawal__source__in=accounts).order_by()
    waiting = Sum("amount_minor", filter=Q(remittance=None), default=0)
    sums = rows.values_list("withdrawal__shop_id", "withdrawal__source", "currency").annotate(
        total=Sum("amount_minor"), waiting=waiting
    )
    return {(shop_id, source, currency): (total, waiting) for shop_id, source, currency, total, waiting in sums}


def tax_returns_page(*, before_id: int | None, limit: int) -> Page:
    """What was given back, newest first."""
    rows = TaxReturn.objects.order_by("-id").select_related("withdrawal", "remittance")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows[: limit + 1])
    page = found[:limit]
    cards = organisation_cards(ids={row.withdrawal.shop_id for row in page})
    people = person_labels(ids={row.by_id for row in page})
    items = [
        {
            "return_no": row.return_no,
            "withdrawal_no": row.withdrawal.withdrawal_no,
            **_payee(row.withdrawal.shop_id, row.withdrawal.source, cards),
            "amount_minor": row.amount_minor,
            "currency": row.currency,
            "reason": row.reason,
            "remittance_no": row.remittance.remittance_no if row.remittance is not None else None,
            "by": people.get(row.by_id, ("", ""))[0],
            "at": row.at,
        }
        for row in page
    ]
    return items, page[-1].pk if len(found) > limit else None
