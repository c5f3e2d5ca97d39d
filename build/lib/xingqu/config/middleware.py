"""Middleware for pages that people read: the admin, sign-in and the sandbox's pay page.

The API says nothing that is translated (errors are codes) and leaves no messages for the next page, so on its way these
would only cost time.
"""

from typing import Any

from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware

API_PREFIX = "/api/"


class PageLocaleMiddleware(LocaleMiddleware):
    """Django's, except on the API."""

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        return super().__call__(request)


class PageMessageMiddleware(MessageMiddleware):
    """Django's, except on the API."""

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(API_PREFIX):
            return self.get_response(request)
        return super().__call__(request)
