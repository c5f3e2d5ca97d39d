"""What led to the lines of orders, as their merchant sees it."""

from collections.abc import Mapping
from typing import Any

from xingqu.accounts.selectors import creators_by_ids
from xingqu.kit import clock
from xingqu.trade.domain.attribution import DIRECT
from xingqu.trade.models import OrderLine

# Columns of an export, in their order.
EXPORTED = ("source", "creator_id", "content_id", "live_room_id", "ad_id", "campaign")


def line_attributions(*, order_id: int) -> list[dict[str, Any]]:
    """Of each line of an order, in the order of its lines."""
    rows = list(OrderLine.objects.filter(order_id=order_id).order_by("id").values_list("sku_id", "attribution"))
    creators = creators_by_ids(ids={told["creator_id"] for _, told in rows if told.get("creator_id")})
    found = []
    for sku_id, told in rows:
        creator = creators.get(told.get("creator_id", 0))
        at_ms = told.get("credited_at_ms")
        found.append(
            {
                "sku_id": sku_id,
                **exported_fields(told),
                "creator_name": creator.display_name if creator is not None else "",
                "credited_source": told.get("credited_surface"),
                "credited_at": clock.from_ms(at_ms) if at_ms is not None else None,
            }
        )
    return found


def exported_fields(told: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `EXPORTED`; an order from before sources were told is direct."""
    return {"source": told.get("surface", DIRECT), **{name: told.get(name) for name in EXPORTED[1:]}}
