"""Who a request is from: the guest cookie, API authentication, and allauth's hooks."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from ninja.security.apikey import APIKeyCookie

from xingqu.accounts import services
from xingqu.accounts.contracts import Actor
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


class ActionLogMiddleware:
    """Writes down every change and every export that a member made in an organisation's rooms, once it was made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        told = request.method not in ("GET", "HEAD", "OPTIONS") or request.path.endswith((".csv", ".xlsx"))
        if told and response.status_code < 400 and not _NOT_TOLD.search(request.path):
            _record(request)
        return response


def _record(request: HttpRequest) -> None:
    path = _SHOP_PATH.match(request.path)
    match = request.resolver_match
    route = _SHOP_ROUTE.match(match.route) if match is not None else None
    person_id = signed_in_id(request) if path and route else None
    if path is None or route is None or person_id is None:
        return
    services.record_action(
        organisation_id=int(path.group(1)),
        person_id=person_id,
        session_key=request.session.session_key or "",
        action=f"{request.method} {_PARAMETER.sub('*', route.group(1))}".strip(),
        subject=path.group(2),
    )
