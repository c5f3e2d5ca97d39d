"""Collaborations, as each side and the platform see them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from xingqu.accounts.selectors import creators_by_ids, organisation_cards
from xingqu.catalogue.selectors import cards
from xingqu.collaboration.domain.samples import Side
from xingqu.collaboration.domain.states import FINAL, State, steps_of
from xingqu.collaboration.domain.terms import earned_minor
from xingqu.collaboration.models import Collaboration, CollaborationPicture, CollaborationTerms
from xingqu.collaboration.selectors.fees import fee_view
from xingqu.collaboration.selectors.performance import performance_of, shown_works, terms_of
from xingqu.kit import clock
from xingqu.kit.errors import NotFound

TABS: dict[str, Q] = {
    "negotiating": Q(state=State.NEGOTIATING),
    "funding": Q(state=State.FUNDING),
    "running": Q(state=State.RUNNING),
    "disputed": Q(state=State.DISPUTED),
    "ended": Q(state__in=FINAL),
}
_NAMES = (
    "id",
    "collab_no",
    "shop_id",
    "creator_id",
    "opened_by",
    "state",
    "version",
    "waiting_for",
    "due_at",
    "currency",
    "terms_version",
    "merchant_version",
    "creator_version",
    "content_hash",
    "plan_ids",
    "paid_minor",
    "released_minor",
    "returned_minor",
    "reason",
    "created_at",
    "changed_at",
    "agreed_at",
    "started_at",
    "closed_at",
)


def collaborations_page(
    *, side: Side, tab: str | None, before_id: int | None, limit: int, waiting_for: str | None = None, **scope: Any
) -> tuple[list[dict[str, Any]], int | None]:
    """A page within `scope` (shop_id or creator_id), newest first, and the id to go on from."""
    rows = Collaboration.objects.filter(**scope)
    if tab is not None:
        rows = rows.filter(TABS[tab])
    if waiting_for is not None:
        rows = rows.filter(waiting_for=waiting_for)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-id")[: limit + 1])
    page = found[:limit]
    return _rows(page, side), page[-1].pk if len(found) > limit else None


def collaboration_counts(*, side: Side, **scope: Any) -> dict[str, int]:
    """Collaborations by tab, and those in which this side must act (`mine`)."""
    tabs = {**TABS, "mine": Q(waiting_for=side)}
    rows = Collaboration.objects.filter(**scope)
    counts = rows.aggregate(**{name: Count("id", filter=condition) for name, condition in tabs.items()})
    return {**counts, "ending": _ending(rows)}


def _ending(rows: QuerySet[Collaboration]) -> int:
    """How many that run end within `papers_warn_days`, by the terms that both have said yes to."""
    terms = CollaborationTerms.objects.filter(
        collaboration__in=rows.filter(state=State.RUNNING), version=F("collaboration__terms_version")
    )
    today = timezone.localdate(clock.now())
    edge = today + timedelta(days=settings.ENVIRONMENT.papers_warn_days)
    ends = [date.fromisoformat(values["ends_on"]) for values in terms.values_list("values", flat=True)]
    return sum(today <= day <= edge for day in ends)


def disputes_page(*, before_id: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """What waits for the platform's decision, the newest first, and the id to go on from."""
    return collaborations_page(side=Side.PLATFORM, tab="disputed", before_id=before_id, limit=limit)


def collaboration_detail(*, collab_no: str, side: Side, **scope: Any) -> dict[str, Any]:
    """One with all versions of its terms, what it brought, its works, and all that happened. Raises NotFound."""
    row = find(collab_no=collab_no, **scope)
    terms = terms_of(row)
    brought = performance_of(row, terms)
    versions = CollaborationTerms.objects.filter(collaboration=row).order_by("-version")
    return {
        **_rows([row], side)[0],
        "products": list(cards(terms.product_ids).values()),
        "versions": [
            {"version": one.version, "by_side": one.by_side, "created_at": one.created_at, "terms": one.values}
            for one in versions
        ],
        "performance": {
            "orders": brought.orders,
            "gmv_minor": brought.gmv_minor,
            "refunded_minor": brought.refunded_minor,
            "settled_minor": brought.settled_minor,
            "open_minor": brought.open_minor,
            "refund_bp": brought.refund_bp,
            "target_minor": terms.target_minor,
            "earned_minor": earned_minor(terms, brought.settled_minor),
            "held_minor": row.paid_minor - row.released_minor - row.returned_minor,
        },
        "fee_shares": None if side is Side.MERCHANT else fee_view(row, fee_minor=terms.slot_fee_minor),
        "works": shown_works(row, terms) if row.agreed_at is not None else [],
        "events": _events(row),
    }


def find(*, collab_no: str, **scope: Any) -> Collaboration:
    """Raises NotFound for one that is not within `scope`."""
    row = Collaboration.objects.filter(collab_no=collab_no, **scope).first()
    if row is None:
        raise NotFound(field="collab_no", expected="the number of one of your collaborations")
    return row


def picture_path(*, collab_no: str, picture_id: int, **scope: Any) -> str:
    """File of a picture of a collaboration within `scope`. Raises NotFound."""
    row = find(collab_no=collab_no, **scope)
    path = CollaborationPicture.objects.filter(collaboration=row, pk=picture_id).values_list("path", flat=True).first()
    if path is None:
        raise NotFound(field="picture_id")
    return str(path)


def _events(row: Collaboration) -> list[dict[str, Any]]:
    names = ("version", "step", "side", "state", "text", "data", "at")
    return [
        {
            **{name: getattr(event, name) for name in names},
            "picture_ids": sorted(picture.pk for picture in event.pictures.all()),
        }
        for event in row.events.order_by("version").prefetch_related("pictures")
    ]


def _rows(rows: Sequence[Collaboration], side: Side) -> list[dict[str, Any]]:
    creators = creators_by_ids(ids={row.creator_id for row in rows})
    shops = organisation_cards(ids={row.shop_id for row in rows})
    newest = _newest(CollaborationTerms.objects.filter(collaboration__in=rows))
    told = []
    for row in rows:
        creator, shop = creators.get(row.creator_id), shops.get(row.shop_id)
        can = steps_of(side, State(row.state), is_turn=row.waiting_for == side)
        told.append(
            {
                **{name: getattr(row, name) for name in _NAMES},
                "terms": newest[row.pk],
                "creator_name": creator.display_name if creator is not None else "",
                "creator_handle": creator.handle if creator is not None else "",
                "shop_name": shop.name if shop is not None else "",
                "shop_name_en": shop.name_en if shop is not None else "",
                "can": [step.value for step in can],
            }
        )
    return told


def _newest(rows: QuerySet[CollaborationTerms]) -> dict[int, dict[str, Any]]:
    """Collaboration id -> its newest terms."""
    return dict(rows.order_by("version").values_list("collaboration_id", "values"))
