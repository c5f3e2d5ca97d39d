"""Fulfilment over HTTP."""

from ninja import Router

from xingqu.fulfilment.api.buyer import router as buyer_router
from xingqu.fulfilment.api.carriers import router as carriers_router
from xingqu.fulfilment.api.covers import router as covers_router
from xingqu.fulfilment.api.packages import router as packages_router
from xingqu.fulfilment.api.shipping import router as shipping_router

router = Router(tags=["fulfilment"])
router.add_router("", carriers_router)
router.add_router("", shipping_router)
router.add_router("", packages_router)
router.add_router("", buyer_router)
router.add_router("", covers_router)
