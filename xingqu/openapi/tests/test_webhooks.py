"""Webhooks against a real receiver: signed, repeated until they arrive, replayed; never into this network by default."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from xingqu.accounts.models import Notice
from xingqu.kit import clock
from xingqu.openapi.models import Change, WebhookDelivery, WebhookEndpoint
from xingqu.openapi.services.changes import append_change
from xingqu.openapi.services.webhooks import PAUSES_S, deliver_webhooks
from xingqu.openapi.tests.conftest import Program
from xingqu.trade.tests.house import Shop, make_shop

pytestmark = pytest.mark.django_db
Make = Callable[[Shop, list[str]], Program]


@dataclass
class Receiver:
    """An HTTP server that keeps what arrives and answers as told."""

    port: int = 0
    status: int = 200
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(made.status)
            self.end_headers()

        def log_message(self, *told: Any) -> None:
            """Nothing is printed."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def endpoint_id(shop: Shop, make_program: Make, receiver: Receiver, inside: None) -> int:
    program = make_program(shop, ["shop.read", "shop.write"])
    body = {"url": f"http://127.0.0.1:{receiver.port}/hook?x=1", "topics": ["order.paid", "webhook.test"]}
    made = shop.member().post(f"/shops/{shop.id}/open-apps/{program.app_id}/webhooks", body, status=201)
    return int(made["id"])


def test_a_delivery_is_signed_so_that_its_receiver_can_check_it(
    shop: Shop, endpoint_id: int, receiver: Receiver
) -> None:
    append_change(shop_id=shop.id, topic="order.paid", reference="S1", data={"payable_minor": 5})
    append_change(shop_id=shop.id, topic="order.shipped", reference="S1", data={})  # not asked for
    assert deliver_webhooks() == 1
    ((headers, body),) = receiver.taken
    told = json.loads(body)
    change = Change.objects.get(topic="order.paid")
    assert (told["topic"], told["reference"], told["data"]) == ("order.paid", "S1", {"payable_minor": 5})
    assert (told["id"], headers["webhook-id"]) == (change.pk, f"chg_{change.pk}")
    secret = shop.member().get(f"/shops/{shop.id}/webhooks/{endpoint_id}/secret")["secret"]
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    assert deliver_webhooks() == 0


def test_a_round_shares_one_client_and_an_empty_one_makes_none(
    shop: Shop, endpoint_id: int, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    client_class = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **options: made.append(options) or client_class(**options))
    assert (deliver_webhooks(), made) == (0, [])
    for number in range(3):
        append_change(shop_id=shop.id, topic="order.paid", reference=f"S{number}", data={})
    assert (deliver_webhooks(), len(made), len(receiver.taken)) == (3, 1, 3)
    assert made[0]["limits"].max_keepalive_connections == 0


def test_a_rotated_secret_signs_the_next_delivery(shop: Shop, endpoint_id: int, receiver: Receiver) -> None:
    member = shop.member()
    path = f"/shops/{shop.id}/webhooks/{endpoint_id}"
    before = member.get(f"{path}/secret")["secret"]
    after = member.post(f"{path}/secret")["secret"]
    assert after != before
    assert member.get(f"{path}/secret")["secret"] == after


def test_what_does_not_arrive_is_sent_again_later_and_later(shop: Shop, endpoint_id: int, receiver: Receiver) -> None:
    receiver.status = 500
    append_change(shop_id=shop.id, topic="order.paid", reference="S1", data={})
    at = clock.now()
    with clock.frozen(at):
        assert deliver_webhooks() == 0
        assert deliver_webhooks() == 0
    assert len(receiver.taken) == 1
    row = WebhookDelivery.objects.get()
    assert (row.state, row.attempts, row.answer) == ("waiting", 1, "HTTP 500")
    receiver.status = 204
    with clock.frozen(at + timedelta(seconds=PAUSES_S[0])):
        assert deliver_webhooks() == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("delivered", 2)
    assert receiver.taken[0][0]["webhook-id"] == receiver.taken[1][0]["webhook-id"]
    assert WebhookEndpoint.objects.get().failing_since is None


def test_after_the_last_try_it_has_failed_and_a_replay_sends_it(
    shop: Shop, endpoint_id: int, receiver: Receiver
) -> None:
    receiver.status = 404
    append_change(shop_id=shop.id, topic="order.paid", reference="S1", data={})
    at = clock.now()
    for pause_s in (0, *PAUSES_S):
        at += timedelta(seconds=pause_s)
        with clock.frozen(at):
            deliver_webhooks()
        WebhookEndpoint.objects.update(is_active=True)
    row = WebhookDelivery.objects.get()
    assert (row.state, row.attempts, len(receiver.taken)) == ("failed", 9, 9)
    receiver.status = 200
    stranger = make_shop()
    stranger.member().post(f"/shops/{stranger.id}/webhook-deliveries/{row.pk}/replay", status=404)
    shop.member().post(f"/shops/{shop.id}/webhook-deliveries/{row.pk}/replay", status=204)
    assert deliver_webhooks() == 1
    listed = shop.member().get(f"/shops/{shop.id}/webhook-deliveries")["items"]
    assert [(item["state"], item["topic"], item["answer"]) for item in listed] == [
        ("delivered", "order.paid", "HTTP 200")
    ]


def test_an_endpoint_that_never_answers_for_a_day_is_paused_and_its_shop_told(
    shop: Shop, endpoint_id: int, receiver: Receiver
) -> None:
    receiver.status = 503
    append_change(shop_id=shop.id, topic="order.paid", reference="S1", data={})
    deliver_webhooks()
    WebhookDelivery.objects.update(due_at=clock.now())
    with clock.frozen(clock.now() + timedelta(days=1, seconds=1)):
        deliver_webhooks()
    assert WebhookEndpoint.objects.get().is_active is False
    assert [notice.kind for notice in Notice.objects.filter(person_id=shop.owner_id)] == ["webhook_paused"]
    shop.member().call("PATCH", f"/shops/{shop.id}/webhooks/{endpoint_id}", {"is_active": True})
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.is_active, endpoint.failing_since) == (True, None)


def test_somebody_can_send_a_test(shop: Shop, endpoint_id: int, receiver: Receiver) -> None:
    shop.member().post(f"/shops/{shop.id}/webhooks/{endpoint_id}/test", status=204)
    assert deliver_webhooks() == 1
    assert json.loads(receiver.taken[0][1])["topic"] == "webhook.test"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "https://127.0.0.1/hook",
        "https://localhost/hook",
        "https://10.0.0.8/hook",
        "https://[::1]/hook",
        "https://169.254.169.254/latest",
        "https://user@127.0.0.1/",
        "ftp://files.example/",
        "https://[broken",
        "https://",
    ],
)
def test_webhooks_do_not_go_into_this_network(shop: Shop, make_program: Make, url: str) -> None:
    program = make_program(shop, ["shop.read"])
    path = f"/shops/{shop.id}/open-apps/{program.app_id}/webhooks"
    refusal = shop.member().error("POST", path, {"url": url, "topics": ["order.paid"]}, status=422)
    assert (refusal["code"], refusal["field"]) == ("bad_webhook_address", "url")
    assert WebhookEndpoint.objects.count() == 0


def test_an_address_that_leads_inside_later_is_not_called(
    shop: Shop, endpoint_id: int, receiver: Receiver, settings: Any
) -> None:
    append_change(shop_id=shop.id, topic="order.paid", reference="S1", data={})
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"webhooks_inside": False})
    assert deliver_webhooks() == 0
    assert receiver.taken == []
    assert WebhookDelivery.objects.get().state == "waiting"


def test_another_shop_has_no_hand_in_webhooks(shop: Shop, endpoint_id: int) -> None:
    stranger = make_shop()
    member = stranger.member()
    path = f"/shops/{stranger.id}/webhooks/{endpoint_id}"
    member.get(f"{path}/secret", status=404)
    member.post(f"{path}/secret", status=404)
    member.post(f"{path}/test", status=404)
    member.call("PATCH", path, {"is_active": False}, status=404)
    member.call("DELETE", path, status=404)
    assert member.get(f"/shops/{stranger.id}/webhook-deliveries")["items"] == []
    assert WebhookEndpoint.objects.get().is_active is True
