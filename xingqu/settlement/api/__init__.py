"""Settlement over HTTP."""

from ninja import Router

from xingqu.settlement.api.deposits import router as deposits_router
from xingqu.settlement.api.operator import router as operator_router
from xingqu.settlement.api.platform_deposits import router as platform_deposits_router
from xingqu.settlement.api.shop import router as shop_router
from xingqu.settlement.api.taxes import router as taxes_router

router = Router(tags=["settlement"])
router.add_router("", shop_router)
router.add_router("", operator_router)
router.add_router("", deposits_router)
router.add_router("", platform_deposits_router)
router.add_router("", taxes_router)
