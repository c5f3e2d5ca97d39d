"""The alliance over HTTP."""

from ninja import Router

from xingqu.alliance.api.activities import router as activities_router
from xingqu.alliance.api.agency import router as agency_router
from xingqu.alliance.api.creator import router as creator_router
from xingqu.alliance.api.earnings import router as earnings_router
from xingqu.alliance.api.operator import router as operator_router
from xingqu.alliance.api.shop import router as shop_router
from xingqu.alliance.api.showcase import router as showcase_router

router = Router(tags=["alliance"])
router.add_router("", shop_router)
router.add_router("", creator_router)
router.add_router("", operator_router)
router.add_router("", activities_router)
router.add_router("", earnings_router)
router.add_router("", agency_router)
router.add_router("", showcase_router)
