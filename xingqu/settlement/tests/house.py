"""Steps that the settlement tests share."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.ledger.selectors import balance_minor
from xingqu.settlement.services.settling import settle_due
from xingqu.trade.contracts import RefundPart
from xingqu.trade.selectors import refundable_of
from xingqu.trade.services import refund_parts
from xingqu.trade.services.refunds import finish_refunds
from xingqu.trade.tests.house import Caller, Shop

_numbers = itertools.count(1)


@contextmanager
def later(**ahead: float) -> Iterator[None]:
    with clock.frozen(clock.now() + timedelta(**ahead)):
        yield


def earn(buyer: Caller, shop: Shop, sku: int, units: int = 1) -> str:
    """Buy, ship, receive. Returns the order's number."""
    order_no = buyer.buy((sku, units))
    shop.member().post(
        f"/shops/{shop.id}/orders/{order_no}/ship", {"carrier_code": "sf", "tracking_no": f"SF{next(_numbers):012}"}
    )
    buyer.post(f"/orders/{order_no}/confirm-receipt")
    deliver_due()
    return order_no


def settle(days: int = 8) -> int:
    with later(days=days):
        return settle_due()


def give_back(order_no: str, amount_minor: int, reference: str) -> None:
    """Refund a part of the first line, to its end."""
    line = refundable_of(order_no=order_no).lines[0].line_id
    refund_parts(order_no=order_no, parts=[RefundPart(line, amount_minor)], reason="x", reference=reference)
    finish_refunds()
    deliver_due()


def money(shop: Shop) -> dict[str, int]:
    """What the shop has where; empty accounts are left out."""
    kinds = ("escrow", "receivable", "balance", "deposit")
    return {kind: minor for kind in kinds if (minor := balance_minor(account=f"{kind}:shop:{shop.id}"))}


ACCOUNT = {"holder": "素屋家居有限公司", "bank_name": "示例银行", "number": "6222020200112233"}


def ready_to_withdraw(shop: Shop, number: str = ACCOUNT["number"]) -> Caller:
    """The owner, with a bank account named."""
    owner = shop.member()
    owner.call("PUT", f"/shops/{shop.id}/funds/payout-account", {**ACCOUNT, "number": number})
    return owner
