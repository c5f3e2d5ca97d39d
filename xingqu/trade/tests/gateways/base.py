"""What the simulated gateways share: a local HTTP server, its books, its faults, its keys."""

import itertools
import socket
import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

# drop: no answer and nothing done; lose: done, and the answer is lost; slow: done, the answer comes after the caller's
# patience; error: 500 and nothing done; rubbish: an answer that makes no sense.
Fault = Literal["drop", "lose", "slow", "error", "rubbish"]
SLOW_S = 2.0
PATIENCE_S = 1.5  # much longer than an answer takes, on a busy machine too
_numbers = itertools.count(1)
Headers = dict[str, str]


@cache
def rsa_key(party: str) -> RSAPrivateKey:
    """The key of one party; made once a run, for it takes a while."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def private_pem(party: str) -> str:
    return rsa_key(party).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(party: str) -> str:
    return rsa_key(party).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def rsa_sign(party: str, text: str) -> bytes:
    return rsa_key(party).sign(text.encode(), PKCS1v15(), SHA256())


def rsa_check(party: str, text: str, signature: bytes) -> None:
    """Raises cryptography.exceptions.InvalidSignature."""
    rsa_key(party).public_key().verify(signature, text.encode(), PKCS1v15(), SHA256())


@dataclass
class BookedRefund:
    refund_no: str
    amount_minor: int
    number: str
    state: str = "done"
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass
class BookedTrade:
    """A payment in the gateway's books."""

    payment_no: str
    amount_minor: int
    currency: str
    number: str
    state: Literal["open", "paid", "closed"] = "open"
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    refunds: dict[str, BookedRefund] = field(default_factory=dict)

    @property
    def refunded_minor(self) -> int:
        return sum(refund.amount_minor for refund in self.refunds.values())


@dataclass
class Answer:
    status: int
    body: bytes
    headers: Headers = field(default_factory=dict)


class Gateway(ABC):
    """One provider. `url` is where its API listens; `calls` are the methods or paths it was asked for."""

    name: str

    def __init__(self) -> None:
        self.trades: dict[str, BookedTrade] = {}
        self.faults: list[Fault] = []
        self.calls: list[str] = []
        self.broken: list[str] = []  # requests that the gateway refused to believe
        self.bill_ready = True
        self.billed_twice: set[str] = set()  # numbers of payments that were captured twice
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                gateway.serve(self, self.rfile.read(length))

            do_GET = do_POST = handle_any

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        fault = self.faults.pop(0) if self.faults else None
        if fault == "drop":
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault == "error":
            answer = Answer(
                500, b'{"code":"SYSTEM_ERROR","error":{"type":"api_error"}}', {"Content-Type": "application/json"}
            )
        elif fault == "rubbish":
            answer = Answer(200, b"<html>down for maintenance</html>", {"Content-Type": "text/html"})
        else:
            answer = self.answer(handler.command, handler.path, dict(handler.headers.items()), body)
        if fault == "lose":
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault == "slow":
            time.sleep(SLOW_S)
        try:
            handler.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(answer.body)
        except OSError:  # the caller has given up
            handler.close_connection = True

    def book(self, payment_no: str, amount_minor: int, currency: str) -> BookedTrade:
        """The trade of this number, made when there is none."""
        if payment_no not in self.trades:
            self.trades[payment_no] = BookedTrade(
                payment_no, amount_minor, currency, f"{self.name}{next(_numbers):012d}"
            )
        return self.trades[payment_no]

    def give_back(self, trade: BookedTrade, refund_no: str, amount_minor: int) -> BookedRefund | None:
        """Once a number, never more than was paid; None when refused."""
        earlier = trade.refunds.get(refund_no)
        if earlier is not None:
            return earlier if earlier.amount_minor == amount_minor else None
        if trade.state != "paid" or amount_minor <= 0 or trade.refunded_minor + amount_minor > trade.amount_minor:
            return None
        trade.refunds[refund_no] = BookedRefund(refund_no, amount_minor, f"re_{next(_numbers):012d}")
        return trade.refunds[refund_no]

    def pay(self, payment_no: str) -> None:
        """The buyer confirms on the provider's page."""
        trade = self.trades[payment_no]
        assert trade.state == "open", f"{payment_no} is {trade.state}"
        trade.state = "paid"
        trade.at = datetime.now(UTC)

    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """Settings of the site that reach this gateway."""

    @abstractmethod
    def answer(self, method: str, path: str, headers: Headers, body: bytes) -> Answer:
        """The API."""

    @abstractmethod
    def arrive(self, action_url: str) -> str:
        """A buyer comes to the address (or scans the code) they were sent to. Returns the payment's number."""

    @abstractmethod
    def notice(self, payment_no: str, *, event_id: str = "", forge: str = "", **changes: Any) -> tuple[Headers, bytes]:
        """(headers, body) of a signed notice about a payment. `forge` spoils it in a way named; `changes` alter what it says
        before it is signed: amount_minor, currency, recipient, number."""

    @abstractmethod
    def refund_notice(self, payment_no: str, refund_no: str) -> tuple[Headers, bytes]:
        """(headers, body) of a signed notice about a refund."""

    @abstractmethod
    def other_notice(self) -> tuple[Headers, bytes]:
        """(headers, body) of a signed notice about something that is none of the site's business."""
