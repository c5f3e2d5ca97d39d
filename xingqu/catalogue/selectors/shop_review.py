"""Onboarding as the shop and an operator read it, and whether a shop may list products."""

from datetime import date, timedelta
from typing import IO, Any

from django.conf import settings
from django.utils import timezone

from xingqu.accounts.selectors import is_listing_allowed, is_listing_frozen, organisation_cards
from xingqu.catalogue.domain.errors import ListingFrozen, ShopNotApproved
from xingqu.catalogue.models import Product, ShopApplication, ShopDocument
from xingqu.kit import clock
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.errors import NotFound
from xingqu.kit.private_files import open_private


def require_listing(*, shop_id: int) -> None:
    """Raises ShopNotApproved, ListingFrozen for a shop that may put nothing (new) on sale."""
    if not is_approved(shop_id=shop_id):
        raise ShopNotApproved
    if is_listing_frozen(organisation_id=shop_id):
        raise ListingFrozen


def may_list(*, shop_id: int) -> bool:
    """Whether the shop may put products on sale now: it is approved, and nothing stops it."""
    return is_approved(shop_id=shop_id) and not is_listing_frozen(organisation_id=shop_id)


def shop_kind(*, shop_id: int) -> str:
    """`company` or `individual`, by the papers that were approved last; a shop that the house made is a company."""
    rows = ShopApplication.objects.filter(shop_id=shop_id, state=ShopApplication.State.APPROVED).order_by("-id")
    return rows.values_list("kind", flat=True).first() or ShopApplication.Kind.COMPANY


def count_on_sale(*, shop_id: int) -> int:
    """How many products of a shop stand on the shelf."""
    return Product.objects.filter(shop_id=shop_id, status=Product.Status.ONLINE).count()


def is_approved(*, shop_id: int) -> bool:
    """Whether the shop's papers were approved, or the site asks for no operator."""
    return not settings.ENVIRONMENT.shops_need_operator or is_listing_allowed(organisation_id=shop_id)


def shop_state(*, shop_id: int) -> str:
    """`approved`, else where its latest submission stands: `unsubmitted`, `waiting` or `rejected`. Shown to every member."""
    if is_approved(shop_id=shop_id):
        return "approved"
    latest = ShopApplication.objects.filter(shop_id=shop_id).order_by("-id").values_list("state", flat=True).first()
    return latest if latest in ("waiting", "rejected") else "unsubmitted"


def papers_ending(*, shop_id: int) -> dict[str, int]:
    """How many of the papers that were approved last have `expired`, and how many more end (`expiring`) within
    `papers_warn_days`. None of either while newer ones wait to be looked at."""
    latest = ShopApplication.objects.filter(shop_id=shop_id, state__in=("waiting", "approved")).order_by("-id").first()
    if latest is None or latest.state == ShopApplication.State.WAITING:
        return {"expired": 0, "expiring": 0}
    ends: list[date | None] = [latest.licence_until, *latest.documents.values_list("valid_until", flat=True)]
    today = timezone.localdate(clock.now())
    edge = today + timedelta(days=settings.ENVIRONMENT.papers_warn_days)
    return {
        "expired": sum(day is not None and day < today for day in ends),
        "expiring": sum(day is not None and today <= day <= edge for day in ends),
    }


def shop_qualification(*, shop_id: int) -> dict[str, Any]:
    """The shop's state, and its latest submission with its pictures. For its owner and managers."""
    latest = _with_people().filter(shop_id=shop_id).order_by("-id").first()
    return {
        "state": shop_state(shop_id=shop_id),
        "may_list": may_list(shop_id=shop_id),
        "listing_frozen": is_listing_frozen(organisation_id=shop_id),
        "papers": papers_ending(shop_id=shop_id),
        "needs_operator": settings.ENVIRONMENT.shops_need_operator,
        "application": None if latest is None else _row(latest, _name(latest.shop_id)),
    }


def shop_applications(*, state: str, cursor: str | None, limit: int) -> tuple[list[dict[str, Any]], str | None]:
    """A page of the operators' queue: those that wait oldest first, decided ones newest first."""
    rows = _with_people().filter(state=state)
    position = decode_cursor(cursor, int)
    waiting = state == ShopApplication.State.WAITING
    if position is not None:
        rows = rows.filter(pk__gt=position[0]) if waiting else rows.filter(pk__lt=position[0])
    found = list(rows.order_by("id" if waiting else "-id")[: limit + 1])
    shops = organisation_cards(ids={row.shop_id for row in found})
    items = [_row(row, shops[row.shop_id].name) for row in found[:limit]]
    return items, encode_cursor(items[-1]["id"]) if len(found) > limit else None


def shop_application(*, application_id: int) -> dict[str, Any]:
    """One submission. Raises NotFound."""
    row = _with_people().filter(pk=application_id).first()
    if row is None:
        raise NotFound
    return _row(row, _name(row.shop_id))


def document_row(*, shop_id: int, document_id: int) -> dict[str, Any]:
    """A picture by its id. Raises NotFound for another shop's."""
    return _document(_own(shop_id, document_id))


def open_document(*, shop_id: int, document_id: int) -> IO[bytes]:
    """The picture's bytes (WebP). Who asks was checked by the caller. Raises NotFound for another shop's or a lost file."""
    try:
        return open_private(_own(shop_id, document_id).path)
    except FileNotFoundError as error:
        raise NotFound from error


def _own(shop_id: int, document_id: int) -> ShopDocument:
    row = ShopDocument.objects.filter(pk=document_id, shop_id=shop_id).first()
    if row is None:
        raise NotFound
    return row


def _with_people() -> Any:
    return ShopApplication.objects.select_related("decided_by").prefetch_related("documents")


def _name(shop_id: int) -> str:
    return organisation_cards(ids=[shop_id])[shop_id].name


def _document(row: ShopDocument) -> dict[str, Any]:
    url = f"/api/v1/shops/{row.shop_id}/qualification/documents/{row.pk}"
    size = {"width": row.width, "height": row.height}
    return {"id": row.pk, "kind": row.kind, "url": url, **size, "valid_until": row.valid_until}


def _row(row: ShopApplication, shop_name: str) -> dict[str, Any]:
    return {
        "id": row.pk,
        "shop_id": row.shop_id,
        "shop_name": shop_name,
        "state": row.state,
        "kind": row.kind,
        "legal_name": row.legal_name,
        "licence_no": row.licence_no,
        "licence_until": row.licence_until,
        "contact_name": row.contact_name,
        "contact_phone": row.contact_phone,
        "documents": [_document(each) for each in sorted(row.documents.all(), key=lambda one: one.pk)],
        "reasons": row.reasons,
        "submitted_at": row.submitted_at,
        "decided_at": row.decided_at,
        "decided_by": str(row.decided_by) if row.decided_by is not None else None,
    }
