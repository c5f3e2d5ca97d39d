"""Answers outside the API's own handlers, in the same error shape and without a stack trace."""

import sys

from django.http import HttpRequest, JsonResponse

from xingqu.kit.errors import BusinessError, NotFound, error_body
from xingqu.kit.transactions import DatabaseBusy, is_passing


class ServerError(BusinessError):
    code = "server_error"
    status = 500
    message = "Something went wrong on our side. Nothing of your request was kept; try again."


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    """No such address."""
    return JsonResponse(error_body(NotFound()), status=404)


def server_error(request: HttpRequest) -> JsonResponse:
    """An error nobody foresaw: it is in the log, and nothing of it reaches the person. A database that is away passes."""
    if is_passing(sys.exc_info()[1]):
        return JsonResponse(error_body(DatabaseBusy()), status=DatabaseBusy.status, headers={"Retry-After": "1"})
    return JsonResponse(error_body(ServerError()), status=500)
