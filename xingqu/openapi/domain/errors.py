"""Refusals of the open API."""

from xingqu.kit.errors import BusinessError, Conflict


class BadToken(BusinessError):
    code = "bad_token"
    status = 401
    message = "This access token is unknown or has run out. Ask for a new one."


class MissingScope(BusinessError):
    code = "missing_scope"
    status = 403
    message = "This program was not granted the scope that the method needs."


class NotOpen(BusinessError):
    code = "not_open"
    status = 403
    message = "This address is not part of the open API."


class TooManyCalls(BusinessError):
    code = "too_many_calls"
    status = 429
    message = "This program calls too often."


class TooManyApps(Conflict):
    code = "too_many_apps"
    message = "This shop has as many programs as it may have."


class BadWebhookAddress(BusinessError):
    code = "bad_webhook_address"
    status = 422
    message = "Webhooks can't be sent to this address."


class CursorGone(BusinessError):
    """The log of changes does not reach back so far; read the lists once and go on from its newest place."""

    code = "cursor_gone"
    status = 410
    message = "Changes of that time are no longer kept. Read the lists once, then go on from the newest cursor."
