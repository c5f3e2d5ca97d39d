"""Trade over HTTP."""

from ninja import Router

from xingqu.trade.api.cart import router as cart_router
from xingqu.trade.api.checkout import router as checkout_router
from xingqu.trade.api.freight import router as freight_router
from xingqu.trade.api.merchant import router as merchant_router
from xingqu.trade.api.orders import router as orders_router
from xingqu.trade.api.presales import router as presales_router
from xingqu.trade.api.reconciliation import router as reconciliation_router

router = Router(tags=["trade"])
router.add_router("", cart_router)
router.add_router("", checkout_router)
router.add_router("", orders_router)
router.add_router("", presales_router)
router.add_router("", freight_router)
router.add_router("", merchant_router)
router.add_router("", reconciliation_router)
