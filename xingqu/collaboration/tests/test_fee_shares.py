"""The slot fee between creator, agency and platform: by the contract of the agreement, to the cent."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingqu.accounts.services import create_organisation, create_person
from xingqu.alliance.models import AgencyContract, AgencyShare
from xingqu.collaboration.domain.fees import FeeShares, split_fee
from xingqu.collaboration.services.rules import add_rules
from xingqu.collaboration.services.running import run_due_collaborations
from xingqu.collaboration.tests.house import sell
from xingqu.collaboration.tests.test_collaborations import Table
from xingqu.kit import clock
from xingqu.ledger.contracts import ALLIANCE_FEE, balance_account, commission_account
from xingqu.ledger.selectors import balance_minor, check
from xingqu.settlement.selectors.custody import custody_minor
from xingqu.settlement.services.auditing import audit
from xingqu.settlement.tests.house import later
from xingqu.trade.tests.house import Caller, Shop

RATES = st.integers(0, 10_000)


@given(st.integers(0, 10**11), RATES, RATES)
def test_the_parts_sum_to_what_is_released(amount: int, platform_bp: int, agency_bp: int) -> None:
    parts = split_fee(amount, FeeShares(platform_bp, 7, agency_bp))
    assert parts.creator_minor + parts.agency_minor + parts.platform_minor == amount
    exact_platform = amount * platform_bp / 10_000
    exact_agency = (amount - exact_platform) * agency_bp / 10_000
    assert min(parts.creator_minor, parts.agency_minor, parts.platform_minor) >= 0
    assert abs(parts.platform_minor - exact_platform) < 1 + amount * 1e-12
    assert abs(parts.agency_minor - exact_agency) < 1 + amount * 1e-12
    assert parts.platform_minor == 0 or platform_bp
    assert parts.agency_minor == 0 or agency_bp


def contract(creator_id: int, share_bp: int, *, since: datetime, until: datetime | None = None) -> int:
    """A contract of the creator with an agency of their own. Returns the agency's id."""
    owner = create_person(email=f"agency{share_bp}@people.example", password=None)
    agency_id = create_organisation(owner_id=owner, kind="mcn", name=f"机构{share_bp}")
    row = AgencyContract.objects.create(
        agency_id=agency_id,
        creator_id=creator_id,
        studio_id=1,
        state="active" if until is None else "ended",
        notice_days=7,
        invited_by_id=owner,
        invited_at=since,
        since=since,
        until=until,
    )
    AgencyShare.objects.create(
        contract=row,
        effective_from=since,
        share_bp=share_bp,
        state="accepted",
        proposed_by="agency",
        proposed_by_id=owner,
        proposed_at=since,
    )
    return agency_id


@pytest.mark.django_db
def test_the_contract_of_the_agreement_shares_the_fee(buyer: Caller, shop: Shop, sku: int) -> None:
    """An agency that came later has nothing of it, one that has left since has its share; the platform its rate of that time."""
    now = clock.now()
    with clock.frozen(now):
        add_rules(effective_from=now, values={"slot_platform_bp": 333}, note="", person_id=1)
    table = Table(shop, sku)
    then = contract(table.creator.id, 3_333, since=now - timedelta(days=9), until=now + timedelta(days=5))
    table.start()
    contract(table.creator.id, 5_000, since=now + timedelta(days=5))
    with later(minutes=1):
        add_rules(
            effective_from=clock.now() + timedelta(seconds=1), values={"slot_platform_bp": 5_000}, note="", person_id=1
        )
    told = table.get("creator")["fee_shares"]
    assert told == {"creator_minor": 64_450, "agency_minor": 32_220, "platform_minor": 3_330, "agency_name": "机构3333"}
    assert table.get("merchant")["fee_shares"] is None
    sell(buyer, table.creator, shop, sku, units=5)
    accounts = (
        commission_account("creator", table.creator.id),
        commission_account("mcn", then),
        ALLIANCE_FEE,
        balance_account(shop.id),
    )
    before = [balance_minor(account=account) for account in accounts]  # the order's own commission is in it
    with later(days=31):
        run_due_collaborations()
    got = [balance_minor(account=account) - had for account, had in zip(accounts, before, strict=True)]
    assert (table.row.released_minor, got) == (29_900, [19_270, 9_634, 996, 70_100])
    assert (sum(got), custody_minor(reference=table.no)) == (100_000, 0)
    assert check().problems == ()
    shares = audit().differences.filter(kind="account_total").exclude(reference__startswith="balance:")
    assert list(shares) == []  # the shop's balance was made for this test


@pytest.mark.django_db
def test_without_agency_and_rate_all_is_the_creators(shop: Shop, sku: int) -> None:
    table = Table(shop, sku)
    contract(table.creator.id, 5_000, since=clock.now() + timedelta(days=1))
    table.start()
    told = table.get("creator")["fee_shares"]
    assert told == {"creator_minor": 100_000, "agency_minor": 0, "platform_minor": 0, "agency_name": ""}
