"""Facts of trade: lines credited to a room count for it, a refund is shown beside them."""

from datetime import UTC, datetime
from typing import Any

from xingqu.events.trade import OrderPaid, RefundSettled
from xingqu.live import handlers, selectors
from xingqu.live.models import LiveSale
from xingqu.live.tests.conftest import Studio

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def paid(shop_id: int, **changes: Any) -> OrderPaid:
    given: dict[str, Any] = {
        "order_no": "E1",
        "parent_order_no": "P1",
        "shop_id": shop_id,
        "buyer_key": "p1",
        "person_id": 1,
        "payable_minor": 7000,
        "currency": "CNY",
        "paid_at": AT,
        "ship_by": AT,
        "lines": ((11, 1, 2, 5000), (12, 2, 1, 2000)),
        "attributions": ((None, None, None, None),) * 2,
    }
    return OrderPaid(**{**given, **changes})


def test_only_lines_that_are_credited_to_the_room_count(studio: Studio) -> None:
    room_id, _ = studio.live_room()
    handlers.count_sale(paid(studio.shop_id))  # a fact of before there were rooms
    handlers.count_sale(paid(studio.shop_id, order_no="E2", live_room_ids=(None, None)))
    assert LiveSale.objects.count() == 0
    for _ in range(2):
        handlers.count_sale(paid(studio.shop_id, order_no="E3", live_room_ids=(room_id, None), paid_minor=(4200, 1500)))
    back = RefundSettled(
        refund_no="R1",
        order_no="E3",
        shop_id=studio.shop_id,
        buyer_key="p1",
        person_id=1,
        reference="x",
        reason="x",
        amount_minor=3000,
        subsidy_minor=0,
        currency="CNY",
        # the other line is another SKU of the same product
        lines=((1, 11, 1, 1, 2500), (2, 12, 1, 1, 500)),
        freight_minor=0,
        whole=False,
        refunded_at=AT,
    )
    handlers.count_refund(back)
    found = selectors.desk_figures(shop_id=studio.shop_id, room_id=room_id)
    assert (found["orders"], found["gmv"]["amount_minor"], found["refunded"]["amount_minor"]) == (1, 4200, 2500)
