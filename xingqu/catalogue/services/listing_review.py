"""From submission to the shelf: the automatic check, then an operator where the site wants one."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction

from xingqu.accounts.services import notify
from xingqu.catalogue.domain.listing_check import Reasons
from xingqu.catalogue.models import ListingReview, Product
from xingqu.catalogue.selectors.shop_review import may_list, require_listing
from xingqu.catalogue.services.products import approve_product, check_product, refuse_product, take_online
from xingqu.catalogue.services.shelf import own_product, require, save_product
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.transactions import retried


@retried
@transaction.atomic
def submit_for_review(
    *,
    shop_id: int,
    product_id: int,
    person_id: int | None = None,
    online: bool = False,
    needs_picture: bool = True,
) -> Reasons:
    """Run the automatic check; returns its reasons by field, empty when there are none.

    A product without reasons is approved, or waits for an operator where the site's `listing_review` says so; `online`
    puts it on the shelf as soon as it is approved. Raises NotFound, WrongState for a banned product and for one that
    waits already, ShopNotApproved and ListingFrozen for `online` while the shop may not list.
    """
    product = own_product(shop_id=shop_id, product_id=product_id)
    if online:
        require_listing(shop_id=shop_id)
    require(not _is_waiting(product), "This product waits for the review already.", "a product that does not wait")
    texts, reasons = check_product(product, needs_picture=needs_picture)
    if reasons:
        refuse_product(product, reasons)
        return reasons
    is_edit = product.check_status == Product.CheckStatus.APPROVED
    nothing_new = is_edit and not product.draft
    if nothing_new or not settings.ENVIRONMENT.listings_need_operator:
        approve_product(product, texts)
        if online:
            take_online(shop_id=shop_id, product_id=product_id)
        return {}
    if is_edit:
        save_product(product, draft_status=Product.DraftStatus.PENDING, check_reasons={})
    else:
        save_product(
            product,
            check_status=Product.CheckStatus.PENDING,
            draft_status=Product.DraftStatus.NONE,
            check_reasons={},
        )
    ListingReview.objects.create(
        product=product,
        shop_id=shop_id,
        is_edit=is_edit,
        online_when_approved=online,
        submitted_by_id=person_id,
        submitted_at=clock.now(),
    )
    return {}


@retried
@transaction.atomic
def withdraw_submission(*, shop_id: int, product_id: int) -> None:
    """Take a waiting product back to its editors. Raises NotFound, WrongState when it does not wait."""
    product = own_product(shop_id=shop_id, product_id=product_id)
    require(_is_waiting(product), "This product does not wait for a review.", "a product that waits")
    save_product(product, **back_to_editing(product))


def back_to_editing(product: Product) -> dict[str, Any]:
    """The states of a product whose merchant goes on editing; its waiting review is withdrawn by saving them."""
    changes: dict[str, Any] = {"draft_status": Product.DraftStatus.EDITING}
    if product.check_status == Product.CheckStatus.PENDING:
        changes["check_status"] = Product.CheckStatus.UNSUBMITTED
    return changes


@retried
@transaction.atomic
def approve_listing(*, operator_id: int, review_id: int, version: int) -> None:
    """Pass a waiting product as it was seen at `version`. Raises NotFound, WrongState once decided, StaleVersion."""
    review, product = _waiting_review(review_id, version)
    texts, _ = check_product(product, needs_picture=False)
    _decide(review, operator_id, ListingReview.State.APPROVED, {})
    approve_product(product, texts)
    if review.online_when_approved and may_list(shop_id=product.shop_id):
        take_online(shop_id=product.shop_id, product_id=product.pk)
    _tell_shop(product, "product_approved")


@retried
@transaction.atomic
def reject_listing(*, operator_id: int, review_id: int, version: int, reasons: Mapping[str, str]) -> None:
    """Send a waiting product back with a reason for each field that is wrong ({field: what is wrong}).

    What is on sale stays on sale. Raises NotFound, WrongState once decided, StaleVersion, InvalidInput without reasons
    or for a field that a product does not have.
    """
    if not reasons:
        raise InvalidInput(field="reasons", expected="a reason for at least one field")
    for name in reasons:
        if name.split(".")[0] not in REVIEWED_FIELDS:
            raise InvalidInput(field="reasons", expected=", ".join(REVIEWED_FIELDS), data={"field": name})
    review, product = _waiting_review(review_id, version)
    rows: Reasons = {name: [{"code": "operator", "message": text}] for name, text in reasons.items()}
    _decide(review, operator_id, ListingReview.State.REJECTED, rows)
    refuse_product(product, rows)
    _tell_shop(product, "product_rejected")


REVIEWED_FIELDS = (
    "name",
    "category_id",
    "short_name",
    "brief",
    "brand",
    "unit",
    "detail_paragraphs",
    "attributes",
    "stated_tags",
    "promises",
    "pictures",
    "skus",
    "product",
)


def _is_waiting(product: Product) -> bool:
    return "pending" in (product.check_status, product.draft_status)


def _waiting_review(review_id: int, version: int) -> tuple[ListingReview, Product]:
    review = ListingReview.objects.filter(pk=review_id).first()
    if review is None:
        raise NotFound
    require(review.state == ListingReview.State.WAITING, "This review has been decided.", "a review that waits")
    product = own_product(shop_id=review.shop_id, product_id=review.product_id, version=version)
    require(_is_waiting(product), "This product does not wait for a review.", "a product that waits")
    return review, product


def _decide(review: ListingReview, operator_id: int, state: str, reasons: Reasons) -> None:
    """Guarded: of two operators who decide at once, one is told that it has been decided."""
    moved = ListingReview.objects.filter(pk=review.pk, state=ListingReview.State.WAITING).update(
        state=state, reasons=reasons, decided_by_id=operator_id, decided_at=clock.now()
    )
    require(moved == 1, "This review has been decided.", "a review that waits")


def _tell_shop(product: Product, kind: str) -> None:
    data = {"shop_id": product.shop_id, "product_id": product.pk, "product_name": product.name}
    notify(organisation_id=product.shop_id, kind=kind, data=data)
