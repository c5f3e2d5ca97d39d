"""The rest of a presale order: which coupons lower it."""

from typing import Any

from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.transactions import retried
from xingqu.programmes.contracts import Programmes, Taking
from xingqu.programmes.selectors import programmes_for
from xingqu.programmes.services import release_coupons, take_programmes
from xingqu.trade.domain.discounts import Discounts, Kind, PricedLine, find_best
from xingqu.trade.domain.errors import WrongState
from xingqu.trade.domain.transitions import OrderState
from xingqu.trade.models import OrderLine, ParentOrder, PresaleOrder, ShopOrder
from xingqu.trade.selectors.offers import offers_of
from xingqu.trade.services.orders import own_order
from xingqu.trade.services.transition import person_id_of


@retried
@transaction.atomic
def choose_coupons(*, buyer_key: str, order_no: str, coupon_ids: frozenset[int] | None) -> Discounts:
    """Make these (None: the best) claimed coupons lower the rest of a reserved order, instead of those before.

    They are locked with the order. Coupons count the goods less what the deposit counts for. Attempts to pay that were made
    before no longer fit and go back, should they be paid. Raises NotFound, WrongState outside the time to pay the rest,
    ProgrammeGone.
    """
    order = own_order(buyer_key=buyer_key, order_no=order_no)
    parent = ParentOrder.objects.select_for_update(no_key=True).get(pk=order.parent_id)
    terms = PresaleOrder.objects.filter(parent=parent).first()
    if terms is None:
        raise NotFound(field="order_no", expected="the number of a presale order")
    now = clock.now()
    if parent.state != OrderState.PART_PAID or not terms.final_from <= now < terms.final_until:
        raise WrongState(expected="the time to pay the rest", data={"state": parent.state})
    person_id = person_id_of(buyer_key)
    if person_id is None:
        raise WrongState(expected="a signed-in buyer", data={"state": parent.state})
    release_coupons(order_ref=parent.order_no)
    line = OrderLine.objects.get(order=order)
    found = _find(order, line, terms, person_id, coupon_ids)
    coupons = tuple((one.programme_id, one.amount_minor, one.shop_id) for one in found.deductions)
    if coupons:
        take_programmes(order_ref=parent.order_no, person_id=person_id, taking=Taking(coupons=coupons))
    _write(order, parent, line, [part.as_json() for part in found.parts.get(line.sku_id, ())])
    return found


def _find(
    order: ShopOrder, line: OrderLine, terms: PresaleOrder, person_id: int, chosen: frozenset[int] | None
) -> Discounts:
    held = programmes_for(person_id=person_id, sku_ids=[line.sku_id], shop_ids=[order.shop_id])
    offer = offers_of(sku_ids=[line.sku_id]).get(line.sku_id)
    priced = PricedLine(
        line.sku_id,
        order.shop_id,
        line.subtotal_minor - terms.counts_minor,
        is_flash=False,
        product_id=line.product_id,
        category_id=offer.category_id if offer is not None else 0,
    )
    return find_best([priced], Programmes({}, {}, held.coupons), currency=order.currency, chosen=chosen)


def _write(order: ShopOrder, parent: ParentOrder, line: OrderLine, coupons: list[dict[str, Any]]) -> None:
    """The discounts of the line anew: what the deposit counts for more stays, coupons are these."""
    discounts = [part for part in line.discounts if part["kind"] == Kind.PRESALE] + coupons
    discount = sum(part["amount_minor"] for part in discounts)
    platform = sum(part["amount_minor"] for part in discounts if part["payer"] == "platform")
    payable = order.goods_minor + order.freight_minor - discount
    OrderLine.objects.filter(pk=line.pk).update(discounts=discounts, discount_minor=discount)
    ShopOrder.objects.filter(pk=order.pk).update(
        discount_minor=discount, platform_discount_minor=platform, payable_minor=payable
    )
    ParentOrder.objects.filter(pk=parent.pk).update(payable_minor=payable)
