"""Two who write at once."""

import pytest

from xingqu.kit.tests.threads import while_open
from xingqu.review.services import LineReview, write_reviews
from xingqu.trade.models import ShopOrder
from xingqu.trade.tests.house import Caller, make_shop, make_sku


@pytest.mark.django_db(transaction=True)
def test_two_reviews_of_the_two_lines_of_an_order() -> None:
    house = make_shop()
    skus = [make_sku(house), make_sku(house)]
    buyer = Caller.new_person()
    order_no = buyer.buy(*((sku, 1) for sku in skus))
    body = {"carrier_code": "sf", "tracking_no": "SF0000000000001"}
    house.member().post(f"/shops/{house.id}/orders/{order_no}/ship", body)
    buyer.post(f"/orders/{order_no}/confirm-receipt")
    key, person_id = buyer.key, buyer.person_id or 0

    def write(sku_id: int) -> None:
        line = LineReview(sku_id=sku_id, goods_score=5, service_score=5, logistics_score=5, text="很好")
        write_reviews(buyer_key=key, person_id=person_id, order_no=order_no, lines=[line])

    assert while_open(lambda: write(skus[0]), lambda: write(skus[1])) == [None, None]
    assert ShopOrder.objects.get().reviewed is True
