"""The feed, the mall page and search over HTTP."""

from ninja import Router

from xingqu.feed.api.feed import router as feed_router
from xingqu.feed.api.live import router as live_router
from xingqu.feed.api.mall import router as mall_router
from xingqu.feed.api.operator import router as operator_router
from xingqu.feed.api.pools import router as pools_router
from xingqu.feed.api.search import router as search_router

router = Router()
router.add_router("", feed_router)
router.add_router("", live_router)
router.add_router("", mall_router)
router.add_router("", search_router)
router.add_router("", pools_router)
router.add_router("", operator_router)

__all__ = ["router"]
