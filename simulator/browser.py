"""A browser without a screen: cookies, the CSRF token, JSON."""

import html.parser
import uuid
from collections.abc import Callable
from typing import Any

import httpx

TIMEOUT_S = 20.0
ADDRESS_DETAIL = "体验路 1 号"
PHONE = "13800000000"


class Refused(Exception):
    """The site refused a call: `status` and the error's `code`."""

    def __init__(self, status: int, code: str, body: Any) -> None:
        super().__init__(f"{status} {code} {str(body)[:300]}")
        self.status = status
        self.code = code
        self.body = body


class Browser:
    """One visitor's session with the site at `origin`. Clients of one process share their connections."""

    def __init__(self, origin: str, transport: httpx.BaseTransport, *, timeout_s: float = TIMEOUT_S) -> None:
        self._http = httpx.Client(base_url=origin, transport=transport, timeout=timeout_s, trust_env=False)
        self.session: dict[str, Any] = {}

    def close(self) -> None:
        """Give back the connections. Browsers that share a transport must all be done with it."""
        self._http.close()

    def open(self) -> dict[str, Any]:
        """Fetch the session: who am I, and the CSRF token."""
        self.session = self.get("/api/v1/session")
        return self.session

    def get(self, path: str, **params: Any) -> Any:
        return self._read(self._http.get(path, params={k: v for k, v in params.items() if v is not None}))

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """An unsafe call with the CSRF token. Raises Refused."""
        token = self._http.cookies.get("csrftoken") or ""
        answer = self._http.request(
            method,
            path,
            json=body,
            headers={"X-CSRFToken": token, "Referer": str(self._http.base_url), **(headers or {})},
        )
        return self._read(answer)

    def post(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        return self.send("POST", path, body, headers)

    def upload(self, path: str, picture: bytes, **fields: str) -> Any:
        """Send a PNG picture as a form does. Raises Refused."""
        token = self._http.cookies.get("csrftoken") or ""
        headers = {"X-CSRFToken": token, "Referer": str(self._http.base_url)}
        files = {"file": ("picture.png", picture, "image/png")}
        return self._read(self._http.post(path, data=fields, files=files, headers=headers))

    def sign_up(self, email: str, password: str) -> None:
        """Sign up, or sign in when the account exists. Raises Refused, also for a site that is away or says wait.

        May be called again when what followed was lost: the site signs nobody in twice (409), who is in stays so.
        """
        body = {"email": email, "password": password}
        try:
            self.post("/_allauth/browser/v1/auth/signup", body)
        except Refused as refusal:
            if refusal.status == 429 or refusal.status >= 500:
                raise
            if self.open()["person"] is None:
                self.post("/_allauth/browser/v1/auth/login", body)
        self.open()

    def add_address(self, recipient: str, choose: Callable[[list[Any]], Any], *, phone: str = PHONE) -> int:
        """Id of a new default address; `choose` picks province, city and district from what the site offers."""
        body: dict[str, Any] = {"recipient": recipient, "phone": phone, "detail": ADDRESS_DETAIL, "is_default": True}
        parent = None
        for name in ("province_id", "city_id", "district_id"):
            parent = body[name] = choose(self.get("/api/v1/regions", parent_id=parent))["id"]
        return int(self.post("/api/v1/addresses", body)["id"])

    def signals(self, events: list[dict[str, Any]], now_ms: int) -> None:
        """Send behaviour as the page does: in batches, each event with an id of its own."""
        for start in range(0, len(events), 100):
            batch = [
                {"event_id": str(uuid.uuid4()), "occurred_at_ms": now_ms, **e} for e in events[start : start + 100]
            ]
            self.post("/api/v1/signals", {"events": batch, "sent_at_ms": now_ms})

    def submit_form(self, url: str, chosen: dict[str, str]) -> httpx.Response:
        """Open a page, fill in its first form that has all the `chosen` fields or buttons, and send it."""
        page = self._http.get(url)
        form = _first_form(page.text, set(chosen))
        action = page.url.join(form.action) if form.action else page.url
        return self._http.request(
            form.method, action, data={**form.fields, **chosen}, headers={"Referer": str(page.url)}
        )

    def _read(self, answer: httpx.Response) -> Any:
        if answer.status_code >= 400:
            try:
                body = answer.json()
                code = body.get("error", {}).get("code", "") if isinstance(body, dict) else ""
            except ValueError:
                body, code = answer.text[:200], ""
            raise Refused(answer.status_code, code, body)
        return answer.json() if answer.content and "json" in answer.headers.get("content-type", "") else None


class _Form:
    def __init__(self, method: str, action: str) -> None:
        self.method = method
        self.action = action
        self.fields: dict[str, str] = {}
        self.names: set[str] = set()


class _FormParser(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {k: v or "" for k, v in attrs}
        if tag == "form":
            self.forms.append(_Form(values.get("method", "get").upper(), values.get("action", "")))
        elif self.forms and values.get("name"):
            form = self.forms[-1]
            form.names.add(values["name"])
            if tag == "input" and values.get("type") == "hidden":
                form.fields[values["name"]] = values.get("value", "")


def _first_form(text: str, names: set[str]) -> _Form:
    parser = _FormParser()
    parser.feed(text)
    for form in parser.forms:
        if names <= form.names:
            return form
    raise LookupError(f"the page has no form with {sorted(names)}")
