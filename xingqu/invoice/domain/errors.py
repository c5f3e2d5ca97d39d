"""Refusals of invoices."""

from xingqu.kit.errors import Conflict, InvalidInput


class BadTaxNumber(InvalidInput):
    """Not a unified social credit code by GB 32100-2015."""

    code = "bad_tax_number"
    message = "This is not a valid unified social credit code."


class InvoiceState(Conflict):
    """What was asked for does not fit the request's state, which `data.state` tells."""

    code = "invoice_state"
    message = "The invoice's state does not allow this."


class NotInvoiceable(Conflict):
    """The order is not paid, or nothing of it is left to invoice. `data.state` is the order's."""

    code = "not_invoiceable"
    message = "There is nothing to invoice for this order."


class SellerMissing(Conflict):
    """The shop has not said in whose name it issues."""

    code = "invoice_seller_missing"
    message = "Fill in the seller's name and tax number first."


class TitlesFull(Conflict):
    code = "invoice_titles_full"
    message = "The book of titles is full."
