"""Governance over HTTP."""

from ninja import Router

from xingqu.governance.api import creator, operator

router = Router(tags=["governance"])
router.add_router("", operator.router)
router.add_router("", creator.router)

__all__ = ["router"]
