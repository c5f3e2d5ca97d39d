"""The alliance over HTTP."""

from ninja import Router

from xingqu.alliance.api.creator import router as creator_router
from xingqu.alliance.api.operator import router as operator_router
from xingqu.alliance.api.shop import router as shop_router

router = Router(tags=["alliance"])
router.add_router("", shop_router)
router.add_router("", creator_router)
router.add_router("", operator_router)
