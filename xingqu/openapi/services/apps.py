"""Programs of a shop: made, changed, stopped; their secrets and tokens."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.sql import fetch_one
from xingqu.kit.transactions import hold_names, retried
from xingqu.openapi.domain.errors import BadToken, TooManyApps, TooManyCalls
from xingqu.openapi.domain.methods import SCOPES
from xingqu.openapi.models import AccessToken, OpenApp

APPS_A_SHOP = 20
TOKENS_KEPT = 20
MINUTE_US = 60_000_000
# GCRA (ITU-T I.371): one number says when the next call would be due if all came evenly; bursts may run ahead of it.
_TAKE_CALL = (
    "UPDATE openapi_openapp SET allowed_at_us = CASE WHEN allowed_at_us > %s THEN allowed_at_us ELSE %s END + %s,"
    " used_at = %s WHERE id = %s AND allowed_at_us <= %s RETURNING allowed_at_us"
)


def hash_secret(secret: str) -> str:
    """What is kept of a secret. It is random and long, so a plain hash can't be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


@retried
@transaction.atomic
def create_app(*, shop_id: int, person_id: int, name: str, scopes: Sequence[str]) -> tuple[int, str]:
    """Make a program. Returns its id and its secret, which can't be read again. Raises InvalidInput, TooManyApps."""
    hold_names(f"open-apps:{shop_id}")
    if OpenApp.objects.filter(shop_id=shop_id).count() >= APPS_A_SHOP:
        raise TooManyApps(expected=f"at most {APPS_A_SHOP}")
    secret = secrets.token_urlsafe(32)
    app = OpenApp.objects.create(
        shop_id=shop_id,
        name=_checked_name(name),
        client_id=f"xq_{secrets.token_hex(10)}",
        secret_hash=hash_secret(secret),
        scopes=checked_scopes(scopes),
        calls_per_minute=settings.ENVIRONMENT.open_calls_per_minute,
        created_by_id=person_id,
        created_at=clock.now(),
    )
    return int(app.pk), secret


@transaction.atomic
def update_app(
    *, shop_id: int, app_id: int, name: str | None, scopes: Sequence[str] | None, is_active: bool | None
) -> None:
    """Change what is given. Fewer scopes, or a stop, end the tokens that are out. Raises NotFound, InvalidInput."""
    app = own_app(shop_id=shop_id, app_id=app_id)
    changes: dict[str, Any] = {}
    if name is not None:
        changes["name"] = _checked_name(name)
    if scopes is not None:
        changes["scopes"] = checked_scopes(scopes)
    if is_active is not None:
        changes["is_active"] = is_active
    if changes:
        OpenApp.objects.filter(pk=app.pk).update(**changes)
    if is_active is False or (scopes is not None and set(app.scopes) - set(scopes)):
        AccessToken.objects.filter(app=app).delete()


@transaction.atomic
def rotate_secret(*, shop_id: int, app_id: int) -> str:
    """A new secret; the old one and all tokens end at once. Raises NotFound."""
    app = own_app(shop_id=shop_id, app_id=app_id)
    secret = secrets.token_urlsafe(32)
    OpenApp.objects.filter(pk=app.pk).update(secret_hash=hash_secret(secret))
    AccessToken.objects.filter(app=app).delete()
    return secret


@transaction.atomic
def delete_app(*, shop_id: int, app_id: int) -> None:
    """Remove a program with its tokens and webhooks. Raises NotFound."""
    own_app(shop_id=shop_id, app_id=app_id).delete()


def own_app(*, shop_id: int, app_id: int) -> OpenApp:
    """A shop's own program. Raises NotFound, also for another shop's."""
    app = OpenApp.objects.filter(pk=app_id, shop_id=shop_id).first()
    if app is None:
        raise NotFound
    return app


@transaction.atomic
def issue_token(*, client_id: str, secret: str, scope: str) -> tuple[str, int, list[str]]:
    """A token of a program by its credentials (RFC 6749, 4.4): token, seconds it lives, scopes.

    `scope` names some of the program's, separated by spaces; empty asks for all. Raises BadToken for wrong credentials,
    InvalidInput for a scope that it was not granted. At most 20 tokens of a program live at once; the oldest ends.
    """
    app = OpenApp.objects.filter(client_id=client_id, is_active=True).first()
    known = app.secret_hash if app is not None else hash_secret("")
    if not hmac.compare_digest(known, hash_secret(secret)) or app is None:
        raise BadToken("The client's id or secret is wrong, or the program was stopped.")
    wanted = scope.split() or list(app.scopes)
    if extra := sorted(set(wanted) - set(app.scopes)):
        raise InvalidInput(field="scope", expected=" ".join(app.scopes), message=f"Not granted: {' '.join(extra)}")
    token, lives_s, now = secrets.token_urlsafe(32), settings.ENVIRONMENT.open_token_s, clock.now()
    AccessToken.objects.filter(app=app, expires_at__lte=now).delete()
    oldest = AccessToken.objects.filter(app=app).order_by("-id").values_list("id", flat=True)[TOKENS_KEPT - 1 :]
    AccessToken.objects.filter(pk__in=list(oldest)).delete()
    AccessToken.objects.create(
        token_hash=hash_secret(token), app=app, scopes=wanted, expires_at=now + timedelta(seconds=lives_s)
    )
    return token, lives_s, wanted


def take_call(*, app_id: int, calls_per_minute: int, at: datetime) -> None:
    """Count one call against a program's rate: evenly so many a minute, a quarter of a minute's in one burst.

    Raises TooManyCalls with the seconds to wait.
    """
    now_us = int(at.timestamp() * 1_000_000)
    step_us = MINUTE_US // calls_per_minute
    burst_us = MINUTE_US // 4
    if fetch_one(_TAKE_CALL, [now_us, now_us, step_us, at, app_id, now_us + burst_us]) is None:
        row = fetch_one("SELECT allowed_at_us FROM openapi_openapp WHERE id = %s", [app_id])
        wait_us = max((row[0] if row else now_us) - now_us - burst_us, 0)
        raise TooManyCalls(
            expected=f"at most {calls_per_minute} calls a minute", retry_after_s=wait_us // 1_000_000 + 1
        )


def checked_scopes(scopes: Sequence[str]) -> list[str]:
    """Scopes in the order of the table, each once. Raises InvalidInput for an unknown one or none."""
    unknown = sorted(set(scopes) - SCOPES.keys())
    if unknown or not scopes:
        raise InvalidInput(field="scopes", expected="one or more of " + ", ".join(SCOPES))
    return [name for name in SCOPES if name in set(scopes)]


def _checked_name(name: str) -> str:
    if not name.strip():
        raise InvalidInput(field="name", expected="a name that says which program it is")
    return name.strip()[:60]
