"""Submitted products before an operator: what is on sale stays on sale, and each is decided once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from xingqu.accounts.models import Notice, Person
from xingqu.accounts.services import create_organisation, create_person
from xingqu.catalogue import selectors, services
from xingqu.catalogue.domain.errors import StaleVersion, WrongState
from xingqu.catalogue.models import ListingReview, Product
from xingqu.kit.errors import InvalidInput

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def listing_review(settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"listing_review": "operator"})


@pytest.fixture
def operator_id(db: None) -> int:
    return create_person(email="operator@site.example", password=None, is_operator=True)


@pytest.fixture
def waiting(shop_id: int, make_product: Callable[..., int]) -> int:
    """A product that waits for an operator and is to go on the shelf then."""
    product_id = make_product(online=False)
    reasons = services.submit_for_review(shop_id=shop_id, product_id=product_id, online=True, needs_picture=False)
    assert reasons == {}
    return product_id


def state(product_id: int) -> tuple[str, str, str]:
    row = Product.objects.get(pk=product_id)
    return row.status, row.check_status, row.draft_status


def review_of(product_id: int) -> ListingReview:
    return ListingReview.objects.get(product_id=product_id)


def version_of(product_id: int) -> int:
    return Product.objects.get(pk=product_id).version


def test_a_new_product_waits_and_goes_on_sale_with_the_approval(waiting: int, operator_id: int, shop_id: int) -> None:
    assert state(waiting) == ("offline", "pending", "none")
    with pytest.raises(WrongState):
        services.take_online(shop_id=shop_id, product_id=waiting)
    shown = selectors.listing_review(review_id=review_of(waiting).pk)
    assert (shown["state"], shown["is_edit"], shown["current"], shown["changed_fields"]) == ("waiting", False, None, [])
    assert shown["proposed"]["name"] == "纯棉刺绣四件套"
    services.approve_listing(operator_id=operator_id, review_id=review_of(waiting).pk, version=shown["version"])
    assert state(waiting) == ("online", "approved", "none")
    assert Notice.objects.get().kind == "product_approved"
    row = review_of(waiting)
    assert (row.state, row.decided_by_id) == ("approved", operator_id)


def test_it_waits_once(waiting: int, shop_id: int) -> None:
    with pytest.raises(WrongState):
        services.submit_for_review(shop_id=shop_id, product_id=waiting, needs_picture=False)
    assert ListingReview.objects.count() == 1


def test_what_fails_the_automatic_check_never_reaches_the_queue(shop_id: int, make_product: Callable[..., int]) -> None:
    product_id = make_product(online=False, brief="全国第一的四件套")
    reasons = services.submit_for_review(shop_id=shop_id, product_id=product_id, needs_picture=False)
    assert list(reasons) == ["brief"]
    assert state(product_id) == ("offline", "rejected", "editing")
    assert not ListingReview.objects.exists()


def test_reasons_stand_by_field_and_it_can_be_submitted_again(waiting: int, operator_id: int, shop_id: int) -> None:
    reasons = {"name": "与图片不符", "attributes.材质": "请写明成分比例"}
    services.reject_listing(
        operator_id=operator_id, review_id=review_of(waiting).pk, version=version_of(waiting), reasons=reasons
    )
    assert state(waiting) == ("offline", "rejected", "editing")
    kept = Product.objects.get(pk=waiting).check_reasons
    assert kept == {name: [{"code": "operator", "message": text}] for name, text in reasons.items()}
    services.submit_for_review(shop_id=shop_id, product_id=waiting, needs_picture=False)
    assert state(waiting)[1] == "pending"
    assert Product.objects.get(pk=waiting).check_reasons == {}


def test_an_edit_of_what_is_on_sale_waits_beside_it(
    shop_id: int, make_product: Callable[..., int], operator_id: int
) -> None:
    product_id = make_product()
    services.update_product(
        shop_id=shop_id, product_id=product_id, version=version_of(product_id), changes={"name": "长绒棉四件套"}
    )
    services.submit_for_review(shop_id=shop_id, product_id=product_id, needs_picture=False)
    assert state(product_id) == ("online", "approved", "pending")
    assert selectors.product_detail(product_id=product_id)["name"] == "纯棉刺绣四件套"
    shown = selectors.listing_review(review_id=review_of(product_id).pk)
    assert (shown["current"]["name"], shown["proposed"]["name"]) == ("纯棉刺绣四件套", "长绒棉四件套")
    assert shown["changed_fields"] == ["name"]
    services.reject_listing(
        operator_id=operator_id, review_id=shown["id"], version=shown["version"], reasons={"name": "没有凭证"}
    )
    assert state(product_id) == ("online", "approved", "rejected")
    assert selectors.product_detail(product_id=product_id)["name"] == "纯棉刺绣四件套"
    services.submit_for_review(shop_id=shop_id, product_id=product_id, needs_picture=False)
    again = ListingReview.objects.get(state="waiting")
    services.approve_listing(operator_id=operator_id, review_id=again.pk, version=version_of(product_id))
    assert selectors.product_detail(product_id=product_id)["name"] == "长绒棉四件套"


def test_editing_takes_it_out_of_the_queue(waiting: int, shop_id: int, operator_id: int) -> None:
    seen = version_of(waiting)
    review_id = review_of(waiting).pk
    services.update_product(shop_id=shop_id, product_id=waiting, version=seen, changes={"brief": "换了一句话"})
    assert state(waiting) == ("offline", "unsubmitted", "editing")
    assert review_of(waiting).state == "withdrawn"
    with pytest.raises(WrongState):
        services.approve_listing(operator_id=operator_id, review_id=review_id, version=version_of(waiting))
    assert state(waiting) == ("offline", "unsubmitted", "editing")


def test_withdrawing_and_deleting_take_it_out_too(waiting: int, shop_id: int) -> None:
    services.withdraw_submission(shop_id=shop_id, product_id=waiting)
    assert (state(waiting)[1], review_of(waiting).state) == ("unsubmitted", "withdrawn")
    with pytest.raises(WrongState):
        services.withdraw_submission(shop_id=shop_id, product_id=waiting)


def test_an_approval_is_of_what_was_seen(waiting: int, operator_id: int) -> None:
    seen = version_of(waiting)
    Product.objects.filter(pk=waiting).update(version=seen + 1)
    with pytest.raises(StaleVersion):
        services.approve_listing(operator_id=operator_id, review_id=review_of(waiting).pk, version=seen)
    assert state(waiting) == ("offline", "pending", "none")


def test_it_is_decided_once(waiting: int, operator_id: int) -> None:
    review_id = review_of(waiting).pk
    services.approve_listing(operator_id=operator_id, review_id=review_id, version=version_of(waiting))
    with pytest.raises(WrongState):
        services.reject_listing(
            operator_id=operator_id, review_id=review_id, version=version_of(waiting), reasons={"name": "晚了"}
        )
    assert state(waiting)[1] == "approved"
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("reasons", [{}, {"price_of_tea": "?"}])
def test_a_rejection_names_fields_that_there_are(waiting: int, operator_id: int, reasons: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        services.reject_listing(
            operator_id=operator_id, review_id=review_of(waiting).pk, version=version_of(waiting), reasons=reasons
        )
    assert state(waiting)[1] == "pending"


def test_the_queue_is_for_operators_alone(waiting: int, operator_id: int) -> None:
    review_id = review_of(waiting).pk
    base = "/api/v1/operator/listings"
    guest, merchant, operator = Client(), Client(), Client()
    merchant.force_login(Person.objects.get(email="owner@shop.example"), backend=BACKEND)
    operator.force_login(Person.objects.get(pk=operator_id), backend=BACKEND)
    for path in ("", f"/{review_id}"):
        assert guest.get(base + path).status_code == 401
        assert merchant.get(base + path).status_code == 404
    for action in ("approve", "reject"):
        body = {"version": version_of(waiting), "reasons": {"name": "不行"}}
        answer = merchant.post(f"{base}/{review_id}/{action}", body, content_type="application/json")
        assert answer.status_code == 404
    assert state(waiting)[1] == "pending"
    queue = operator.get(base).json()
    assert ([row["id"] for row in queue["items"]], queue["waiting"]) == ([review_id], 1)
    done = operator.post(
        f"{base}/{review_id}/approve", {"version": version_of(waiting)}, content_type="application/json"
    )
    assert (done.status_code, done.json()["state"]) == (200, "approved")
    assert operator.get(base).json()["waiting"] == 0


def test_another_shop_can_withdraw_nothing(waiting: int, shop_id: int) -> None:
    pk = create_person(email="other@shop.example", password=None)
    other_shop = create_organisation(owner_id=pk, kind="merchant", name="别家店")
    other = Client()
    other.force_login(Person.objects.get(pk=pk), backend=BACKEND)
    for shop in (shop_id, other_shop):
        answer = other.post(f"/api/v1/shops/{shop}/products/{waiting}/withdraw")
        assert answer.status_code == 404
    assert state(waiting)[1] == "pending"
