"""A seeded catalogue of 300 contents in ten categories, with its snapshot served."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client

from bench.feed.world import World, build_world
from xingqu.accounts.contracts import Actor
from xingqu.feed import services
from xingqu.interest.storage import snapshots

SMALL = World(contents=300, products=60, creators=40, shops=10, categories=10, tags=60)


class Caller:
    """A browser of a guest or person that sends the CSRF token."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        key = self.client.get("/api/v1/session").json()["actor_key"]
        self.actor = Actor(person_id=None, guest_key=int(key[1:]))

    def get(self, path: str, status: int = 200) -> Any:
        return self.send("GET", path, None, status)

    def send(self, method: str, path: str, body: Any, status: int = 200) -> Any:
        headers = {"X-CSRFToken": self.client.cookies["csrftoken"].value}
        data = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        response = self.client.generic(method, f"/api/v1{path}", data, "application/json", headers=headers)
        assert response.status_code == status, response.content
        return response.json() if response.content else None


@pytest.fixture
def world(db: None, home: Path) -> World:
    build_world(SMALL)
    services.rebuild_snapshot()
    snapshots().refresh()
    return SMALL


@pytest.fixture
def new_caller() -> Callable[[], Caller]:
    return Caller


@pytest.fixture
def guest(world: World, new_caller: Callable[[], Caller]) -> Caller:
    return new_caller()
