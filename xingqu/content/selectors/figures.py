"""How a work was watched: looks by second, and what follows from them."""

from typing import Any

from xingqu.content.models import Content, WatchedSecond
from xingqu.kit.errors import NotFound

CURVE_MAX_S = 180


def content_figures(*, shop_id: int, content_id: int) -> dict[str, Any]:
    """Figures of one content of a workplace. Raises NotFound.

    Retention at a second: looks that lasted at least so long, by all looks. A look is one time the work was on a screen; how long
    it was watched is what the screen told, rounded down to seconds; a clip that began again counts on.
    """
    content = Content.objects.filter(pk=content_id, shop_id=shop_id).first()
    if content is None:
        raise NotFound
    rows = dict(WatchedSecond.objects.filter(content=content).values_list("second", "looks"))
    looks = sum(rows.values())
    length_s = (
        min(CURVE_MAX_S, -(-content.duration_ms // 1000)) if content.duration_ms else min(30, max(rows, default=0))
    )
    left = looks
    curve = []
    for second in range(length_s + 1):
        curve.append({"second": second, "looks": left, "share_bp": round(10_000 * left / looks) if looks else 0})
        left -= rows.get(second, 0)
    whole_s = content.duration_ms // 1000
    completed = sum(count for second, count in rows.items() if second >= whole_s) if whole_s else 0
    return {
        "content_id": content.pk,
        "looks": looks,
        "views": content.view_count,
        "likes": content.like_count,
        "comments": content.comment_count,
        "saves": content.save_count,
        "shares": content.share_count,
        "average_watch_ms": sum(second * count * 1000 for second, count in rows.items()) // looks if looks else 0,
        "completed": completed,
        "duration_ms": content.duration_ms,
        "curve": curve,
    }
