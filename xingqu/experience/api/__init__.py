"""The experience score over HTTP."""

from ninja import Router

from xingqu.experience.api import creator, operator, shop

router = Router(tags=["experience"])
router.add_router("", shop.router)
router.add_router("", operator.router)
router.add_router("", creator.router)

__all__ = ["router"]
