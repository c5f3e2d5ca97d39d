"""After-sale over HTTP: the buyer's, the shop's, the platform's."""

from ninja import Router

from xingqu.aftersale.api.buyer import router as buyer_router
from xingqu.aftersale.api.merchant import router as merchant_router
from xingqu.aftersale.api.operator import router as operator_router

router = Router(tags=["aftersale"])
router.add_router("", buyer_router)
router.add_router("", merchant_router)
router.add_router("", operator_router)
