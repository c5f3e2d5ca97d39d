"""The same small house as in the trade tests, with a program of its shop."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from xingqu.alliance.tests.house import Studio
from xingqu.trade.tests.conftest import buyer, guest, shop, sku, wire
from xingqu.trade.tests.house import API, Shop

__all__ = ["buyer", "guest", "shop", "sku", "wire"]


@dataclass
class Program:
    """An ERP of a shop: no cookies, only its credentials."""

    shop_id: int
    app_id: int
    client_id: str
    secret: str
    token: str = ""

    def sign_in(self, **form: str) -> Any:
        basic = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        answer = Client(enforce_csrf_checks=True).post(
            f"{API}/oauth/token",
            "&".join(f"{k}={v}" for k, v in {"grant_type": "client_credentials", **form}.items()),
            content_type="application/x-www-form-urlencoded",
            headers={"Authorization": f"Basic {basic}"},
        )
        self.token = answer.json().get("access_token", "")
        return answer

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        response = Client(enforce_csrf_checks=True).generic(
            method,
            f"{API}{path}",
            b"" if body is None else json.dumps(body).encode(),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert response.status_code == status, (response.status_code, response.content[:800])
        return response.json() if response.content else None


@pytest.fixture
def make_program(db: None) -> Callable[..., Program]:
    def make(shop: Shop | Studio, scopes: list[str]) -> Program:
        member = shop.owner if isinstance(shop, Studio) else shop.member()
        made = member.post(f"/shops/{shop.id}/open-apps", {"name": "ERP", "scopes": scopes}, status=201)
        program = Program(shop.id, made["id"], made["client_id"], made["client_secret"])
        assert program.sign_in().status_code == 200
        return program

    return make


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Webhooks may go to this machine."""
    monkeypatch.setattr(settings, "ENVIRONMENT", settings.ENVIRONMENT.model_copy(update={"webhooks_inside": True}))
