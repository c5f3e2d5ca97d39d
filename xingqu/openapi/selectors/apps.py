"""Programs, webhooks, deliveries and the log of changes, as their shop sees them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings

from xingqu.kit import clock
from xingqu.kit.api import decode_cursor, encode_cursor
from xingqu.kit.sql import fetch_one, read_time
from xingqu.openapi.domain.errors import CursorGone
from xingqu.openapi.models import Change, OpenApp, WebhookDelivery, WebhookEndpoint

_TOKEN = (
    "SELECT a.id, a.shop_id, a.created_by_id, a.calls_per_minute, t.scopes, t.expires_at FROM openapi_accesstoken t"
    " JOIN openapi_openapp a ON a.id = t.app_id WHERE t.token_hash = %s AND a.is_active"
)


@dataclass(frozen=True, slots=True)
class TokenCard:
    """What a token stands for."""

    app_id: int
    shop_id: int
    person_id: int
    calls_per_minute: int
    scopes: frozenset[str]
    expires_at: datetime


def token_card(*, token_hash: str) -> TokenCard | None:
    """The program of a token, expired or not; None when unknown or stopped. On every call's way, hence short SQL."""
    row = fetch_one(_TOKEN, [token_hash])
    if row is None:
        return None
    scopes = orjson.loads(row[4]) if isinstance(row[4], str) else row[4]
    return TokenCard(row[0], row[1], row[2], row[3], frozenset(scopes), read_time(row[5]))


def apps_of(*, shop_id: int) -> list[dict[str, Any]]:
    """A shop's programs, oldest first, each with its endpoints."""
    apps = OpenApp.objects.filter(shop_id=shop_id).order_by("id").prefetch_related("endpoints")
    return [_app(app) for app in apps]


def app_row(*, shop_id: int, app_id: int) -> dict[str, Any]:
    """One of a shop's programs. The caller has checked that it is there."""
    return _app(OpenApp.objects.prefetch_related("endpoints").get(pk=app_id, shop_id=shop_id))


def _app(app: OpenApp) -> dict[str, Any]:
    fields = ("id", "name", "client_id", "scopes", "is_active", "calls_per_minute", "created_at", "used_at")
    return {name: getattr(app, name) for name in fields} | {
        "endpoints": [endpoint_row(row) for row in sorted(app.endpoints.all(), key=lambda row: row.pk)]
    }


def endpoint_row(row: WebhookEndpoint) -> dict[str, Any]:
    """An endpoint without its secret."""
    return {name: getattr(row, name) for name in ("id", "url", "topics", "is_active", "failing_since", "created_at")}


def changes_page(*, shop_id: int, cursor: str | None, topics: list[str], limit: int) -> dict[str, Any]:
    """Entries after a cursor, oldest first, and the cursor to go on from, which is never null: ask again with it later.

    Without a cursor: no entries, the cursor of the newest one. Raises CursorGone for a cursor older than entries are kept.
    """
    now = clock.now()
    rows = Change.objects.filter(shop_id=shop_id)
    newest = (
        rows.order_by("-id").values_list("id", flat=True).first() or 0
    )  # read first: nothing between is passed over
    position = decode_cursor(cursor, int, int)
    if position is None:
        return {"items": [], "next_cursor": encode_cursor(newest, int(now.timestamp())), "has_more": False}
    last_id, read_at_s = position
    kept_s = settings.ENVIRONMENT.open_changes_days * 86_400
    if read_at_s < now.timestamp() - kept_s:
        raise CursorGone(field="cursor", expected=f"a cursor of the last {settings.ENVIRONMENT.open_changes_days} days")
    wanted = rows.filter(pk__gt=last_id)
    if topics:
        wanted = wanted.filter(topic__in=topics)
    found = list(wanted.order_by("id")[: limit + 1])
    more = len(found) > limit
    page = found[:limit]
    place = page[-1].pk if more else max([newest, last_id, *(row.pk for row in page)])
    # More is waiting: the time of this cursor stays, for what it leads to is as old.
    told_at_s = read_at_s if more else int(now.timestamp())
    return {
        "items": [{name: getattr(row, name) for name in ("id", "topic", "reference", "data", "at")} for row in page],
        "next_cursor": encode_cursor(place, told_at_s),
        "has_more": more,
    }


def deliveries_page(
    *, shop_id: int, endpoint_id: int | None, state: str | None, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """A shop's deliveries, newest first, and the next cursor."""
    rows = WebhookDelivery.objects.select_related("change", "endpoint").filter(endpoint__app__shop_id=shop_id)
    if endpoint_id is not None:
        rows = rows.filter(endpoint_id=endpoint_id)
    if state:
        rows = rows.filter(state=state)
    position = decode_cursor(cursor, int)
    if position is not None:
        rows = rows.filter(pk__lt=position[0])
    found = list(rows.order_by("-id")[: limit + 1])
    items = [
        {
            "id": row.pk,
            "endpoint_id": row.endpoint_id,
            "url": row.endpoint.url,
            "topic": row.change.topic,
            "reference": row.change.reference,
            "state": row.state,
            "attempts": row.attempts,
            "answer": row.answer,
            "at": row.change.at,
            "due_at": row.due_at if row.state == "waiting" else None,
            "delivered_at": row.delivered_at,
        }
        for row in found[:limit]
    ]
    return items, encode_cursor(found[limit - 1].pk) if len(found) > limit else None
