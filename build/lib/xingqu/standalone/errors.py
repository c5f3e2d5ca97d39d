"""Refusals that a program can act on: each carries a stable code, its HTTP status, the field and what would be right."""

from __future__ import annotations


class EngineError(Exception):
    """Base of every refusal."""

    code = "refused"
    status = 400

    def __init__(self, message: str, *, field: str | None = None, expected: str | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.expected = expected

    def as_dict(self) -> dict[str, str | None]:
        return {"code": self.code, "message": str(self), "field": self.field, "expected": self.expected}


class InvalidInput(EngineError):
    """A field has the wrong form or an impossible value; nothing was taken."""

    code = "invalid_input"
    status = 422


class TooLarge(EngineError):
    """The body or batch is larger than this server takes."""

    code = "too_large"
    status = 413


class NotFound(EngineError):
    code = "not_found"
    status = 404


class KeyRequired(EngineError):
    """The server asks for an API key and this is not it."""

    code = "key_required"
    status = 401


class WrongMethod(EngineError):
    code = "method_not_allowed"
    status = 405


class Busy(EngineError):
    """The store is owned by another process, or too many write at once. Trying again later may help."""

    code = "busy"
    status = 503


class Conflict(EngineError):
    """What is there already is in the way."""

    code = "conflict"
    status = 409
