"""What a work brought its creator: of that work alone, estimated and settled apart, and to nobody else."""

import pytest

from xingqu.alliance.tests.house import buy_led, new_studio, offer, receive
from xingqu.settlement.tests.house import give_back, settle
from xingqu.trade.tests.house import Caller, Shop

pytestmark = pytest.mark.django_db


def test_of_a_work_estimated_and_settled(buyer: Caller, shop: Shop, sku: int) -> None:
    offer(shop, sku, 2_000)
    studio = new_studio()
    path = f"/creators/{studio.creator_id}/alliance/brought"
    first = buy_led(buyer, studio.creator_id, (sku, 1))
    receive(buyer, shop, first)
    assert settle() == 1
    give_back(first, 10_000, "a-third")
    buy_led(buyer, studio.creator_id, (sku, 1))
    told = studio.owner.get(f"{path}?content_id=7")
    assert told == {"orders": 2, "base_minor": 19_900 + 29_900, "estimated_minor": 5_382, "settled_minor": 3_582}
    nothing = {"orders": 0, "base_minor": 0, "estimated_minor": 0, "settled_minor": 0}
    assert studio.owner.get(f"{path}?content_id=8") == nothing
    assert studio.owner.get(f"{path}?live_room_id=7") == nothing
    assert new_studio().owner.error("GET", f"{path}?content_id=7", status=404)["code"] == "not_found"
    for query in ("", "?content_id=7&live_room_id=7"):
        assert studio.owner.error("GET", f"{path}{query}", status=422)["field"] == "content_id"
