"""The open API over HTTP."""

from ninja import Router

from xingqu.openapi.api.managing import router as managing_router
from xingqu.openapi.api.programs import router as programs_router

router = Router(tags=["open API"])
router.add_router("", managing_router)
router.add_router("", programs_router)
