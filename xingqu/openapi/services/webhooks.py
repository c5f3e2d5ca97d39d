"""Webhooks: endpoints of a program, and deliveries that are repeated until they arrive."""

import ipaddress
import logging
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx
import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import F

from xingqu.accounts.services import notify
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.openapi.domain.errors import BadWebhookAddress
from xingqu.openapi.domain.signing import make_secret, sign
from xingqu.openapi.domain.topics import TOPICS
from xingqu.openapi.models import WebhookDelivery, WebhookEndpoint
from xingqu.openapi.services.apps import own_app
from xingqu.openapi.services.changes import append_change

log = logging.getLogger(__name__)
ENDPOINTS_AN_APP = 10
TIMEOUT_S = 5.0
# Waiting times after each failed attempt; together about a day, then the delivery has failed and can be replayed.
PAUSES_S = (5, 30, 120, 600, 1_800, 7_200, 21_600, 43_200)
PAUSED_AFTER = timedelta(days=1)
AT_ONCE = 50
# Addresses are called by their number: a connection whose certificate was checked for one name must not carry another's.
NOT_REUSED = httpx.Limits(max_keepalive_connections=0)


@transaction.atomic
def add_endpoint(*, shop_id: int, app_id: int, url: str, topics: Sequence[str]) -> int:
    """An endpoint of a shop's own program. Raises NotFound, BadWebhookAddress, InvalidInput."""
    app = own_app(shop_id=shop_id, app_id=app_id)
    if app.endpoints.count() >= ENDPOINTS_AN_APP:
        raise InvalidInput(field="url", expected=f"at most {ENDPOINTS_AN_APP} addresses a program")
    _addresses(url)
    endpoint = WebhookEndpoint.objects.create(app=app, url=url, topics=checked_topics(topics), created_at=clock.now())
    return int(endpoint.pk)


@transaction.atomic
def update_endpoint(
    *, shop_id: int, endpoint_id: int, url: str | None, topics: Sequence[str] | None, is_active: bool | None
) -> None:
    """Change what is given; switching it on forgets that it failed. Raises NotFound, BadWebhookAddress, InvalidInput."""
    endpoint = own_endpoint(shop_id=shop_id, endpoint_id=endpoint_id)
    if url is not None:
        _addresses(url)
        endpoint.url = url
    if topics is not None:
        endpoint.topics = checked_topics(topics)
    if is_active is not None:
        endpoint.is_active = is_active
        endpoint.failing_since = None
    endpoint.save()


@transaction.atomic
def rotate_endpoint_secret(*, shop_id: int, endpoint_id: int) -> str:
    """A new signing secret for an endpoint, valid from the next delivery. Raises NotFound."""
    endpoint = own_endpoint(shop_id=shop_id, endpoint_id=endpoint_id)
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(secret_version=F("secret_version") + 1)
    endpoint.refresh_from_db()
    return secret_of(endpoint)


@transaction.atomic
def delete_endpoint(*, shop_id: int, endpoint_id: int) -> None:
    """Remove an endpoint with its deliveries. Raises NotFound."""
    own_endpoint(shop_id=shop_id, endpoint_id=endpoint_id).delete()


@transaction.atomic
def send_test(*, shop_id: int, endpoint_id: int) -> None:
    """Put a test into the shop's log and on its way to the endpoint. Raises NotFound, InvalidInput when it doesn't want tests."""
    endpoint = own_endpoint(shop_id=shop_id, endpoint_id=endpoint_id)
    if "webhook.test" not in endpoint.topics:
        raise InvalidInput(field="topics", expected="webhook.test among the endpoint's topics")
    append_change(shop_id=shop_id, topic="webhook.test", reference=str(endpoint.pk), data={})


@transaction.atomic
def replay(*, shop_id: int, delivery_id: int) -> None:
    """Send a delivery again, whatever became of it. Raises NotFound."""
    mine = WebhookDelivery.objects.filter(pk=delivery_id, endpoint__app__shop_id=shop_id)
    if not mine.update(state="waiting", attempts=0, due_at=clock.now(), answer=""):
        raise NotFound


def own_endpoint(*, shop_id: int, endpoint_id: int) -> WebhookEndpoint:
    """A shop's own endpoint. Raises NotFound, also for another shop's."""
    endpoint = WebhookEndpoint.objects.select_related("app").filter(pk=endpoint_id, app__shop_id=shop_id).first()
    if endpoint is None:
        raise NotFound
    return endpoint


def secret_of(endpoint: WebhookEndpoint) -> str:
    """What the endpoint's receiver checks signatures with."""
    return make_secret(settings.SECRET_KEY, endpoint.pk, endpoint.secret_version)


def checked_topics(topics: Sequence[str]) -> list[str]:
    """Topics in the order of the table, each once. Raises InvalidInput."""
    if not topics or set(topics) - TOPICS.keys():
        raise InvalidInput(field="topics", expected="one or more of " + ", ".join(TOPICS))
    return [name for name in TOPICS if name in set(topics)]


def deliver_webhooks(*, limit: int = AT_ONCE) -> int:
    """Send what is due. Returns how many arrived. For the worker; safe in several processes.

    A delivery is put off before it is sent, so that a worker that dies repeats it: a receiver knows repetitions by the id.
    """
    now = clock.now()
    due = WebhookDelivery.objects.select_related("endpoint", "change").filter(
        state="waiting", due_at__lte=now, endpoint__is_active=True
    )
    found = list(due.order_by("due_at", "id")[:limit])
    if not found:
        return 0
    with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False, limits=NOT_REUSED) as client:
        return sum(_deliver(delivery, client, now) for delivery in found)


def _deliver(delivery: WebhookDelivery, client: httpx.Client, now: datetime) -> int:
    """Send one delivery if no other process does. Returns 1 when it arrived, else 0."""
    last = delivery.attempts >= len(PAUSES_S)
    pause_s = PAUSES_S[min(delivery.attempts, len(PAUSES_S) - 1)]
    mine = WebhookDelivery.objects.filter(pk=delivery.pk, state="waiting", attempts=delivery.attempts)
    if not mine.update(attempts=delivery.attempts + 1, due_at=now + timedelta(seconds=pause_s)):
        return 0
    answer, good = _send(delivery, client)
    taken = WebhookDelivery.objects.filter(pk=delivery.pk, state="waiting", attempts=delivery.attempts + 1)
    if not good:
        taken.update(state="failed" if last else "waiting", answer=answer)
        _note_failure(delivery.endpoint)
        return 0
    arrived = taken.update(state="delivered", answer=answer, delivered_at=clock.now())
    WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(failing_since=None)
    return arrived


def _send(delivery: WebhookDelivery, client: httpx.Client) -> tuple[str, bool]:
    change, endpoint = delivery.change, delivery.endpoint
    content = {
        "id": change.pk,
        "shop_id": change.shop_id,
        "topic": change.topic,
        "reference": change.reference,
        "data": change.data,
        "at": change.at.isoformat(),
    }
    body = orjson.dumps(content)
    at_s = int(clock.now().timestamp())
    message_id = f"chg_{change.pk}"
    headers = {
        "content-type": "application/json",
        "user-agent": "Xingqu-Webhooks",
        "webhook-id": message_id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": sign(secret_of(endpoint), message_id=message_id, timestamp_s=at_s, body=body),
    }
    try:
        parts = urlsplit(endpoint.url)
        # The address that was looked at is the one that is called: a name could lead elsewhere a moment later.
        address = _addresses(endpoint.url)[0]
        host = f"[{address}]" if ":" in address else address
        port = f":{parts.port}" if parts.port else ""
        url = f"{parts.scheme}://{host}{port}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")
        response = client.post(
            url,
            content=body,
            headers={**headers, "host": parts.netloc.rpartition("@")[2]},
            extensions={"sni_hostname": parts.hostname or ""},
        )
    except BadWebhookAddress as refusal:
        return str(refusal)[:200], False
    except (httpx.HTTPError, OSError) as error:
        return f"{type(error).__name__}: {error}"[:200], False
    return f"HTTP {response.status_code}", 200 <= response.status_code < 300


def _note_failure(endpoint: WebhookEndpoint) -> None:
    now = clock.now()
    WebhookEndpoint.objects.filter(pk=endpoint.pk, failing_since=None).update(failing_since=now)
    with transaction.atomic():
        tired = WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=True, failing_since__lte=now - PAUSED_AFTER)
        if tired.update(is_active=False):
            shop_id = endpoint.app.shop_id
            notify(organisation_id=shop_id, kind="webhook_paused", data={"shop_id": shop_id, "url": endpoint.url})


def _addresses(url: str) -> list[str]:
    """IP addresses of an endpoint. Raises BadWebhookAddress for what is no address, or leads inside this network."""
    expected = "https:// and a host that can be reached from the internet"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise BadWebhookAddress(field="url", expected=expected) from error
    inside = settings.ENVIRONMENT.webhooks_inside
    if (
        parts.scheme not in (("https", "http") if inside else ("https",))
        or not host
        or parts.username
        or len(url) > 500
    ):
        raise BadWebhookAddress(field="url", expected=expected)
    try:
        found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise BadWebhookAddress(f"The host {host} can't be found.", field="url", expected=expected) from error
    if not inside and not all(ipaddress.ip_address(address).is_global for address in found):
        raise BadWebhookAddress(field="url", expected=expected)
    return found
