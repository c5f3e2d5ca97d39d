"""Samples and collaborations over HTTP."""

from ninja import Router

from xingqu.collaboration.api.creator_collaborations import router as creator_collaborations_router
from xingqu.collaboration.api.creator_samples import router as creator_samples_router
from xingqu.collaboration.api.operator import router as operator_router
from xingqu.collaboration.api.shop_collaborations import router as shop_collaborations_router
from xingqu.collaboration.api.shop_samples import router as shop_samples_router

router = Router(tags=["collaboration"])
router.add_router("", shop_samples_router)
router.add_router("", creator_samples_router)
router.add_router("", shop_collaborations_router)
router.add_router("", creator_collaborations_router)
router.add_router("", operator_router)
