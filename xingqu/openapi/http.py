"""Access tokens on the API: who a program is, what it may call, how often."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from xingqu.accounts.contracts import OpenAccess
from xingqu.kit import clock
from xingqu.openapi.domain.errors import BadToken, MissingScope, NotOpen
from xingqu.openapi.domain.methods import method_of
from xingqu.openapi.selectors.apps import token_card
from xingqu.openapi.services.apps import hash_secret, take_call


class OpenAuthentication(HttpBearer):
    """Lets a program in by its token, to open addresses of its own shop only. Without a token the next way in is tried.

    No CSRF token is needed: a foreign page can't make a browser send this header.
    """

    def __call__(self, request: HttpRequest) -> OpenAccess | None:
        """Nothing is looked at of a request without a token: nearly all are a browser's."""
        if "HTTP_AUTHORIZATION" not in request.META:
            return None
        access: OpenAccess | None = super().__call__(request)
        return access

    def authenticate(self, request: HttpRequest, token: str) -> OpenAccess:
        """Raises BadToken, NotOpen, MissingScope, TooManyCalls."""
        now = clock.now()
        card = token_card(token_hash=hash_secret(token))
        if card is None or card.expires_at <= now:
            raise BadToken
        take_call(app_id=card.app_id, calls_per_minute=card.calls_per_minute, at=now)
        match = request.resolver_match
        method = method_of(request.method or "", match.route if match else "")
        if method is None:
            raise NotOpen(data={"address": request.path, "method": request.method})
        if method.scope not in card.scopes:
            raise MissingScope(expected=method.scope, data={"granted": sorted(card.scopes)})
        access = OpenAccess(app_id=card.app_id, shop_id=card.shop_id, person_id=card.person_id, scopes=card.scopes)
        request.open_access = access  # type: ignore[attr-defined]
        return access
