"""Refusals that a person or a program can act on: each carries a stable code, its HTTP status, the field and what would be right."""

from typing import Any


class BusinessError(Exception):
    """Base of every refusal. Subclasses set `code` and `status`; the message is English, clients translate the code."""

    code = "refused"
    status = 400
    message = "The request was refused."

    def __init__(
        self,
        message: str | None = None,
        *,
        field: str | None = None,
        expected: str | None = None,
        data: dict[str, Any] | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message or self.message)
        self.field = field
        self.expected = expected
        self.data = data or {}
        self.retry_after_s = retry_after_s


class InvalidInput(BusinessError):
    """The input has the wrong form or an impossible value."""

    code = "invalid_input"
    status = 422
    message = "The input is not valid."


class NotFound(BusinessError):
    """Nothing there that this actor may see; also the answer for another's rows, so that nothing is revealed."""

    code = "not_found"
    status = 404
    message = "There is nothing at this address that you may see."


class SignInRequired(BusinessError):
    code = "sign_in_required"
    status = 401
    message = "Sign in to do this."


class Forbidden(BusinessError):
    code = "forbidden"
    status = 403
    message = "Your role does not allow this."


class Conflict(BusinessError):
    """The state has moved on since the caller read it."""

    code = "conflict"
    status = 409
    message = "This has changed in the meantime. Read it again and repeat."


class TooLarge(BusinessError):
    code = "too_large"
    status = 413
    message = "This is larger than allowed."


def error_body(error: BusinessError) -> dict[str, Any]:
    """The one error shape of the API."""
    return {
        "error": {
            "code": error.code,
            "message": str(error),
            "field": error.field,
            "expected": error.expected,
            "data": error.data,
        }
    }
