"""The book of titles, sellers and tax rules."""

from datetime import datetime
from typing import Any

from django.db import transaction

from xingqu.invoice.domain.codes import is_credit_code
from xingqu.invoice.domain.errors import BadTaxNumber, TitlesFull
from xingqu.invoice.models import InvoiceSeller, InvoiceTitle, TaxRule
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.transactions import hold_names

MOST_TITLES = 50


def checked_title(fields: dict[str, Any]) -> dict[str, Any]:
    """A title as it is kept: a company's with a valid code, a person's without one. Raises BadTaxNumber."""
    code = str(fields.get("tax_no", "")).upper()
    if fields["kind"] == "personal":
        return {**fields, "tax_no": "", "bank": "", "account": ""}
    if not is_credit_code(code):
        raise BadTaxNumber(field="tax_no", expected="18 characters by GB 32100-2015, the last one the check character")
    return {**fields, "tax_no": code}


@transaction.atomic
def save_title(*, person_id: int, fields: dict[str, Any], title_id: int | None = None) -> int:
    """Add a title or change one of one's own; the first becomes the default. Raises BadTaxNumber, NotFound, TitlesFull."""
    fields = checked_title(fields)
    hold_names(f"invoice_titles:{person_id}")
    own = InvoiceTitle.objects.filter(person_id=person_id)
    if title_id is None and own.count() >= MOST_TITLES:
        raise TitlesFull(expected=f"at most {MOST_TITLES} titles")
    if title_id is not None and not own.filter(pk=title_id).exists():
        raise NotFound(field="title_id", expected="the id of one of your titles")
    is_default = fields.pop("is_default", False) or not own.exclude(pk=title_id or 0).exists()
    if is_default:
        own.filter(is_default=True).update(is_default=False)
    values = {**fields, "is_default": is_default}
    if title_id is None:
        return InvoiceTitle.objects.create(person_id=person_id, **values).pk
    own.filter(pk=title_id).update(**values)
    return title_id


def remove_title(*, person_id: int, title_id: int) -> None:
    """Requests keep their copy. Raises NotFound."""
    if not InvoiceTitle.objects.filter(person_id=person_id, pk=title_id).delete()[0]:
        raise NotFound(field="title_id", expected="the id of one of your titles")


def set_seller(*, shop_id: int, fields: dict[str, Any]) -> None:
    """Say in whose name the shop issues from now on. Raises BadTaxNumber."""
    values = {**checked_title({**fields, "kind": "company"}), "updated_at": clock.now()}
    del values["kind"]
    InvoiceSeller.objects.update_or_create(shop_id=shop_id, defaults=values)


def add_tax_rule(*, category_id: int | None, rate_bp: int, effective_from: datetime) -> int:
    """Id of a new rule; issued invoices keep their rates."""
    return TaxRule.objects.create(category_id=category_id, rate_bp=rate_bp, effective_from=effective_from).pk
