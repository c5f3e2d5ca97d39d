"""Programmes over HTTP."""

from ninja import Router

from xingqu.programmes.api.admission import router as admission_router
from xingqu.programmes.api.managing import router as managing_router
from xingqu.programmes.api.presales import router as presales_router
from xingqu.programmes.api.public import router as public_router

router = Router(tags=["programmes"])
router.add_router("", public_router)
router.add_router("", managing_router)
router.add_router("", admission_router)
router.add_router("", presales_router)
