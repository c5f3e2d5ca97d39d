"""From asking to a red letter, for buyer and merchant."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from xingqu.accounts.models import Notice
from xingqu.invoice.contracts import Document
from xingqu.invoice.issuers import IssuerDown, IssuerRefused
from xingqu.invoice.models import Invoice, InvoiceLine, InvoiceRequest, InvoiceSeries, InvoiceTitle
from xingqu.invoice.services import issuing
from xingqu.invoice.services.asking import ripen_requests
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.trade.contracts import RefundPart
from xingqu.trade.selectors import refundable_of
from xingqu.trade.services import refund_parts
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db
CODE = "91350100M000100Y43"
PERSONAL = {"kind": "personal", "name": "个人"}
COMPANY = {"kind": "company", "name": "素屋贸易有限公司", "tax_no": CODE, "bank": "招商银行", "account": "6225 0000"}
SELLER = {"name": "素屋家纺有限公司", "tax_no": CODE, "address": "花园路 1 号", "phone": "010-88880000"}


@pytest.fixture
def member(shop: Shop) -> Caller:
    made = shop.member()
    made.call("PUT", f"/shops/{shop.id}/invoices/settings", SELLER)
    return made


def ask(buyer: Caller, order_no: str, title: dict[str, str] | None = None, status: int = 201) -> Any:
    return buyer.post(f"/orders/{order_no}/invoice", {"title": title or PERSONAL}, status=status)


def issue(member: Caller, shop: Shop, order_no: str, status: int = 200) -> Any:
    return member.post(f"/shops/{shop.id}/invoices/{order_no}/issue", status=status)


def refund(order_no: str, minor: int, quantity: int = 0, reference: str = "c1") -> None:
    line = refundable_of(order_no=order_no).lines[0]
    with transaction.atomic():
        refund_parts(
            order_no=order_no, parts=[RefundPart(line.line_id, minor, quantity)], reason="差价", reference=reference
        )
    finish_refunds()
    deliver_due()


def test_from_asking_to_the_document(buyer: Caller, member: Caller, shop: Shop, sku: int) -> None:
    member.call("PUT", f"/shops/{shop.id}/freight", {"base_minor": 800, "remote_extra_minor": 0})
    order_no = buyer.buy((sku, 2))
    asked = ask(buyer, order_no, COMPANY)
    assert (asked["state"], asked["ripe"], asked["amount"]["amount_minor"]) == ("waiting", True, 60_600)
    assert [row["order_no"] for row in member.get(f"/shops/{shop.id}/invoices")["items"]] == [order_no]
    assert member.get(f"/shops/{shop.id}/invoices/counts") == {"waiting": 1, "issued": 0, "rejected": 0}

    (document,) = issue(member, shop, order_no)["documents"]
    assert (document["kind"], document["number"], document["gross"]["amount_minor"]) == ("blue", "00000001", 60_600)
    lines = list(InvoiceLine.objects.order_by("id").values_list("name", "gross_minor", "tax_minor", "rate_bp"))
    assert lines == [("纯棉刺绣四件套", 59_800, 6_880, 1_300), ("运费", 800, 92, 1_300)]
    assert document["tax"]["amount_minor"] == 6_972
    assert Notice.objects.filter(person_id=buyer.person_id, kind="invoice_issued").count() == 1
    for caller, path in ((buyer, "/invoices/"), (member, f"/shops/{shop.id}/invoices/documents/")):
        response = caller.client.get(f"/api/v1{path}{document['reference']}.pdf")
        assert (response.status_code, response.content[:5]) == (200, b"%PDF-")
        assert response["Cache-Control"] == "private, no-store"


def test_nobody_elses(buyer: Caller, member: Caller, shop: Shop, sku: int) -> None:
    order_no = buyer.buy((sku, 1))
    other, stranger_shop = Caller.new_person(), make_shop()
    stranger = stranger_shop.member()
    ask(other, order_no, status=404)
    ask(buyer, order_no)
    for path in (f"/orders/{order_no}/invoice", "/invoices/none.pdf"):
        other.get(path, status=404)
    for shop_id in (shop.id, stranger_shop.id):
        for verb, path in (("GET", ""), ("POST", "/issue"), ("POST", "/reject"), ("POST", "/void")):
            body = {"reason": "x"} if verb == "POST" else None
            stranger.call(verb, f"/shops/{shop_id}/invoices/{order_no}{path}", body, status=404)
    for path in ("/invoices", "/invoices/counts", "/invoices/settings"):
        stranger.get(f"/shops/{shop.id}{path}", status=404)
    stranger.call("PUT", f"/shops/{shop.id}/invoices/settings", SELLER, status=404)
    stranger.post(f"/shops/{shop.id}/invoices/issue-batch", {"order_nos": [order_no]}, status=404)
    reference = issue(member, shop, order_no)["documents"][0]["reference"]
    assert other.client.get(f"/api/v1/invoices/{reference}.pdf").status_code == 404
    path = f"/api/v1/shops/{stranger_shop.id}/invoices/documents/{reference}.pdf"
    assert stranger.client.get(path).status_code == 404


def test_asked_at_checkout_it_waits_for_the_payment(buyer: Caller, member: Caller, shop: Shop, sku: int) -> None:
    parents = [buyer.order((sku, 1)), buyer.order((sku, 2))]
    numbers = [parent["shop_orders"][0]["order_no"] for parent in parents]
    for number in numbers:
        assert ask(buyer, number)["ripe"] is False
    assert member.get(f"/shops/{shop.id}/invoices")["items"] == []
    assert issue(member, shop, numbers[0], status=409)["error"]["code"] == "not_invoiceable"
    assert ripen_requests() == 0
    buyer.pay(parents[0]["order_no"])
    buyer.post(f"/orders/{numbers[1]}/cancel", {})
    assert ripen_requests() == 2
    assert [row["order_no"] for row in member.get(f"/shops/{shop.id}/invoices")["items"]] == [numbers[0]]
    assert buyer.get(f"/orders/{numbers[1]}/invoice")["state"] == "closed"
    assert Notice.objects.filter(kind="invoice_asked").count() == 1


def test_a_company_needs_a_valid_number(buyer: Caller, sku: int) -> None:
    order_no = buyer.buy((sku, 1))
    for number in ("", "91350100M000100Y44"):
        error = ask(buyer, order_no, {**COMPANY, "tax_no": number}, status=422)["error"]
        assert (error["code"], error["field"]) == ("bad_tax_number", "tax_no")
        buyer.post("/me/invoice-titles", {**COMPANY, "tax_no": number}, status=422)
    assert (InvoiceRequest.objects.count(), InvoiceTitle.objects.count()) == (0, 0)
    assert ask(buyer, order_no, {**COMPANY, "tax_no": CODE.lower()})["title"]["tax_no"] == CODE
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceTitle.objects.create(person_id=1, kind="company", name="x")


def test_the_book_of_titles(buyer: Caller, sku: int) -> None:
    assert [row["is_default"] for row in buyer.post("/me/invoice-titles", PERSONAL, status=201)] == [True]
    first, second = buyer.post("/me/invoice-titles", {**COMPANY, "is_default": True}, status=201)
    assert (first["name"], first["is_default"], second["is_default"]) == (COMPANY["name"], True, False)
    changed = buyer.call("PUT", f"/me/invoice-titles/{second['id']}", {**PERSONAL, "name": "李小雨"})
    assert [row["name"] for row in changed] == [COMPANY["name"], "李小雨"]
    other = Caller.new_person()
    other.call("PUT", f"/me/invoice-titles/{second['id']}", PERSONAL, status=404)
    other.call("DELETE", f"/me/invoice-titles/{second['id']}", status=404)
    order_no = buyer.buy((sku, 1))
    other_order = other.buy((sku, 1))
    other.post(f"/orders/{other_order}/invoice", {"title_id": first["id"]}, status=404)
    assert buyer.post(f"/orders/{order_no}/invoice", {"title_id": first["id"]}, status=201)["title"]["tax_no"] == CODE
    buyer.call("DELETE", f"/me/invoice-titles/{first['id']}", status=204)
    assert buyer.get(f"/orders/{order_no}/invoice")["title"]["name"] == COMPANY["name"]


def test_a_rejected_request_may_be_made_again(buyer: Caller, member: Caller, shop: Shop, sku: int) -> None:
    order_no = buyer.buy((sku, 1))
    ask(buyer, order_no)
    rejected = member.post(f"/shops/{shop.id}/invoices/{order_no}/reject", {"reason": "抬头有误"})
    assert (rejected["state"], rejected["reason"]) == ("rejected", "抬头有误")
    assert issue(member, shop, order_no, status=409)["error"]["code"] == "invoice_state"
    assert not Invoice.objects.exists()
    assert ask(buyer, order_no, COMPANY)["state"] == "waiting"
    issue(member, shop, order_no)
    assert ask(buyer, order_no, status=409)["error"]["code"] == "invoice_state"
    assert issue(member, shop, order_no, status=409)["error"]["data"] == {"state": "issued"}
    buyer.call("DELETE", f"/orders/{order_no}/invoice", status=409)
    assert Invoice.objects.count() == 1


def test_without_a_seller_nothing_is_issued_and_no_number_is_lost(buyer: Caller, shop: Shop, sku: int) -> None:
    order_no = buyer.buy((sku, 1))
    ask(buyer, order_no)
    member = shop.member()
    assert issue(member, shop, order_no, status=409)["error"]["code"] == "invoice_seller_missing"
    assert (Invoice.objects.count(), InvoiceSeries.objects.count()) == (0, 0)


def test_numbers_have_no_gap_and_each_shop_its_own(
    buyer: Caller, member: Caller, shop: Shop, sku: int, monkeypatch: Any
) -> None:
    numbers = [buyer.buy((sku, 1)) for _ in range(3)]
    for number in numbers:
        ask(buyer, number)
    issue(member, shop, numbers[0])

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(issuing, "_tell", broken)  # after the number was taken, before the commit
        with pytest.raises(RuntimeError):
            issuing.issue_invoice(shop_id=shop.id, order_no=numbers[1])
    batch = member.post(f"/shops/{shop.id}/invoices/issue-batch", {"order_nos": [numbers[0], *numbers[1:], "none"]})
    told = [(row["issued"], row["error"] and row["error"]["code"]) for row in batch["items"]]
    assert told == [(False, "invoice_state"), (True, None), (True, None), (False, "not_found")]
    assert list(Invoice.objects.order_by("id").values_list("number", flat=True)) == ["00000001", "00000002", "00000003"]
    other = make_shop()
    other_member = other.member()
    other_member.call("PUT", f"/shops/{other.id}/invoices/settings", SELLER)
    foreign = buyer.buy((make_sku(other), 1))
    ask(buyer, foreign)
    assert issue(other_member, other, foreign)["documents"][0]["number"] == "00000001"
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(number="00000002").update(number="00000003")


class TestRedLetters:
    def test_each_refund_takes_back_its_part_and_all_of_them_all(
        self, buyer: Caller, member: Caller, shop: Shop, sku: int
    ) -> None:
        order_no = buyer.buy((sku, 1))
        ask(buyer, order_no)
        issue(member, shop, order_no)
        refund(order_no, 9_999, reference="a")
        issuing.take_back(order_no=order_no, reason="refund")  # the fact once more
        refund(order_no, 19_901, 1, reference="b")
        blue, *reds = Invoice.objects.order_by("id")
        assert [(red.kind, red.blue_id, red.gross_minor, red.number) for red in reds] == [
            ("red", blue.pk, 9_999, "00000002"),
            ("red", blue.pk, 19_901, "00000003"),
        ]
        assert sum(red.tax_minor for red in reds) == blue.tax_minor == 3_440
        assert Notice.objects.filter(person_id=buyer.person_id, kind="invoice_red").count() == 2
        response = buyer.client.get(f"/api/v1/invoices/{reds[0].reference}.pdf")
        assert response.content[:5] == b"%PDF-"

    def test_what_went_back_before_is_not_invoiced_and_not_taken_back(
        self, buyer: Caller, member: Caller, shop: Shop, sku: int
    ) -> None:
        order_no = buyer.buy((sku, 2))
        refund(order_no, 29_900, 1, reference="a")
        ask(buyer, order_no)
        issue(member, shop, order_no)
        assert list(Invoice.objects.values_list("kind", "gross_minor")) == [("blue", 29_900)]
        issuing.take_back(order_no=order_no, reason="refund")
        assert Invoice.objects.count() == 1

    def test_a_void_takes_the_rest_and_the_buyer_asks_anew(
        self, buyer: Caller, member: Caller, shop: Shop, sku: int
    ) -> None:
        order_no = buyer.buy((sku, 1))
        ask(buyer, order_no)
        issue(member, shop, order_no)
        refund(order_no, 900, reference="a")
        path = f"/shops/{shop.id}/invoices/{order_no}/void"
        assert member.post(path, {"reason": "抬头写错"})["state"] == "voided"
        member.post(path, {"reason": "又一次"}, status=409)
        ask(buyer, order_no, COMPANY)
        issue(member, shop, order_no)
        refund(order_no, 100, reference="b")
        told = list(Invoice.objects.order_by("id").values_list("kind", "gross_minor", "number"))
        assert told == [
            ("blue", 29_900, "00000001"),
            ("red", 900, "00000002"),
            ("red", 29_000, "00000003"),
            ("blue", 29_000, "00000004"),
            ("red", 100, "00000005"),
        ]

    def test_a_whole_refund_closes_a_request_that_waits(self, buyer: Caller, sku: int) -> None:
        order_no = buyer.buy((sku, 1))
        ask(buyer, order_no)
        refund(order_no, 29_900, 1)
        assert buyer.get(f"/orders/{order_no}/invoice")["state"] == "closed"
        assert ask(buyer, order_no, status=409)["error"]["code"] == "not_invoiceable"

    def test_the_database_takes_no_more_back_than_there_is(
        self, buyer: Caller, member: Caller, shop: Shop, sku: int
    ) -> None:
        order_no = buyer.buy((sku, 1))
        ask(buyer, order_no)
        issue(member, shop, order_no)
        with pytest.raises(IntegrityError), transaction.atomic():
            InvoiceLine.objects.update(red_minor=29_901)


class Gateway:
    """A tax gateway that numbers a reference once, and sometimes does not answer or refuses."""

    code = "taxman"

    def __init__(self) -> None:
        self.numbers: dict[str, str] = {}
        self.answers: list[Exception] = []

    def issue(self, document: Document) -> str:
        number = self.numbers.setdefault(document.reference, f"26{len(self.numbers):018d}")
        if self.answers:
            raise self.answers.pop(0)
        return number


class TestGateway:
    @pytest.fixture
    def gateway(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
        made = Gateway()
        monkeypatch.setattr(issuing, "issuer", lambda: made)
        return made

    def test_a_lost_answer_is_asked_for_again(
        self, buyer: Caller, member: Caller, shop: Shop, sku: int, gateway: Gateway
    ) -> None:
        order_no = buyer.buy((sku, 1))
        ask(buyer, order_no)
        gateway.answers = [IssuerDown()]
        assert issue(member, shop, order_no)["state"] == "issuing"
        assert issue(member, shop, order_no, status=409)["error"]["code"] == "invoice_state"
        assert issuing.issue_due() == 0
        refund(order_no, 500)  # goes back while it is being issued
        with clock.frozen(clock.now() + issuing.PAUSES[0]):
            assert issuing.issue_due() == 1
            assert buyer.get(f"/orders/{order_no}/invoice")["state"] == "issued"
            assert issuing.issue_due() == 1  # the red letter over what went back meanwhile
            assert issuing.issue_due() == 0
        told = list(Invoice.objects.order_by("id").values_list("kind", "gross_minor", "issuer"))
        assert told == [("blue", 29_900, "taxman"), ("red", 500, "taxman")]
        assert len(gateway.numbers) == 2
        assert not InvoiceSeries.objects.exists()

    def test_a_refusal_sends_it_back_to_the_queue_in_the_gateways_words(
        self, buyer: Caller, member: Caller, shop: Shop, sku: int, gateway: Gateway
    ) -> None:
        order_no = buyer.buy((sku, 1))
        ask(buyer, order_no)
        gateway.answers = [IssuerRefused("税号不存在")]
        issue(member, shop, order_no)
        assert issuing.issue_due() == 0
        found = member.get(f"/shops/{shop.id}/invoices/{order_no}")
        assert (found["state"], found["reason"], found["documents"][0]["refusal"]) == (
            "waiting",
            "税号不存在",
            "税号不存在",
        )
        issue(member, shop, order_no)
        assert issuing.issue_due() == 1


def test_rates_are_dated_and_the_operators(
    buyer: Caller, operator: Caller, member: Caller, shop: Shop, sku: int
) -> None:
    body = {"rate_bp": 900, "effective_from": clock.now().isoformat()}
    buyer.post("/operator/tax-rules", body, status=404)
    operator.post("/operator/tax-rules", {**body, "rate_bp": 10_001}, status=422)
    assert operator.post("/operator/tax-rules", body, status=201)["rules"][0]["rate_bp"] == 900
    order_no = buyer.buy((sku, 1))
    ask(buyer, order_no)
    issue(member, shop, order_no)
    assert InvoiceLine.objects.get().rate_bp == 900
