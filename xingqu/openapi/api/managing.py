"""Programs and webhooks of a shop, for its members."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.selectors import shop_of
from xingqu.kit.api import Id
from xingqu.openapi.schemas import (
    AppIn,
    AppPatch,
    EndpointIn,
    EndpointOut,
    EndpointPatch,
    NewAppOut,
    OpenAppOut,
    SecretOut,
)
from xingqu.openapi.selectors.apps import app_row, apps_of, endpoint_row
from xingqu.openapi.services import apps, webhooks

router = Router()
PERMISSION = "shop.write"


@router.get("/shops/{shop_id}/open-apps", response=list[OpenAppOut])
def list_apps(request: HttpRequest, shop_id: Id) -> Any:
    """A shop's programs."""
    shop_of(request, shop_id, PERMISSION)
    return apps_of(shop_id=shop_id)


@router.post("/shops/{shop_id}/open-apps", response={201: NewAppOut})
def create_app(request: HttpRequest, shop_id: Id, payload: AppIn) -> Any:
    """Make a program; its secret is in this answer only."""
    member = shop_of(request, shop_id, PERMISSION)
    app_id, secret = apps.create_app(
        shop_id=shop_id, person_id=member.person_id, name=payload.name, scopes=payload.scopes
    )
    return Status(201, {**app_row(shop_id=shop_id, app_id=app_id), "client_secret": secret})


@router.patch("/shops/{shop_id}/open-apps/{app_id}", response=OpenAppOut)
def update_app(request: HttpRequest, shop_id: Id, app_id: Id, payload: AppPatch) -> Any:
    """Rename a program, grant it other scopes, stop it or let it go on."""
    shop_of(request, shop_id, PERMISSION)
    apps.update_app(
        shop_id=shop_id, app_id=app_id, name=payload.name, scopes=payload.scopes, is_active=payload.is_active
    )
    return app_row(shop_id=shop_id, app_id=app_id)


@router.post("/shops/{shop_id}/open-apps/{app_id}/secret", response=SecretOut)
def rotate_secret(request: HttpRequest, shop_id: Id, app_id: Id) -> Any:
    """A new secret; the old one and its tokens end at once."""
    shop_of(request, shop_id, PERMISSION)
    return {"secret": apps.rotate_secret(shop_id=shop_id, app_id=app_id)}


@router.delete("/shops/{shop_id}/open-apps/{app_id}", response={204: None})
def delete_app(request: HttpRequest, shop_id: Id, app_id: Id) -> Any:
    """Remove a program with its tokens and webhooks."""
    shop_of(request, shop_id, PERMISSION)
    apps.delete_app(shop_id=shop_id, app_id=app_id)
    return Status(204, None)


@router.post("/shops/{shop_id}/open-apps/{app_id}/webhooks", response={201: EndpointOut})
def add_webhook(request: HttpRequest, shop_id: Id, app_id: Id, payload: EndpointIn) -> Any:
    """Have changes sent to an address."""
    shop_of(request, shop_id, PERMISSION)
    endpoint_id = webhooks.add_endpoint(shop_id=shop_id, app_id=app_id, url=payload.url, topics=payload.topics)
    return Status(201, endpoint_row(webhooks.own_endpoint(shop_id=shop_id, endpoint_id=endpoint_id)))


@router.patch("/shops/{shop_id}/webhooks/{endpoint_id}", response=EndpointOut)
def update_webhook(request: HttpRequest, shop_id: Id, endpoint_id: Id, payload: EndpointPatch) -> Any:
    """Change a webhook, pause it or let it go on."""
    shop_of(request, shop_id, PERMISSION)
    webhooks.update_endpoint(
        shop_id=shop_id,
        endpoint_id=endpoint_id,
        url=payload.url,
        topics=payload.topics,
        is_active=payload.is_active,
    )
    return endpoint_row(webhooks.own_endpoint(shop_id=shop_id, endpoint_id=endpoint_id))


@router.get("/shops/{shop_id}/webhooks/{endpoint_id}/secret", response=SecretOut)
def get_webhook_secret(request: HttpRequest, shop_id: Id, endpoint_id: Id) -> Any:
    """What the receiver checks signatures with."""
    shop_of(request, shop_id, PERMISSION)
    return {"secret": webhooks.secret_of(webhooks.own_endpoint(shop_id=shop_id, endpoint_id=endpoint_id))}


@router.post("/shops/{shop_id}/webhooks/{endpoint_id}/secret", response=SecretOut)
def rotate_webhook_secret(request: HttpRequest, shop_id: Id, endpoint_id: Id) -> Any:
    """A new signing secret."""
    shop_of(request, shop_id, PERMISSION)
    return {"secret": webhooks.rotate_endpoint_secret(shop_id=shop_id, endpoint_id=endpoint_id)}


@router.post("/shops/{shop_id}/webhooks/{endpoint_id}/test", response={204: None})
def test_webhook(request: HttpRequest, shop_id: Id, endpoint_id: Id) -> Any:
    """Send a test."""
    shop_of(request, shop_id, PERMISSION)
    webhooks.send_test(shop_id=shop_id, endpoint_id=endpoint_id)
    return Status(204, None)


@router.delete("/shops/{shop_id}/webhooks/{endpoint_id}", response={204: None})
def delete_webhook(request: HttpRequest, shop_id: Id, endpoint_id: Id) -> Any:
    """Remove a webhook with its deliveries."""
    shop_of(request, shop_id, PERMISSION)
    webhooks.delete_endpoint(shop_id=shop_id, endpoint_id=endpoint_id)
    return Status(204, None)
