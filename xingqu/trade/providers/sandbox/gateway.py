"""What the gateway does: take a payment, tell of it, answer questions, give money back."""

import base64
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Literal
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.db import transaction
from django.db.models import F

from xingqu.kit import clock
from xingqu.kit.ids import new_number
from xingqu.kit.money import MAX_MINOR
from xingqu.kit.sql import execute, fetch, fetch_one, insert, read_time
from xingqu.trade.providers.protocol import BILL_ZONE
from xingqu.trade.providers.sandbox.messages import GATEWAY, LINE, PLATFORM, sign, verify
from xingqu.trade.providers.sandbox.models import SandboxRefund, SandboxTrade

log = logging.getLogger(__name__)
Mode = Literal["on-time", "late", "twice", "never"]
MODES: tuple[Mode, ...] = ("on-time", "late", "twice", "never")
SECOND_NOTICE_S = 3
LEASE_S = 15
TIMEOUT_S = 5.0
MAX_TRIES = 16
SENDERS = 8
PAGE_MAX_AGE_S = 60 * 60 * 24
_DUE = (
    "SELECT n.id, n.tries, n.event_id, t.notify_url, t.payment_no, t.trade_no, t.state, t.amount_minor, t.currency, t.made_at"
    " FROM sandbox_pay_sandboxnotice n JOIN sandbox_pay_sandboxtrade t ON t.id = n.trade_id"
    " WHERE NOT n.done AND n.due_at <= %s ORDER BY n.due_at LIMIT %s"
)
_CLAIM = (
    "UPDATE sandbox_pay_sandboxnotice SET tries = tries + 1, due_at = %s WHERE id = %s AND tries = %s AND done = %s"
)
Send = Callable[[str, bytes, dict[str, str]], int]


@dataclass(frozen=True, slots=True)
class Demand:
    """A payment that the platform asks for, as it signed it."""

    payment_no: str
    amount_minor: int
    currency: str
    subject: str
    expires_at: datetime
    notify_url: str
    return_path: str


def read_demand(*, request: str, stamp: str, signature: str) -> Demand:
    """The demand in a pay page's address. Raises BadMessage when the platform did not sign it, ValueError when unreadable."""
    body = base64.urlsafe_b64decode(request.encode("ascii", "strict"))
    headers = {LINE.time_header: stamp, LINE.signature_header: signature}
    verify(PLATFORM, body, headers, max_age_s=PAGE_MAX_AGE_S)
    content = orjson.loads(body)
    return Demand(
        payment_no=content["payment_no"],
        amount_minor=content["amount_minor"],
        currency=content["currency"],
        subject=content["subject"],
        expires_at=clock.from_ms(content["expires_at_ms"]),
        notify_url=content["notify_url"],
        return_path=content["return_path"],
    )


def trade_state(payment_no: str) -> str | None:
    """State of a payment, None when nobody has paid or closed it."""
    return SandboxTrade.objects.filter(payment_no=payment_no).values_list("state", flat=True).first()


@transaction.atomic
def pay(demand: Demand, mode: Mode) -> bool:
    """The payer confirms. False, and nothing happens, when it is over, closed or paid already."""
    now = clock.now()
    if demand.expires_at <= now:
        return False
    trade_id = _make_trade(demand, "succeeded", mode, now)
    if trade_id is None:
        return False
    delays_s = {
        "on-time": (0,),
        "late": (settings.ENVIRONMENT.sandbox_late_notify_s,),
        "twice": (0, SECOND_NOTICE_S),
        "never": (),
    }[mode]
    event_id = new_number("E", now)
    insert(
        "sandbox_pay_sandboxnotice",
        ("trade_id", "event_id", "due_at", "tries", "done"),
        [(trade_id, event_id, now + timedelta(seconds=delay), 0, False) for delay in delays_s],
    )
    return True


def close(demand: Demand) -> bool:
    """The payer gives up. False when it was paid or closed already."""
    return _make_trade(demand, "closed", "never", clock.now()) is not None


def _make_trade(demand: Demand, state: str, mode: Mode, now: datetime) -> int | None:
    row = fetch_one(
        "INSERT INTO sandbox_pay_sandboxtrade (trade_no, payment_no, amount_minor, currency, state, refunded_minor, notify_url,"
        " callback_mode, made_at) VALUES (%s, %s, %s, %s, %s, 0, %s, %s, %s)"
        " ON CONFLICT (payment_no) DO NOTHING RETURNING id",
        [
            new_number("T", now),
            demand.payment_no,
            demand.amount_minor,
            demand.currency,
            state,
            demand.notify_url,
            mode,
            now,
        ],
    )
    return None if row is None else int(row[0])


def answer_query(content: dict[str, Any]) -> dict[str, Any]:
    """What the gateway knows of a payment; one that nobody has touched is pending."""
    row = SandboxTrade.objects.filter(payment_no=str(content.get("payment_no"))).first()
    if row is None:
        return {
            "payment_no": str(content.get("payment_no")),
            "state": "pending",
            "amount_minor": 0,
            "currency": "CNY",
            "trade_no": "",
        }
    return _state_of(row)


def answer_close(content: dict[str, Any]) -> dict[str, Any]:
    """End a payment that nobody has paid; one that was paid stays paid."""
    now, amount = clock.now(), content.get("amount_minor")
    demand = Demand(
        payment_no=str(content.get("payment_no"))[:32],
        amount_minor=amount if isinstance(amount, int) and 0 <= amount <= MAX_MINOR else 0,
        currency=str(content.get("currency"))[:3],
        subject="",
        expires_at=now,
        notify_url="",
        return_path="",
    )
    _make_trade(demand, "closed", "never", now)
    return answer_query(content)


def answer_bill(content: dict[str, Any]) -> dict[str, Any]:
    """What was paid and given back on a day of the bill's zone, oldest first."""
    since = datetime.combine(date.fromisoformat(str(content.get("day"))), time(), BILL_ZONE)
    span = (since, since + timedelta(days=1))
    paid = SandboxTrade.objects.filter(state="succeeded", made_at__gte=span[0], made_at__lt=span[1]).order_by("id")
    given = SandboxRefund.objects.filter(made_at__gte=span[0], made_at__lt=span[1]).order_by("id")
    lines = [_state_of(row) | {"refund_no": ""} for row in paid]
    lines += [
        _state_of(row.trade)
        | {"refund_no": row.refund_no, "amount_minor": row.amount_minor, "at_ms": int(row.made_at.timestamp() * 1000)}
        for row in given.select_related("trade")
    ]
    return {"lines": lines}


def answer_refund(content: dict[str, Any]) -> dict[str, Any]:
    """Give money back, once a refund number, never more than was paid."""
    refund_no, amount = str(content.get("refund_no"))[:32], content.get("amount_minor")
    refused = {"refund_no": refund_no, "state": "refused"}
    with transaction.atomic():
        paid = SandboxTrade.objects.select_for_update(no_key=True).filter(state="succeeded")
        row = paid.filter(payment_no=str(content.get("payment_no"))).first()
        if row is None or not isinstance(amount, int) or amount <= 0 or content.get("currency") != row.currency:
            return refused
        earlier = SandboxRefund.objects.filter(refund_no=refund_no).first()
        if earlier is not None:
            same = earlier.trade_id == row.pk and earlier.amount_minor == amount
            return {"refund_no": refund_no, "state": "succeeded"} if same else refused
        left = SandboxTrade.objects.filter(pk=row.pk, refunded_minor__lte=F("amount_minor") - amount)
        if not left.update(refunded_minor=F("refunded_minor") + amount):
            return refused
        SandboxRefund.objects.create(refund_no=refund_no, trade=row, amount_minor=amount, made_at=clock.now())
    return {"refund_no": refund_no, "state": "succeeded"}


def deliver_notices(*, limit: int = 50, send: Send | None = None) -> int:
    """Send the notices that are due; what is not acknowledged is sent again, later and later. Returns how many arrived.

    Those of one round go out side by side, for the platform may take its time over each. With a `send` of its own, which
    may use this thread's database connection, they go out one after the other.
    """
    mine = _claim_notices(limit)
    if not mine:
        return 0
    results = [_send(notice, send) for notice in mine] if send is not None else list(_senders().map(_send, mine))
    over = [
        notice.id for notice, arrived in zip(mine, results, strict=True) if arrived or notice.tries + 1 >= MAX_TRIES
    ]
    if over:
        marks = ", ".join(["%s"] * len(over))
        execute(f"UPDATE sandbox_pay_sandboxnotice SET done = %s WHERE id IN ({marks})", [True, *over])
    return sum(results)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that is due, and the trade it tells of."""

    id: int
    tries: int
    event_id: str
    notify_url: str
    payment_no: str
    trade_no: str
    state: str
    amount_minor: int
    currency: str
    made_at: datetime


def _claim_notices(limit: int) -> list[Notice]:
    """Take what is due, so that no other worker sends it before its next try."""
    now = clock.now()
    due = [Notice(*row) for row in fetch(_DUE, [now, limit])]
    if not due:
        return []
    with transaction.atomic():
        return [
            notice
            for notice in due
            if execute(
                _CLAIM,
                [now + timedelta(seconds=max(LEASE_S, min(2**notice.tries, 3600))), notice.id, notice.tries, False],
            )
        ]


def _send(notice: Notice, send: Send | None = None) -> bool:
    """Whether the platform acknowledged the notice."""
    body = orjson.dumps({"event_id": notice.event_id, **_state_of(notice)})
    headers = {**sign(GATEWAY, body), "Content-Type": "application/json"}
    try:
        return 200 <= (send or _post)(notice.notify_url, body, headers) < 300
    except (OSError, HTTPException) as error:
        log.warning("notice %s did not arrive: %r", notice.event_id, error)
        return False


@cache
def _senders() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(SENDERS, thread_name_prefix="notice")


class _Connections(threading.local):
    """Connections that one sender keeps open, by scheme and host: a quarter of the work of a general HTTP client."""

    def __init__(self) -> None:
        self.open: dict[tuple[str, str], HTTPConnection] = {}

    def to(self, scheme: str, host: str) -> HTTPConnection:
        kind = HTTPSConnection if scheme == "https" else HTTPConnection
        if (scheme, host) not in self.open:
            self.open[scheme, host] = kind(host, timeout=TIMEOUT_S)
        return self.open[scheme, host]


_connections = _Connections()


def _post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Status of the answer. Raises OSError, HTTPException; the connection is made anew at the next try."""
    parts = urlsplit(url)
    connection = _connections.to(parts.scheme, parts.netloc)
    try:
        try:
            connection.request("POST", parts.path or "/", body, headers)
            response = connection.getresponse()
        except (ConnectionError, HTTPException):  # it had been closed while nobody used it; a notice may come twice
            connection.close()
            connection.request("POST", parts.path or "/", body, headers)
            response = connection.getresponse()
        response.read()
    except (OSError, HTTPException):
        connection.close()
        raise
    return response.status


def _state_of(row: SandboxTrade | Notice) -> dict[str, Any]:
    return {
        "payment_no": row.payment_no,
        "trade_no": row.trade_no,
        "state": row.state,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "at_ms": int(read_time(row.made_at).timestamp() * 1000),
    }
