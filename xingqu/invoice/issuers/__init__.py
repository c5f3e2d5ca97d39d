"""Who issues: this site's own numbered documents, or a tax gateway that the operator attaches."""

from functools import cache
from importlib import import_module
from typing import Protocol

from django.conf import settings

from xingqu.invoice.contracts import Document

OWN = "own"


class IssuerDown(Exception):
    """No answer: it is asked again with the same reference, which it must take as the same document."""


class IssuerRefused(Exception):
    """It will not issue this; its own words are the text."""


class Issuer(Protocol):
    """A tax gateway. `code` names it in the documents it issued."""

    code: str

    def issue(self, document: Document) -> str:
        """The number it gives. The same `reference` gets the same number again. Raises IssuerDown, IssuerRefused."""


def issuer() -> Issuer | None:
    """The attached gateway, None for the shop's own documents."""
    path = settings.ENVIRONMENT.invoice_issuer
    return None if path == OWN else _load(path)


@cache
def _load(path: str) -> Issuer:
    module, _, name = path.partition(":")
    made: Issuer = getattr(import_module(module), name)()
    return made
