"""What programs call: a token, the shop, the log of changes, webhook deliveries."""

import base64
import binascii
from typing import Any, Literal
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router, Status
from ninja.errors import HttpError

from xingqu.accounts.contracts import OpenAccess
from xingqu.accounts.selectors import organisation_card, shop_of
from xingqu.kit.api import CursorText, Id, Limit, ListOut
from xingqu.kit.errors import InvalidInput, SignInRequired
from xingqu.openapi.domain.errors import BadToken
from xingqu.openapi.domain.methods import METHODS, SCOPES
from xingqu.openapi.domain.topics import TOPICS
from xingqu.openapi.schemas import (
    ChangesOut,
    DeliveryOut,
    OpenCatalogueOut,
    OpenShopOut,
    TokenErrorOut,
    TokenOut,
    TopicFilter,
)
from xingqu.openapi.selectors.apps import changes_page, deliveries_page
from xingqu.openapi.services.apps import issue_token
from xingqu.openapi.services.webhooks import replay

router = Router()


@router.post("/oauth/token", response={200: TokenOut, 400: TokenErrorOut, 401: TokenErrorOut}, auth=None)
def make_token(request: HttpRequest) -> Any:
    """An access token by client credentials (RFC 6749, 4.4), form-encoded; credentials by HTTP Basic or in the form."""
    if request.content_type != "application/x-www-form-urlencoded":
        return _refuse(400, "invalid_request", "Send application/x-www-form-urlencoded.")
    try:
        form = request.POST
    except (UnicodeError, ValueError, HttpError):
        return _refuse(400, "invalid_request", "The form can't be read.")
    if form.get("grant_type") != "client_credentials":
        return _refuse(400, "unsupported_grant_type", "grant_type must be client_credentials.")
    try:
        client_id, secret = _credentials(request)
    except ValueError:
        return _refuse(400, "invalid_request", "The Authorization header is no HTTP Basic.")
    try:
        token, lives_s, scopes = issue_token(client_id=client_id, secret=secret, scope=form.get("scope", ""))
    except BadToken as refusal:
        return _refuse(401, "invalid_client", str(refusal))
    except InvalidInput as refusal:
        return _refuse(400, "invalid_scope", str(refusal))
    answer = {"access_token": token, "token_type": "Bearer", "expires_in": lives_s, "scope": " ".join(scopes)}
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _credentials(request: HttpRequest) -> tuple[str, str]:
    """Client id and secret. Raises ValueError for a header that can't be read."""
    header = request.headers.get("Authorization", "")
    if not header:
        return request.POST.get("client_id", ""), request.POST.get("client_secret", "")
    kind, _, told = header.partition(" ")
    if kind.lower() != "basic":
        raise ValueError(kind)
    try:
        client_id, _, secret = base64.b64decode(told, validate=True).decode().partition(":")
    except binascii.Error as error:
        raise ValueError("not base64") from error
    return unquote_plus(client_id), unquote_plus(secret)


def _refuse(status: int, error: str, description: str) -> HttpResponse:
    headers = {"Cache-Control": "no-store"} | ({"WWW-Authenticate": 'Basic realm="oauth"'} if status == 401 else {})
    return JsonResponse({"error": error, "error_description": description}, status=status, headers=headers)


@router.get("/open/catalogue", response=OpenCatalogueOut, auth=None)
def get_catalogue(request: HttpRequest) -> Any:
    """Scopes, topics and methods."""
    return {
        "scopes": [{"name": name, "description": text} for name, text in SCOPES.items()],
        "topics": [{"name": name, "description": text} for name, text in TOPICS.items()],
        "methods": METHODS,
    }


@router.get("/open/shop", response=OpenShopOut)
def get_shop(request: HttpRequest) -> Any:
    """The shop that the token belongs to: the first call of a new program. For programs only."""
    access = getattr(request, "auth", None)
    if not isinstance(access, OpenAccess):
        raise SignInRequired(expected="an access token of a program")
    shop = organisation_card(organisation_id=access.shop_id)
    return {"id": shop.id, "name": shop.name, "name_en": shop.name_en, "scopes": sorted(access.scopes)}


@router.get("/shops/{shop_id}/changes", response=ChangesOut)
def list_changes(
    request: HttpRequest,
    shop_id: Id,
    topics: Query[TopicFilter],
    cursor: CursorText | None = None,
    limit: Limit = 50,
) -> Any:
    """What changed after a cursor, oldest first. Without one: the newest cursor. The log begins with the shop's first program."""
    shop_of(request, shop_id, "shop.write")
    if unknown := sorted(set(topics.topic) - TOPICS.keys()):
        raise InvalidInput(field="topic", expected=", ".join(TOPICS), message=f"Unknown: {', '.join(unknown)[:100]}")
    return changes_page(shop_id=shop_id, cursor=cursor, topics=topics.topic, limit=limit)


@router.get("/shops/{shop_id}/webhook-deliveries", response=ListOut[DeliveryOut])
def list_deliveries(
    request: HttpRequest,
    shop_id: Id,
    endpoint_id: Id | None = None,
    state: Literal["waiting", "delivered", "failed"] | None = None,
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Deliveries of webhooks, newest first."""
    shop_of(request, shop_id, "shop.write")
    items, following = deliveries_page(
        shop_id=shop_id, endpoint_id=endpoint_id, state=state, cursor=cursor, limit=limit
    )
    return {"items": items, "next_cursor": following}


@router.post("/shops/{shop_id}/webhook-deliveries/{delivery_id}/replay", response={204: None})
def replay_delivery(request: HttpRequest, shop_id: Id, delivery_id: Id) -> Any:
    """Send a delivery again."""
    shop_of(request, shop_id, "shop.write")
    replay(shop_id=shop_id, delivery_id=delivery_id)
    return Status(204, None)
