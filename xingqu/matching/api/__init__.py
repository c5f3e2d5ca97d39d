"""Matching over HTTP."""

from ninja import Router

from xingqu.matching.api.creator import router as creator_router
from xingqu.matching.api.operator import router as operator_router
from xingqu.matching.api.pools import router as pools_router
from xingqu.matching.api.square import router as square_router

router = Router(tags=["matching"])
router.add_router("", creator_router)
router.add_router("", square_router)
router.add_router("", pools_router)
router.add_router("", operator_router)
