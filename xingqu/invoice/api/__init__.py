"""Invoices over HTTP."""

from ninja import Router

from xingqu.invoice.api.buyer import router as buyer_router
from xingqu.invoice.api.merchant import router as merchant_router

router = Router(tags=["invoices"])
router.add_router("", buyer_router)
router.add_router("", merchant_router)
