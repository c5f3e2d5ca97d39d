"""Content over HTTP."""

from ninja import Router

from xingqu.content.api.consumer import router as consumer_router
from xingqu.content.api.desk import router as desk_router
from xingqu.content.api.profile import router as profile_router
from xingqu.content.api.studio import router as studio_router
from xingqu.content.api.uploads import router as uploads_router

router = Router()
router.add_router("", consumer_router)
router.add_router("", studio_router)
router.add_router("", profile_router)
router.add_router("", desk_router)
router.add_router("", uploads_router)
