"""Onboarding: a shop that signed up prepares products and lists them once an operator has seen its papers."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from xingqu.accounts.models import Membership, Notice, Organisation, Person
from xingqu.accounts.services import create_organisation, create_person
from xingqu.catalogue import services
from xingqu.catalogue.domain.errors import ShopNotApproved, TooMany, WrongState
from xingqu.catalogue.domain.shop_check import is_credit_code
from xingqu.catalogue.models import ListingReview, Product, ShopApplication, ShopDocument
from xingqu.catalogue.selectors import shop_review as selectors
from xingqu.catalogue.services import shop_review
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CODE = "91350100M000100Y43"  # the standard's own example
JSON = "application/json"


@pytest.fixture(autouse=True)
def review(settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(
        update={"listing_review": "automatic", "shop_review": "operator"}
    )


@pytest.fixture
def operator_id(db: None) -> int:
    return create_person(email="operator@site.example", password=None, is_operator=True)


@pytest.fixture
def owner_id(shop_id: int) -> int:
    Organisation.objects.filter(pk=shop_id).update(may_list=False)
    return Person.objects.get(email="owner@shop.example").pk


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (80, 80), "white").save(out, "PNG")
    return SimpleUploadedFile("licence.png", out.getvalue(), content_type="image/png")


def papers(shop_id: int, owner_id: int) -> list[int]:
    return [
        shop_review.add_document(shop_id=shop_id, person_id=owner_id, kind=kind, file=picture())
        for kind in ("licence", "identity_front", "identity_back")
    ]


def submit(shop_id: int, owner_id: int, **changes: Any) -> int:
    values: dict[str, Any] = {
        "kind": "company",
        "legal_name": "福州素屋家居有限公司",
        "licence_no": CODE,
        "licence_until": None,
        "contact_name": "店主",
        "contact_phone": "13800000000",
    } | changes
    if "document_ids" not in values:
        values["document_ids"] = papers(shop_id, owner_id)
    return shop_review.submit_shop(shop_id=shop_id, person_id=owner_id, **values)


def signed_in(person_id: int) -> Client:
    client = Client()
    client.force_login(Person.objects.get(pk=person_id), backend=BACKEND)
    return client


@pytest.mark.parametrize(
    ("code", "right"), [(CODE, True), ("91350100M000100Y44", False), ("91350100I000100Y43", False), ("1", False)]
)
def test_the_last_character_of_a_licence_checks_the_others(code: str, right: bool) -> None:
    assert is_credit_code(code) is right


def test_a_shop_prepares_and_lists_once_approved(
    shop_id: int, owner_id: int, operator_id: int, make_product: Callable[..., int]
) -> None:
    product_id = make_product(online=False)
    assert selectors.shop_state(shop_id=shop_id) == "unsubmitted"
    assert services.submit_for_review(shop_id=shop_id, product_id=product_id, needs_picture=False) == {}
    with pytest.raises(ShopNotApproved):
        services.take_online(shop_id=shop_id, product_id=product_id)
    application_id = submit(shop_id, owner_id)
    assert selectors.shop_state(shop_id=shop_id) == "waiting"
    with pytest.raises(ShopNotApproved):
        services.take_online(shop_id=shop_id, product_id=product_id)
    assert Product.objects.get(pk=product_id).status == "offline"
    shop_review.approve_shop(operator_id=operator_id, application_id=application_id)
    assert selectors.shop_state(shop_id=shop_id) == "approved"
    services.take_online(shop_id=shop_id, product_id=product_id)
    assert Product.objects.get(pk=product_id).status == "online"
    assert Notice.objects.get().kind == "shop_approved"


def test_submitting_for_the_shelf_is_refused_before_anything_changes(
    shop_id: int, owner_id: int, make_product: Callable[..., int]
) -> None:
    product_id = make_product(online=False)
    with pytest.raises(ShopNotApproved):
        services.submit_for_review(shop_id=shop_id, product_id=product_id, online=True, needs_picture=False)
    assert Product.objects.get(pk=product_id).check_status == "unsubmitted"


def test_a_product_approved_for_the_shelf_stays_off_it_until_the_shop_is_approved(
    shop_id: int, operator_id: int, make_product: Callable[..., int], settings: Any
) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"listing_review": "operator"})
    product_id = make_product(online=False)
    services.submit_for_review(shop_id=shop_id, product_id=product_id, online=True, needs_picture=False)
    Organisation.objects.filter(pk=shop_id).update(may_list=False)
    version = Product.objects.get(pk=product_id).version
    services.approve_listing(operator_id=operator_id, review_id=ListingReview.objects.get().pk, version=version)
    row = Product.objects.get(pk=product_id)
    assert (row.check_status, row.status) == ("approved", "offline")


def test_a_shop_sent_back_sees_reasons_by_field_and_submits_anew(shop_id: int, owner_id: int, operator_id: int) -> None:
    first = submit(shop_id, owner_id)
    documents = [each["id"] for each in selectors.shop_application(application_id=first)["documents"]]
    shop_review.reject_shop(operator_id=operator_id, application_id=first, reasons={"licence": "照片模糊"})
    shown = selectors.shop_qualification(shop_id=shop_id)
    assert (shown["state"], shown["may_list"], shown["application"]["reasons"]) == (
        "rejected",
        False,
        {"licence": "照片模糊"},
    )
    second = submit(shop_id, owner_id, document_ids=documents)
    assert second != first
    shop_review.approve_shop(operator_id=operator_id, application_id=second)
    assert list(ShopApplication.objects.order_by("id").values_list("state", flat=True)) == ["rejected", "approved"]


def test_each_submission_is_decided_once(shop_id: int, owner_id: int, operator_id: int) -> None:
    application_id = submit(shop_id, owner_id)
    with pytest.raises(WrongState):
        submit(shop_id, owner_id)
    shop_review.withdraw_shop(shop_id=shop_id)
    for act in (
        lambda: shop_review.approve_shop(operator_id=operator_id, application_id=application_id),
        lambda: shop_review.reject_shop(
            operator_id=operator_id, application_id=application_id, reasons={"licence": "不清楚"}
        ),
        lambda: shop_review.withdraw_shop(shop_id=shop_id),
    ):
        with pytest.raises(WrongState):
            act()
    assert ShopApplication.objects.get().state == "withdrawn"
    assert not Organisation.objects.get(pk=shop_id).may_list
    assert selectors.shop_state(shop_id=shop_id) == "unsubmitted"


def test_the_database_lets_one_submission_of_a_shop_wait(shop_id: int, owner_id: int) -> None:
    submit(shop_id, owner_id)
    row = ShopApplication.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    assert ShopApplication.objects.count() == 1


def test_an_approved_shop_stays_approved_when_a_change_of_its_papers_is_sent_back(
    shop_id: int, owner_id: int, operator_id: int
) -> None:
    shop_review.approve_shop(operator_id=operator_id, application_id=submit(shop_id, owner_id))
    second = submit(shop_id, owner_id, legal_name="新名字有限公司")
    shop_review.reject_shop(operator_id=operator_id, application_id=second, reasons={"legal_name": "与执照不符"})
    assert selectors.shop_state(shop_id=shop_id) == "approved"


def test_wrong_papers_are_refused(shop_id: int, owner_id: int, operator_id: int) -> None:
    other = create_organisation(owner_id=owner_id, kind="merchant", name="别家店", may_list=False)
    foreign = papers(other, owner_id)
    mine = papers(shop_id, owner_id)
    yesterday = clock.now().date() - timedelta(days=1)
    for field, changes in (
        ("licence_no", {"licence_no": "91350100M000100Y44"}),
        ("licence_until", {"licence_until": yesterday}),
        ("document_ids", {"document_ids": foreign}),
        ("document_ids", {"document_ids": mine[:2]}),
        ("document_ids", {"document_ids": [*mine, mine[0]]}),
    ):
        with pytest.raises(InvalidInput) as refused:
            submit(shop_id, owner_id, **({"document_ids": mine} | changes))
        assert refused.value.field == field
    assert not ShopApplication.objects.exists()
    application_id = submit(shop_id, owner_id, document_ids=mine)
    for reasons in ({}, {"password": "不对"}):
        with pytest.raises(InvalidInput):
            shop_review.reject_shop(operator_id=operator_id, application_id=application_id, reasons=reasons)
    assert ShopApplication.objects.get().state == "waiting"


def test_loose_pictures_are_bounded_and_swept(shop_id: int, owner_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop_review, "MAX_LOOSE", 3)
    papers(shop_id, owner_id)
    with pytest.raises(TooMany):
        papers(shop_id, owner_id)
    assert ShopDocument.objects.count() == 3
    ids = list(ShopDocument.objects.order_by("id").values_list("id", flat=True))
    submit(shop_id, owner_id, document_ids=ids)
    loose = shop_review.add_document(shop_id=shop_id, person_id=owner_id, kind="other", file=picture())
    ShopDocument.objects.update(uploaded_at=clock.now() - timedelta(days=8))
    assert shop_review.sweep_documents() == 1
    assert not ShopDocument.objects.filter(pk=loose).exists()
    assert ShopDocument.objects.count() == 3


def test_where_the_site_decides_by_itself_every_shop_lists(shop_id: int, owner_id: int, settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"shop_review": "automatic"})
    assert selectors.shop_state(shop_id=shop_id) == "approved"
    submit(shop_id, owner_id)
    assert ShopApplication.objects.get().state == "approved"
    assert Organisation.objects.get(pk=shop_id).may_list


def test_sign_up_over_http_to_approval(db: None, operator_id: int) -> None:
    person_id = create_person(email="new@shop.example", password=None)
    merchant, operator = signed_in(person_id), signed_in(operator_id)
    shop_id = merchant.post("/api/v1/organisations", {"name": "新开的店"}, content_type=JSON).json()["id"]
    base = f"/api/v1/shops/{shop_id}/qualification"
    assert merchant.get(f"{base}/state").json() == {
        "state": "unsubmitted",
        "listing_frozen": False,
        "papers": {"expired": 0, "expiring": 0},
    }
    ids = []
    for kind in ("licence", "identity_front", "identity_back"):
        answer = merchant.post(f"{base}/documents", {"kind": kind, "file": picture()})
        assert answer.status_code == 201, answer.content
        ids.append(answer.json()["id"])
    body = {
        "kind": "individual",
        "legal_name": "新开的店铺",
        "licence_no": CODE.lower(),
        "licence_until": "2099-01-01",
        "contact_name": "店主",
        "contact_phone": "13800000000",
        "document_ids": ids,
    }
    sent = merchant.post(base, body, content_type=JSON)
    assert (sent.status_code, sent.json()["state"], sent.json()["application"]["licence_no"]) == (201, "waiting", CODE)
    queue = operator.get("/api/v1/operator/shop-applications").json()["items"]
    assert [row["shop_id"] for row in queue] == [shop_id]
    shown = operator.get(queue[0]["documents"][0]["url"])
    assert (shown.status_code, shown["Content-Type"], shown["Cache-Control"]) == (
        200,
        "image/webp",
        "private, no-store",
    )
    assert b"WEBP" in b"".join(shown.streaming_content)[:16]  # type: ignore[attr-defined]
    done = operator.post(f"/api/v1/operator/shop-applications/{queue[0]['id']}/approve")
    assert (done.status_code, done.json()["state"]) == (200, "approved")
    assert merchant.get(base).json()["state"] == "approved"


def test_papers_are_of_owner_manager_and_operators_alone(shop_id: int, owner_id: int, operator_id: int) -> None:
    application_id = submit(shop_id, owner_id)
    document = ShopDocument.objects.order_by("id").first()
    assert document is not None
    base = f"/api/v1/shops/{shop_id}/qualification"
    people = {}
    for role in ("manager", "catalogue", "stranger"):
        person_id = create_person(email=f"{role}@shop.example", password=None)
        if role != "stranger":
            Membership.objects.create(organisation_id=shop_id, person_id=person_id, role=role)
        people[role] = signed_in(person_id)
    papers_at = f"{base}/documents/{document.pk}"
    for path in (base, papers_at):
        answers = [people[role].get(path) for role in people]
        assert [answer.status_code for answer in answers] == [200, 403, 404]
        if answers[0].streaming:
            assert b"WEBP" in b"".join(answers[0].streaming_content)[:16]  # type: ignore[attr-defined]
        assert Client().get(path).status_code == 401
    assert [people[role].get(f"{base}/state").status_code for role in people] == [200, 200, 404]
    for path in (f"{base}/documents", base, f"{base}/withdraw"):
        body: dict[str, Any] = {"kind": "licence", "file": picture()} if path.endswith("documents") else {}
        for role, status in (("catalogue", 403), ("stranger", 404)):
            if path == base:
                full = {
                    "kind": "company",
                    "legal_name": "名字",
                    "licence_no": CODE,
                    "contact_name": "店主",
                    "contact_phone": "13800000000",
                    "document_ids": [],
                }
                answer = people[role].post(path, full, content_type=JSON)
            else:
                answer = people[role].post(path, dict(body))
                body = {"kind": "licence", "file": picture()} if body else {}
            assert answer.status_code == status, (path, role)
    queue = "/api/v1/operator/shop-applications"
    owner = signed_in(owner_id)
    assert owner.get(queue).status_code == 404
    assert owner.post(f"{queue}/{application_id}/approve").status_code == 404
    reasons = {"reasons": {"licence": "模糊"}}
    assert owner.post(f"{queue}/{application_id}/reject", reasons, content_type=JSON).status_code == 404
    assert ShopApplication.objects.get().state == "waiting"


def test_another_shops_picture_is_not_found_below_ones_own(shop_id: int, owner_id: int) -> None:
    papers(shop_id, owner_id)
    theirs = ShopDocument.objects.order_by("id").first()
    assert theirs is not None
    other_owner = create_person(email="other@shop.example", password=None)
    other = create_organisation(owner_id=other_owner, kind="merchant", name="别家店")
    for shop in (shop_id, other):
        answer = signed_in(other_owner).get(f"/api/v1/shops/{shop}/qualification/documents/{theirs.pk}")
        assert answer.status_code == 404


def test_papers_that_end_are_told_of(shop_id: int, owner_id: int, operator_id: int) -> None:
    """A licence that ends and a permit; what was handed in anew and waits is nothing to be told of."""
    now = clock.now()
    today = timezone.localdate(now)

    def told(days: int = 0) -> tuple[int, int]:
        with clock.frozen(now + timedelta(days=days)):
            ending = selectors.papers_ending(shop_id=shop_id)
        return ending["expired"], ending["expiring"]

    body = {"kind": "other", "valid_until": (today + timedelta(days=60)).isoformat(), "file": picture()}
    answer = signed_in(owner_id).post(f"/api/v1/shops/{shop_id}/qualification/documents", body)
    assert (answer.status_code, answer.json()["valid_until"]) == (201, body["valid_until"])
    documents = [*papers(shop_id, owner_id), answer.json()["id"]]
    first = submit(shop_id, owner_id, licence_until=today + timedelta(days=31), document_ids=documents)
    assert told(31) == (0, 0)
    shop_review.approve_shop(operator_id=operator_id, application_id=first)
    assert [told(days) for days in (0, 1, 31, 32, 61)] == [(0, 0), (0, 1), (0, 2), (1, 1), (2, 0)]
    submit(shop_id, owner_id, licence_until=today + timedelta(days=900))
    assert told(61) == (0, 0)


def test_a_paper_that_has_expired_is_refused(shop_id: int, owner_id: int) -> None:
    yesterday = timezone.localdate(clock.now()) - timedelta(days=1)
    path = f"/api/v1/shops/{shop_id}/qualification/documents"
    answer = signed_in(owner_id).post(path, {"kind": "other", "valid_until": yesterday.isoformat(), "file": picture()})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "valid_until")
    assert not ShopDocument.objects.exists()
    documents = papers(shop_id, owner_id)
    ShopDocument.objects.filter(pk=documents[1]).update(valid_until=yesterday)
    with pytest.raises(InvalidInput) as refused:
        submit(shop_id, owner_id, document_ids=documents)
    assert refused.value.field == "document_ids"
    assert not ShopApplication.objects.exists()
