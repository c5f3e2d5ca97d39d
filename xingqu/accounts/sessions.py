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

_SESSION = (
    "SELECT s.session_data, p.password FROM django_session s LEFT JOIN accounts_person p ON p.id = %s AND p.is_active"
    " WHERE s.session_key = %s AND s.expire_date > %s"
)
_PERSON = "SELECT password FROM accounts_person WHERE id = %s AND is_active"
# Whom a session was of when it was last read: whom to ask about together with it. A wrong guess costs one more question.
_last_known: dict[str, int] = {}
MAX_KNOWN = 20_000
_HASH_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"


class SessionStore(db.SessionStore):
    """Django's, with a shorter way to read a session, and its person's password hash in the same statement."""

    person_read: tuple[int, str | None] | None = None

    def load(self) -> dict[str, Any]:
        guess = _last_known.get(self.session_key or "")
        row = fetch_one(_SESSION, [guess, self.session_key, clock.now()])
        if row is not None and guess is not None:
            self.person_read = (guess, row[1])
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
        password = _password_of(session, int(key))
        expected = salted_hmac(_HASH_SALT, password, algorithm="sha256").hexdigest() if password is not None else None
        if expected is not None and constant_time_compare(session.get(HASH_SESSION_KEY, ""), expected):
            return int(key)
    return int(request.user.pk) if request.user.is_authenticated else None


def _password_of(session: Any, person_id: int) -> str | None:
    """Password hash of an active person: what was read with the session, once, or else asked for."""
    read, session.person_read = getattr(session, "person_read", None), None
    if read is not None and read[0] == person_id:
        return str(read[1]) if read[1] is not None else None
    if session.session_key:
        if len(_last_known) >= MAX_KNOWN:
            _last_known.clear()
        _last_known[session.session_key] = person_id
    row = fetch_one(_PERSON, [person_id])
    return None if row is None else str(row[0])
