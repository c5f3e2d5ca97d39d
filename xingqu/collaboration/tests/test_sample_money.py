"""What is paid for samples: in custody while it is out, then back or with the shop, once; and addresses that many share."""

from datetime import timedelta

import pytest

from xingqu.accounts.services import create_organisation
from xingqu.collaboration.models import CollaborationRules, Sample
from xingqu.collaboration.services.sample_timers import recognise_works, run_due_samples
from xingqu.collaboration.tests.house import Creator, Desk, drain, row_of, stock
from xingqu.kit import clock
from xingqu.ledger.contracts import balance_account, commission_account
from xingqu.ledger.selectors import balance_minor, check
from xingqu.settlement.domain.tax import Bracket, TaxKind, Withholding
from xingqu.settlement.models import Withdrawal
from xingqu.settlement.selectors.custody import custody_minor
from xingqu.settlement.selectors.taxes import withheld_of
from xingqu.settlement.services.rules import add_withholding
from xingqu.settlement.services.withdrawals import ask_commission_withdrawal, set_payout_account
from xingqu.settlement.tests.house import later
from xingqu.trade.tests.house import Caller, Shop, deliver

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(shop: Shop) -> Desk:
    return Desk(shop)


@pytest.fixture
def creator(db: None) -> Creator:
    return Creator()


def money(creator: Creator, shop: Shop, sample_no: str) -> tuple[int, int, int]:
    """(creator's, in custody, shop's)"""
    assert check().problems == ()
    account = commission_account("creator", creator.id)
    shops = balance_minor(account=balance_account(shop.id))
    return balance_minor(account=account), custody_minor(reference=sample_no), shops


def paid(desk: Desk, creator: Creator, sku: int, **body: object) -> dict[str, object]:
    """An approved sample with its 50.00 paid."""
    creator.earn(8_000)
    sample = desk.do(creator.ask(desk.offer(sku, kind="deposit", pay_minor=5_000, **body)["id"]), "approve")
    assert (sample["state"], sample["waiting_for"]) == ("paying", "creator")
    assert creator.do(sample, "pay") == {"payment_no": None, "redirect_url": None}
    found: dict[str, object] = desk.sample(str(sample["sample_no"]))
    assert found["state"] == "approved"
    return found


def test_a_deposit_comes_back_with_the_work(desk: Desk, creator: Creator, shop: Shop, sku: int) -> None:
    sample = paid(desk, creator, sku)
    number = str(sample["sample_no"])
    assert money(creator, shop, number) == (3_000, 5_000, 0)
    desk.ship(sample)
    creator.work(sku)
    assert recognise_works() == 1
    assert recognise_works() == 0
    assert money(creator, shop, number) == (8_000, 0, 0)


def test_a_deposit_is_the_shop_s_after_a_breach(desk: Desk, creator: Creator, shop: Shop, sku: int) -> None:
    sample = desk.ship(paid(desk, creator, sku))
    with later(days=26):
        assert (run_due_samples(), run_due_samples()) == (1, 0)
    assert row_of(sample).state == "breached"
    assert money(creator, shop, str(sample["sample_no"])) == (3_000, 0, 5_000)


def test_who_buys_a_sample_keeps_it(desk: Desk, creator: Creator, shop: Shop, sku: int) -> None:
    creator.earn(60_000)
    offer = desk.offer(sku, kind="buy_refund", units_each=2)
    assert offer["pay_minor"] == 59_800
    sample = desk.do(creator.ask(offer["id"]), "approve")
    creator.do(sample, "pay")
    desk.ship(desk.sample(sample["sample_no"]))
    with later(days=26):
        assert run_due_samples() == 1
    assert (row_of(sample).state, row_of(sample).reason) == ("aborted", "bought")
    assert money(creator, shop, sample["sample_no"]) == (200, 0, 59_800)
    assert stock(sku)[f"sample:{offer['id']}"] == (5, 2, 0, 3)


@pytest.mark.parametrize("who", ["creator", "shop", "clock"])
def test_what_is_not_sent_is_paid_back(desk: Desk, creator: Creator, shop: Shop, sku: int, who: str) -> None:
    sample = paid(desk, creator, sku)
    if who == "creator":
        creator.do(sample, "withdraw")
    elif who == "shop":
        desk.do(sample, "cancel", text="缺货")
    else:
        with later(days=3, minutes=1):
            assert run_due_samples() == 1
    assert row_of(sample).state == "aborted"
    assert money(creator, shop, str(sample["sample_no"])) == (8_000, 0, 0)


def test_not_enough_commission(desk: Desk, creator: Creator, shop: Shop, sku: int) -> None:
    sample = desk.do(creator.ask(desk.offer(sku, kind="deposit", pay_minor=5_000)["id"]), "approve")
    assert creator.do(sample, "pay", status=409)["error"]["code"] == "not_enough_balance"
    assert (row_of(sample).state, money(creator, shop, sample["sample_no"])) == ("paying", (0, 0, 0))
    with later(days=1, minutes=1):
        assert run_due_samples() == 1
    assert (row_of(sample).state, row_of(sample).reason) == ("aborted", "not_paid")
    assert stock(sku)[f"sample:{sample['offer_id']}"] == (5, 0, 0, 5)


def test_a_deposit_through_a_provider_and_one_too_late(desk: Desk, creator: Creator, shop: Shop, sku: int) -> None:
    sample = desk.do(creator.ask(desk.offer(sku, kind="deposit", pay_minor=5_000)["id"]), "approve")
    urls = [creator.do(sample, "pay", way="provider")["redirect_url"] for _ in range(2)]
    for url, left in zip(urls, ((0, 5_000, 0), (5_000, 5_000, 0)), strict=True):  # what came twice goes back at once
        Caller.new_person().confirm(url)
        deliver()
        drain()
        assert money(creator, shop, sample["sample_no"]) == left
    assert row_of(sample).state == "approved"
    creator.do(desk.sample(sample["sample_no"]), "withdraw")
    assert money(creator, shop, sample["sample_no"]) == (10_000, 0, 0)


def test_offers_that_can_not_be(desk: Desk, creator: Creator, shop: Shop, sku: int) -> None:
    for body, field in (
        ({"kind": "deposit"}, "pay_minor"),
        ({"pay_minor": 1}, "pay_minor"),
        ({"units": 1, "units_each": 2}, "units_each"),
    ):
        assert desk.offer(sku, status=422, **body)["error"]["field"] == field
    assert desk.offer(sku, status=409, units=101)["error"]["code"] == "not_enough_stock"
    assert stock(sku) == {"": (100, 0, 0, 100)}
    first = desk.offer(sku)
    assert desk.offer(sku, status=409)["error"]["code"] == "sample_offer_taken"
    assert stock(sku)[""] == (95, 0, 0, 95)
    state = f"{desk.path}/sample-offers/{first['id']}/state"
    assert desk.caller.call("PUT", state, {"state": "paused"})["state"] == "paused"
    assert creator.ask(first["id"], status=404)["error"]["code"] == "not_found"
    assert desk.caller.call("PUT", state, {"state": "closed"})["free"] == 0
    assert desk.caller.error("PUT", state, {"state": "open"}, status=409)["code"] == "wrong_step"
    assert stock(sku)[""] == (100, 0, 0, 100)
    assert desk.offer(sku)["free"] == 5  # another one may stand now


def rules(**values: int) -> None:
    CollaborationRules.objects.create(
        effective_from=clock.now() - timedelta(seconds=1), values=values, created_by_id=1, created_at=clock.now()
    )


@pytest.mark.parametrize("shared", ["place", "phone"])
def test_one_place_under_many_names(desk: Desk, sku: int, shared: str) -> None:
    """The second account at a place or a number is flagged, the third refused; other spellings hide nothing."""
    offer = desk.offer(sku)
    spelled = {
        "place": [
            {"detail": "花园路1号2单元301"},
            {"detail": "花园路 １ 号，2 单元 301"},
            {"detail": " 花园路1号-2单元-301 "},
        ],
        "phone": [{"phone": "13800138000"}, {"phone": "138 0013 8000"}, {"phone": "+8613800138000"}],
    }[shared]
    creators = [Creator() for _ in range(3)]
    first = creators[0].ask(offer["id"], address_id=creators[0].address(**spelled[0]))
    second = creators[1].ask(offer["id"], address_id=creators[1].address(**spelled[1]))
    assert (row_of(first).flag, row_of(second).flag) == ("", "address")
    third = creators[2].address(**spelled[2])
    assert creators[2].ask(offer["id"], status=403, address_id=third)["error"]["code"] == "sample_address_abused"
    assert Sample.objects.count() == 2
    picks = [{"sample_no": s["sample_no"], "version": s["version"]} for s in (first, second)]
    told = desk.caller.post(f"{desk.path}/samples/decide", {"approve": True, "samples": picks})["results"]
    assert [(row["done"], (row["error"] or {}).get("code")) for row in told] == [
        (True, None),
        (False, "sample_flagged"),
    ]
    assert desk.do(second, "approve", status=409)["error"]["code"] == "sample_flagged"
    assert desk.do(second, "approve", despite_flag=True)["state"] == "approved"


def test_the_period_and_the_limits_are_configuration(desk: Desk, sku: int) -> None:
    place = {"detail": "花园路1号", "phone": "13800138000"}
    rules(address_flag=3, address_refuse=4, address_days=10)
    offer = desk.offer(sku)
    creators = [Creator() for _ in range(4)]
    asked = [one.ask(offer["id"], address_id=one.address(**place)) for one in creators[:3]]
    assert [row_of(one).flag for one in asked] == ["", "", "address"]
    last = creators[3].address(**place)
    assert creators[3].ask(offer["id"], status=403, address_id=last)["error"]["code"] == "sample_address_abused"
    with later(days=11):  # what was long ago does not count
        assert row_of(creators[3].ask(offer["id"], address_id=last)).flag == ""


def test_what_was_turned_down_does_not_count(desk: Desk, sku: int) -> None:
    place = {"detail": "花园路1号", "phone": "13800138000"}
    offer = desk.offer(sku)
    creators = [Creator() for _ in range(3)]
    for one in creators:
        sample = one.ask(offer["id"], address_id=one.address(**place))
        assert row_of(sample).flag == ""
        desk.do(sample, "reject")


def test_another_s_address_is_nobody_s(desk: Desk, creator: Creator, sku: int) -> None:
    other = Creator().address()
    assert creator.ask(desk.offer(sku)["id"], status=404, address_id=other)["error"]["field"] == "address_id"
    assert Sample.objects.count() == 0


@pytest.mark.parametrize(("way", "exempt"), [("provider", 5_000), ("balance", 0)])
def test_a_deposit_that_came_back_is_no_income(
    desk: Desk, creator: Creator, shop: Shop, sku: int, way: str, exempt: int
) -> None:
    """A fifth is withheld of commission, and nothing of what the creator had paid by card, once."""
    account = commission_account("creator", creator.id)
    studio_id = create_organisation(owner_id=creator.caller.person_id, kind="creator", name="工作室")
    creator.earn(20_000)
    sample = desk.do(creator.ask(desk.offer(sku, kind="deposit", pay_minor=5_000)["id"]), "approve")
    if way == "provider":
        Caller.new_person().confirm(creator.do(sample, "pay", way="provider")["redirect_url"])
        deliver()
        drain()
    else:
        creator.do(sample, "pay")
    creator.do(desk.sample(sample["sample_no"]), "withdraw")
    soon = clock.now() + timedelta(seconds=1)
    fifth = Withholding(0, 0, (Bracket(None, 2_000),))
    add_withholding(kind=TaxKind.INDIVIDUAL, effective_from=soon, rule=fifth, note="", person_id=1)
    set_payout_account(shop_id=studio_id, holder="林夏", bank_name="示例银行", number="6222020200112233", person_id=1)
    with later(minutes=1):
        for key, gross, tax in (("first", 4_000, 4_000 - min(exempt, 4_000)), ("then", 4_000, 4_000 - exempt // 5)):
            ask_commission_withdrawal(
                organisation_id=studio_id, account=account, amount_minor=gross, person_id=1, key=key
            )
            assert Withdrawal.objects.get(key=key).tax_minor == tax // 5, key
        told = withheld_of(organisation_id=studio_id, account=account, amount_minor=1_000, at=clock.now())
    assert (told.tax_minor, told.exempt_minor) == (200, 0)
    assert sum(Withdrawal.objects.values_list("exempt_minor", flat=True)) == exempt
