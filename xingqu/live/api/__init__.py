"""Live rooms over HTTP."""

from ninja import Router

from xingqu.live.api.desk import router as desk_router
from xingqu.live.api.hooks import router as hooks_router
from xingqu.live.api.platform import router as platform_router
from xingqu.live.api.pricing import router as pricing_router
from xingqu.live.api.public import router as public_router
from xingqu.live.api.selling import router as selling_router

router = Router(tags=["live"])
router.add_router("", public_router)
router.add_router("", desk_router)
router.add_router("", selling_router)
router.add_router("", pricing_router)
router.add_router("", hooks_router)
router.add_router("", platform_router)
