"""The catalogue over HTTP."""

from ninja import Router

from xingqu.catalogue.api.batches import router as batches_router
from xingqu.catalogue.api.files import router as files_router
from xingqu.catalogue.api.operator import router as operator_router
from xingqu.catalogue.api.public import router as public_router
from xingqu.catalogue.api.shop import router as shop_router
from xingqu.catalogue.api.shop_review import router as shop_review_router
from xingqu.catalogue.api.stock import router as stock_router

router = Router(tags=["catalogue"])
router.add_router("", public_router)
router.add_router("", operator_router)
# Before the shop router: template.csv and batch would else be taken for a product id.
router.add_router("", files_router)
router.add_router("", batches_router)
router.add_router("", shop_router)
router.add_router("", stock_router)
router.add_router("", shop_review_router)

__all__ = ["router"]
