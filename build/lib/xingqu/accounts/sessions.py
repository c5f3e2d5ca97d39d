"""Sessions in the database, read on the way of every request: short SQL and no model instance.

Nothing of who is signed in is remembered between requests, so a sign-out, a changed password or a closed account holds
at once in every process. What is remembered is only that a signature was right, which cannot change.
"""

from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from xingqu.kit import clock
from xingqu.kit.sql import fetch_one

_SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
_PERSON = "SELECT password FROM accounts_person WHERE id = %s AND is_active"
_HASH_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"


class SessionStore(db.SessionStore):
    """Django's, with a shorter way to read a session."""

    def load(self) -> dict[str, Any]:
        row = fetch_one(_SESSION, [self.session_key, clock.now()])
        if row is None:
            self._session_key = None
            return {}
        try:
            content: dict[str, Any] = orjson.loads(_signed_json(row[0], self.key_salt, settings.SECRET_KEY))
        except signing.BadSignature:  # Django logs it and starts an empty session
            content = self.decode(row[0])
        return content


@lru_cache(maxsize=4096)
def _signed_json(session_data: str, salt: str, secret_key: str) -> bytes:
    """JSON inside a stored session. Raises BadSignature. `secret_key` is here to tell entries of different keys apart."""
    return orjson.dumps(signing.loads(session_data, salt=salt))


def signed_in_id(request: HttpRequest) -> int | None:
    """Id of the person this request's session is of, checked as Django checks it; None for nobody.

    What is not plainly right (a rotated secret, a password changed elsewhere) is left to Django's own `request.user`.
    """
    session = request.session
    key = session.get(SESSION_KEY)
    if key is None:
        return None
    of, person_id = getattr(request, "_signed_in", (None, None))
    if of != (session.session_key, key):  # the first question of this request, or the first after a sign-in
        person_id = _check(request, key)
        request._signed_in = (session.session_key, key), person_id  # type: ignore[attr-defined]
    return person_id


def _check(request: HttpRequest, key: str) -> int | None:
    session = request.session
    if session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS:
        row = fetch_one(_PERSON, [int(key)])
        expected = salted_hmac(_HASH_SALT, row[0], algorithm="sha256").hexdigest() if row is not None else None
        if expected is not None and constant_time_compare(session.get(HASH_SESSION_KEY, ""), expected):
            return int(key)
    return int(request.user.pk) if request.user.is_authenticated else None
