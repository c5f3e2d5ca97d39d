"""Reviews over HTTP."""

from ninja import Router

from xingqu.review.api import author, operator, public, shop

router = Router(tags=["review"])
router.add_router("", author.router)
router.add_router("", public.router)
router.add_router("", shop.router)
router.add_router("", operator.router)

__all__ = ["router"]
