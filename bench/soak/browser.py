"""One visitor's connection to the site, signed in by a session cookie."""

import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.soak.notes import Notes

TIMEOUT_S = 60.0
PATIENCE_S = 900.0
# The site may say so while a process or the database is away; anything else of this class is a fault.
AWAY = frozenset({499, 502, 503, 504})


class Away(Exception):
    """No answer, or one that says to come again: whether it was done is not known."""


class Refused(Exception):
    """The site refuses: `status`, `code` and `data`."""

    def __init__(self, status: int, code: str, data: dict[str, Any]) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.data = status, code, data


@dataclass
class Browser:
    """Used by one thread at a time."""

    port: int
    session: str
    notes: Notes
    csrf: str = "b" * 32
    connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One call of the API. Raises Away, Refused."""
        content = b"" if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json", **headers}
        status, said = self.send(method, f"/api/v1{path}", content, kind)
        if status in AWAY:
            raise Away(str(status))
        if status >= 400:
            raise self._refusal(method, path, status, said)
        return json.loads(said) if said else None

    def _refusal(self, method: str, path: str, status: int, said: bytes) -> Refused:
        try:
            error = json.loads(said).get("error", {})
        except ValueError:
            error = {}
        code = str(error.get("code", ""))
        if status >= 500 or status == 404:  # nobody here asks for what is not there
            self.notes.complain(f"{status} to {method} {_shape(path)}: {said[:200]!r}")
        else:
            self.notes.refuse(f"{status} {code}")
        return Refused(status, code, error.get("data") or {})

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def insist(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Repeat a call that is safe to repeat until it is answered. Raises Refused, Away when the site stays away."""
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self.call(method, path, body, **headers)
            except Away:
                if time.monotonic() > until:
                    self.notes.complain(f"away for {PATIENCE_S:.0f} s: {method} {_shape(path)}")
                    raise
            except Refused as refusal:
                if refusal.status != 409 or refusal.code != "in_progress":
                    raise
            time.sleep(0.3)

    def press(self, redirect_url: str, mode: str, action: str) -> int:
        """Press a button on the gateway's page. Returns the status. Raises Away."""
        fields = {name: values[0] for name, values in parse_qs(urlsplit(redirect_url).query).items()}
        form = urlencode({**fields, "mode": mode, "action": action, "csrfmiddlewaretoken": self.csrf})
        status, said = self.send(
            "POST", "/sandbox-pay/pay", form.encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        if status in AWAY:
            raise Away(str(status))
        if status >= 500:
            self.notes.complain(f"{status} to the gateway's page: {said[:200]!r}")
        return status

    def send(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and content. Raises Away when the connection breaks."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        sent = {
            "X-CSRFToken": self.csrf,
            "Cookie": f"sessionid={self.session}; csrftoken={self.csrf}",
            **headers,
        }
        try:
            self.connection.request(method, path, content, sent)
            response = self.connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Away(repr(error)) from error

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _shape(path: str) -> str:
    """A path without its numbers."""
    return "/".join("N" if any(c.isdigit() for c in part) else part for part in path.partition("?")[0].split("/"))
