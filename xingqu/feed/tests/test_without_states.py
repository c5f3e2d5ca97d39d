"""Over HTTP while the Redis with people's states is away: nothing listens at the address."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pydantic import SecretStr

from bench.feed.world import World
from xingqu.interest import storage
from xingqu.kit import clock


@pytest.fixture
def away(world: World, guest: Any, home: Path, settings: Any) -> Any:
    """The guest, whose states are in a Redis that is gone."""
    storage.close_stores()
    (home / "states-at").write_text("redis", "ascii")
    url = SecretStr("redis://127.0.0.1:1/0")
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"state_url": url})
    return guest


def test_the_feed_goes_on_for_nobody_in_particular(away: Any) -> None:
    page = away.get("/feed?size=10")
    assert (len(page["items"]), page["personalised"], page["request_id"]) == (10, False, "")
    assert all(item["why"]["text_code"] for item in page["items"])


def test_what_is_one_s_own_says_when_to_come_back(away: Any) -> None:
    client: Client = away.client
    now_ms = clock.now_ms()
    event = {"event_id": str(uuid4()), "occurred_at_ms": now_ms, "kind": "like", "content_id": 5}
    for method, path, body in (
        ("POST", "/signals", {"events": [event], "sent_at_ms": now_ms}),
        ("GET", "/interest/tags", None),
        ("DELETE", "/interest", None),
        ("GET", "/feed?surface=following", None),
    ):
        assert away.send(method, path, body, 503)["error"]["code"] == "states_unavailable"
    assert client.get("/api/v1/interest/tags").headers["Retry-After"] == "2"
