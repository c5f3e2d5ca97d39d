"""Asking a carrier to turn a package back."""

from typing import Literal

from django.db import transaction

from xingqu.fulfilment.domain.errors import PackageWrongState
from xingqu.fulfilment.domain.states import CHANGEABLE, Kind
from xingqu.fulfilment.models import Package
from xingqu.fulfilment.services.tracking import add_event
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.transactions import retried
from xingqu.trade.selectors import shop_order_for_buyer


def intercept_for_buyer(*, buyer_key: str, order_no: str, package_id: int) -> None:
    """The buyer wants a package of an own order turned back. Raises NotFound, PackageWrongState."""
    order = shop_order_for_buyer(buyer_key=buyer_key, order_no=order_no)
    if not Package.objects.filter(pk=package_id, kind=Kind.ORDER, lines__order_no=order_no).exists():
        raise NotFound(field="package_id", expected="the id of a package of this order")
    _ask(shop_id=order.shop_id, package_id=package_id, by="buyer")


def intercept_for_shop(*, shop_id: int, package_id: int) -> None:
    """The shop wants a package turned back. Raises NotFound, PackageWrongState."""
    _ask(shop_id=shop_id, package_id=package_id, by="shop")


@retried
@transaction.atomic
def _ask(*, shop_id: int, package_id: int, by: Literal["buyer", "shop"]) -> None:
    package = Package.objects.filter(pk=package_id, shop_id=shop_id, kind=Kind.ORDER).first()
    if package is None:
        raise NotFound(field="package_id", expected="the id of a package of this shop")
    now = clock.now()
    mine = Package.objects.filter(pk=package.pk, state__in=CHANGEABLE, intercept__in=["", "failed"])
    asked = Package.Intercept.ASKED
    if not mine.update(intercept=asked, intercept_by=by, intercept_due_at=now, intercept_tries=0):
        raise PackageWrongState(
            expected="a package on its way that nobody has asked to turn back",
            data={"state": package.state, "intercept": package.intercept},
        )
    add_event(package, code="intercept_asked", key=f"intercept_asked:{now.timestamp():.0f}", at=now, data={"by": by})
