"""Steps that the alliance's tests share."""

import itertools
from dataclasses import dataclass
from typing import Any

from xingqu.accounts.services import create_creator, create_organisation, create_person
from xingqu.alliance.domain.plans import PlanKind
from xingqu.alliance.services.plans import open_plan
from xingqu.catalogue.models import Sku
from xingqu.kit.outbox import deliver_due
from xingqu.trade.models import OrderLine
from xingqu.trade.tests.house import Caller, Shop

_numbers = itertools.count(1)


def new_creator() -> tuple[int, Caller]:
    """A creator and the person behind."""
    number = next(_numbers)
    person_id = create_person(email=f"creator{number}@people.example", password=None)
    creator_id = create_creator(handle=f"creator{number}", display_name=f"达人{number}", person_id=person_id)
    return creator_id, Caller.signed_in(person_id)


@dataclass(frozen=True)
class Studio:
    """A creator's workplace: its id, the creator's, and the owner."""

    id: int
    creator_id: int
    owner: Caller
    handle: str


def new_studio() -> Studio:
    """A creator with a workplace of their own."""
    number = next(_numbers)
    person_id = create_person(email=f"studio{number}@people.example", password=None)
    studio_id = create_organisation(owner_id=person_id, kind="creator", name=f"工作室{number}")
    handle = f"studio{number}"
    creator_id = create_creator(handle=handle, display_name=f"主播{number}", organisation_id=studio_id)
    return Studio(studio_id, creator_id, Caller.signed_in(person_id), handle)


def product_of(sku: int) -> int:
    return int(Sku.objects.values_list("product_id", flat=True).get(pk=sku))


def offer(shop: Shop, sku: int, commission_bp: int = 2_000, kind: PlanKind = PlanKind.SIMPLE, **more: Any) -> int:
    """A plan of the shop for what the SKU is one of."""
    return open_plan(
        shop_id=shop.id, product_id=product_of(sku), kind=kind, commission_bp=commission_bp, person_id=1, **more
    )


def buy_led(buyer: Caller, creator_id: int, *lines: tuple[int, int]) -> str:
    """A paid order of one shop that a creator brought. Returns its number."""
    parent = buyer.order(*lines)
    order_no = str(parent["shop_orders"][0]["order_no"])
    OrderLine.objects.filter(order__order_no=order_no).update(attribution={"creator_id": creator_id, "content_id": 7})
    buyer.pay(parent["order_no"])
    deliver_due()
    return order_no


def receive(buyer: Caller, shop: Shop, order_no: str) -> None:
    """Shipped and received."""
    shop.member().post(
        f"/shops/{shop.id}/orders/{order_no}/ship", {"carrier_code": "sf", "tracking_no": f"SF{next(_numbers):012}"}
    )
    buyer.post(f"/orders/{order_no}/confirm-receipt")
    deliver_due()
