"""Tax withheld of payouts: a table of amounts, what holds whatever the table says, and the operator's rules."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingqu.kit import clock
from xingqu.settlement.domain.tax import Bracket, Withholding, check_brackets, tax_minor, withheld_minor
from xingqu.settlement.models import WithholdingRule
from xingqu.settlement.tests.house import later
from xingqu.trade.tests.house import Caller, Shop

# 劳务报酬: 800.00 free or a fifth, then 20 %, 30 % above 20,000.00, 40 % above 50,000.00.
LABOUR = Withholding(80_000, 2_000, (Bracket(2_000_000, 2_000), Bracket(5_000_000, 3_000), Bracket(None, 4_000)))


@pytest.mark.parametrize(
    ("income", "tax"),
    [
        (0, 0),
        (80_000, 0),
        (80_001, 0),  # a fifth of a cent, rounded down
        (200_000, 24_000),
        (400_000, 64_000),
        (500_000, 80_000),
        (2_500_000, 400_000),
        (3_000_000, 520_000),  # 24,000.00 taxable: 4,000.00 and 30 % of 4,000.00
        (10_000_000, 2_500_000),
    ],
)
def test_tax_of_a_month(income: int, tax: int) -> None:
    assert tax_minor(LABOUR, income) == tax


@given(parts=st.lists(st.integers(1, 3_000_000), min_size=1, max_size=8))
def test_a_month_is_taxed_as_one_however_it_is_paid(parts: list[int]) -> None:
    paid = withheld = 0
    for part in parts:
        tax = withheld_minor(LABOUR, before_minor=paid, withheld_before_minor=withheld, amount_minor=part)
        assert 0 <= tax <= part
        paid, withheld = paid + part, withheld + tax
    assert withheld == tax_minor(LABOUR, paid)


@given(
    st.integers(0, 10**8),
    st.integers(0, 10**6),
    st.integers(0, 10_000),
    st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 9_999)), max_size=4),
)
def test_tax_rises_with_the_income(income: int, allowance: int, deduct: int, table: list[tuple[int, int]]) -> None:
    ends, rates = sorted({end for end, _ in table}), sorted(rate for _, rate in table)
    brackets = tuple(
        Bracket(end, rate) for end, rate in zip([*ends[: len(rates) - 1], None], rates[-len(ends) :], strict=False)
    )
    rule = Withholding(allowance, deduct, brackets)
    assert 0 <= tax_minor(rule, income) <= tax_minor(rule, income + 1) <= income + 1


@pytest.mark.parametrize(
    ("brackets", "problem"),
    [
        ([], None),
        ([Bracket(None, 2_000)], None),
        ([Bracket(100, 2_000)], "a last bracket without an upper end"),
        ([Bracket(100, 0), Bracket(100, 1), Bracket(None, 2)], "upper ends that rise"),
        ([Bracket(None, 0), Bracket(None, 1)], "upper ends that rise"),
        ([Bracket(100, 2_000), Bracket(None, 1_000)], "rates below 10000 basis points that do not fall"),
    ],
)
def test_tables_that_can_not_be(brackets: list[Bracket], problem: str | None) -> None:
    assert check_brackets(brackets) == problem


@pytest.mark.django_db
def test_rules_have_dates(operator: Caller, shop: Shop) -> None:
    path = "/platform/settlement/withholding"
    soon = clock.now() + timedelta(hours=1)
    body = {
        "kind": "individual",
        "effective_from": soon.isoformat(),
        "allowance_minor": 80_000,
        "deduct_bp": 2_000,
        "brackets": [{"up_to_minor": 2_000_000, "rate_bp": 2_000}, {"up_to_minor": None, "rate_bp": 3_000}],
    }
    (made,) = operator.post(path, body, status=201)
    assert (made["kind"], made["in_effect"], made["brackets"][0]["rate_bp"]) == ("individual", False, 2_000)
    assert operator.error("POST", path, body, status=409)["field"] == "effective_from"
    past = {**body, "effective_from": (clock.now() - timedelta(minutes=1)).isoformat()}
    assert operator.error("POST", path, past, status=422)["field"] == "effective_from"
    open_end = {**body, "kind": "company", "brackets": [{"up_to_minor": 100, "rate_bp": 1}]}
    assert operator.error("POST", path, open_end, status=422)["field"] == "brackets"
    assert WithholdingRule.objects.count() == 1
    with later(hours=2):
        assert operator.get(path)[0]["in_effect"] is True
        assert operator.error("DELETE", f"{path}/{made['id']}", status=409)["field"] == "rule_id"
    for caller in (shop.member(), Caller.new_person()):
        assert caller.error("GET", path, status=404)["code"] == "not_found"
        assert caller.error("POST", path, body, status=404)["code"] == "not_found"
    assert operator.call("DELETE", f"{path}/{made['id']}") == []
