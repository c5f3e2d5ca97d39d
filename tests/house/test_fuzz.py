"""No input breaks the API: schemathesis sends what the OpenAPI document allows and what it forbids; nothing answers with 5xx."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings

from xingqu.accounts.models import Membership, Organisation, Person
from xingqu.config.wsgi import application

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
CASES_PER_CALL = 8


@pytest.fixture
def shop_owner(db: None) -> Iterator[dict[str, Any]]:
    """A signed-in owner of a shop, so that calls get past the door and meet the code behind it."""
    person = Person.objects.create_user("owner@example.test")
    shop = Organisation.objects.create(kind="merchant", name="小屋")
    Membership.objects.create(person=person, organisation=shop, role="owner")
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/api/v1/session")
    # Requests must leave the connection open, as in Django's own test client: the test's transaction lives on it.
    for moment in (request_started, request_finished):
        moment.disconnect(close_old_connections)
    yield {"shop_id": shop.pk, "cookies": {k: v.value for k, v in client.cookies.items()}}
    for moment in (request_started, request_finished):
        moment.connect(close_old_connections)


@pytest.mark.django_db
@schema.parametrize()
@settings(
    max_examples=CASES_PER_CALL,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_no_input_breaks_the_api(case: schemathesis.Case, shop_owner: dict[str, Any]) -> None:
    for name in ("shop_id", "organisation_id"):
        if name in case.path_parameters:
            case.path_parameters[name] = shop_owner["shop_id"]
    cookies = shop_owner["cookies"]
    answer = case.call(cookies=cookies, headers={"X-CSRFToken": cookies["csrftoken"]})
    assert answer.status_code < 500, f"{case.method} {case.formatted_path}: {answer.status_code} {answer.text[:500]}"
    if answer.status_code >= 400 and answer.headers.get("content-type", [""])[0].startswith("application/json"):
        assert set(answer.json()["error"]) >= {"code", "message", "field", "expected"}
