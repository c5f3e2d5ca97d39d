"""Reactions to facts. Each runs in one transaction with the mark that it ran."""

from xingqu.accounts.services import notify
from xingqu.events.fulfilment import PackageDelivered, PackageSilent, PackageTurnedBack, ParcelDelivered
from xingqu.events.trade import OrderPaid, OrderReaddressed, OrderReceived, OrderShipped
from xingqu.fulfilment.services.covers import charge_cover, pay_cover, promise_cover
from xingqu.fulfilment.services.tracking import close_packages
from xingqu.trade.selectors import person_of_order


def close_tracking(fact: OrderReceived) -> None:
    """The buyer has the packages."""
    close_packages(order_no=fact.order_no, at=fact.received_at, automatic=fact.automatic)


def insure_return(fact: OrderPaid) -> None:
    """The return of what promises it is insured."""
    promise_cover(
        order_no=fact.order_no,
        shop_id=fact.shop_id,
        currency=fact.currency,
        product_ids=[product_id for _, product_id, _, _ in fact.lines],
        at=fact.paid_at,
    )


def charge_insurance(fact: OrderShipped) -> None:
    """The shop owes the premium."""
    charge_cover(order_no=fact.order_no, at=fact.shipped_at)


def pay_insurance(fact: ParcelDelivered) -> None:
    """A return that the insurance pays for has come."""
    if fact.kind == "return":
        pay_cover(reference=fact.reference, at=fact.at)


def tell_delivered(fact: PackageDelivered) -> None:
    """Buyer: the package has arrived."""
    _tell_buyer(fact.order_no, "package_delivered")


def tell_silent(fact: PackageSilent) -> None:
    """Both: nobody has heard of the package for long."""
    _tell_buyer(fact.order_no, "package_silent")
    _tell_shop(fact.shop_id, fact.order_no, "package_silent_shop")


def tell_turned_back(fact: PackageTurnedBack) -> None:
    """Both: the package is back at the shop."""
    _tell_buyer(fact.order_no, "package_turned_back")
    _tell_shop(fact.shop_id, fact.order_no, "package_turned_back_shop")


def tell_readdressed(fact: OrderReaddressed) -> None:
    """Shop: the order goes elsewhere."""
    _tell_shop(fact.shop_id, fact.order_no, "order_readdressed")


def _tell_buyer(order_no: str, kind: str) -> None:
    person_id = person_of_order(order_no=order_no)
    if person_id is not None:
        notify(person_id=person_id, kind=kind, data={"order_no": order_no})


def _tell_shop(shop_id: int, order_no: str, kind: str) -> None:
    notify(organisation_id=shop_id, kind=kind, data={"order_no": order_no, "shop_id": shop_id})
