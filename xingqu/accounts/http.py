"""Who a request is from: the guest cookie, API authentication, and allauth's hooks."""

import copy
import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import resolve
from ninja.security.apikey import APIKeyCookie

from xingqu.accounts import services
from xingqu.accounts.contracts import Actor
from xingqu.accounts.scopes import page_of_address
from xingqu.accounts.selectors import actor_of
from xingqu.accounts.sessions import signed_in_id
from xingqu.kit.ids import MAX_ID, new_key

GUEST_COOKIE = "xq_guest"
GUEST_COOKIE_AGE_S = 60 * 60 * 24 * 365


class GuestMiddleware:
    """Gives each browser a signed key of its own, so that a guest has interests and a cart without an account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _read_guest_key(request)
        made = key is None
        request.guest_key = key if key is not None else new_key()  # type: ignore[attr-defined]
        response = self.get_response(request)
        renewed = getattr(request, "renew_guest", False)
        if made or renewed:
            set_guest_cookie(response, new_key() if renewed else request.guest_key)  # type: ignore[attr-defined]
        return response


def guest_cookie(key: int) -> str:
    """The value that `set_guest_cookie` gives a browser, for answers that Django doesn't write."""
    return signing.get_cookie_signer(salt=GUEST_COOKIE).sign(str(key))


def set_guest_cookie(response: HttpResponse, key: int) -> None:
    """Put the signed guest key on the response."""
    response.set_signed_cookie(
        GUEST_COOKIE,
        str(key),
        max_age=GUEST_COOKIE_AGE_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _read_guest_key(request: HttpRequest) -> int | None:
    return guest_key_of_cookie(request.COOKIES.get(GUEST_COOKIE))


def guest_key_of_cookie(signed: str | None) -> int | None:
    """The key in a guest's cookie, None without one or when its signature is wrong."""
    try:
        return None if signed is None else _signed_key(signed, settings.SECRET_KEY)
    except (signing.BadSignature, ValueError):
        return None


@lru_cache(maxsize=4096)
def _signed_key(signed: str, secret_key: str) -> int:
    """Key in a guest cookie as :func:`set_guest_cookie` made it. Raises BadSignature, ValueError.

    A signature that was right stays right, hence the memory; `secret_key` tells entries of different keys apart.
    """
    request = HttpRequest()
    request.COOKIES = {GUEST_COOKIE: signed}
    key = int(request.get_signed_cookie(GUEST_COOKIE) or 0)
    if not 0 < key <= MAX_ID:
        raise ValueError(f"{key} is no guest key")
    return key


class ActorAuthentication(APIKeyCookie):
    """Lets guests and people in (each endpoint says which it needs) and checks the CSRF token of every unsafe call."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=True)

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:
        return actor_of(request)


class AccountAdapter(DefaultAccountAdapter):
    """allauth's hooks: merge the guest at every sign-in; a new guest key then lets the next person start fresh."""

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        guest_key = getattr(request, "guest_key", None)
        if guest_key is not None:
            services.merge_guest(guest_key=guest_key, person_id=int(user.pk))
            request.renew_guest = True  # type: ignore[attr-defined]

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names."""


_SHOP_ROUTE = re.compile(r"^api/v1/(?:shops|organisations)/<[^>]*>/?(.*)$")
_SHOP_PATH = re.compile(r"^/api/v1/(?:shops|organisations)/(\d{1,16})/?(.*)$")
_PARAMETER = re.compile(r"<[^>]*>")
# A read mark is no deed, and a signal of presence no change.
_NOT_TOLD = re.compile(r"/read$")
_NOISE = re.compile(r"^(version|changed_by|.*_at|.*_url|url)$")
MOST_CHANGES = 20
MOST_CHARACTERS = 120


class ActionLogMiddleware:
    """Writes down every change and every export that a member made in an organisation's rooms, once it was made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = _look(request) if request.method in ("PUT", "PATCH") else None
        response = self.get_response(request)
        told = request.method not in ("GET", "HEAD", "OPTIONS") or request.path.endswith((".csv", ".xlsx"))
        if told and response.status_code < 400 and not _NOT_TOLD.search(request.path):
            _record(request, before)
        return response


def _look(request: HttpRequest) -> Any:
    """What the address shows, for telling what a change changed; None where it shows nothing to this person.

    The same address read by GET, with the same rights: what a page may not show can't get into the log either.
    """
    by_program = "Authorization" in request.headers  # whose calls are counted, and are not written down here
    if by_program or _SHOP_PATH.match(request.path) is None or signed_in_id(request) is None:
        return None
    asked = copy.copy(request)
    asked.method = "GET"
    asked.GET = QueryDict()
    try:
        match = resolve(request.path_info)
        asked.resolver_match = match
        answer = match.func(asked, *match.args, **match.kwargs)
        return json.loads(answer.content) if answer.status_code == 200 and hasattr(answer, "content") else None
    except (Http404, ValueError):
        return None


def difference(before: Any, after: Any) -> dict[str, tuple[Any, Any]]:
    """{path of a field: (before, after)} of two answers, short and few; times and versions are left out."""
    flat = _flat(before), _flat(after)
    names = [name for name in {**flat[0], **flat[1]} if flat[0].get(name) != flat[1].get(name)]
    return {name: (flat[0].get(name), flat[1].get(name)) for name in names[:MOST_CHANGES]}


def _flat(value: Any, prefix: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        inner = [(f"{prefix}.{name}".strip("."), part) for name, part in value.items() if not _NOISE.search(name)]
    elif isinstance(value, list):
        inner = [(f"{prefix}.{place + 1}".strip("."), part) for place, part in enumerate(value)]
    else:
        return {prefix: value[:MOST_CHARACTERS] if isinstance(value, str) else value}
    found: dict[str, Any] = {}
    for name, part in inner:
        found.update(_flat(part, name))
    return found


def note_change(request: HttpRequest, **changes: tuple[Any, Any]) -> None:
    """What a call changes, {field: (before, after)}, where its address itself can't show it."""
    request.noted_changes = changes  # type: ignore[attr-defined]


def _record(request: HttpRequest, before: Any) -> None:
    acted_in = getattr(request, "acted_in", None)
    if acted_in is not None:
        _record_creator(request, *acted_in)
        return
    path = _SHOP_PATH.match(request.path)
    match = request.resolver_match
    route = _SHOP_ROUTE.match(match.route) if match is not None else None
    person_id = signed_in_id(request) if path and route else None
    if path is None or route is None or person_id is None:
        return
    changes = getattr(request, "noted_changes", None)
    if changes is None:
        changes = difference(before, _look(request)) if before is not None else {}
    services.record_action(
        organisation_id=int(path.group(1)),
        person_id=person_id,
        session_key=request.session.session_key or "",
        action=f"{request.method} {_PARAMETER.sub('*', route.group(1))}".strip(),
        subject=path.group(2),
        area=page_of_address(path.group(2)) or "settings",
        changes=changes,
    )


_CREATOR_ROUTE = re.compile(r"^api/v1/creators/<[^>]*>/?(.*)$")
_CREATOR_PATH = re.compile(r"^/api/v1/creators/\d{1,16}/?(.*)$")


def _record_creator(request: HttpRequest, organisation_id: int, page: str) -> None:
    """A creator's own addresses stand in the log of the creator's workplace, whoever acted."""
    match = request.resolver_match
    route, path = _CREATOR_ROUTE.match(match.route) if match is not None else None, _CREATOR_PATH.match(request.path)
    person_id = signed_in_id(request)
    if route is None or path is None or person_id is None:
        return
    services.record_action(
        organisation_id=organisation_id,
        person_id=person_id,
        session_key=request.session.session_key or "",
        action=f"{request.method} {_PARAMETER.sub('*', route.group(1))}".strip(),
        subject=path.group(1),
        area=page,
    )
