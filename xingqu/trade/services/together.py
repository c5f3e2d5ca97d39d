"""Several unpaid checkouts of a buyer in one payment (合并支付). Decision 0105."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.db.models import Q

from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.sql import insert_rows
from xingqu.trade.domain.errors import MixedCurrencies, OrderExpired, PaysAlone, WrongState
from xingqu.trade.domain.transitions import OrderState, Phase
from xingqu.trade.models import ParentOrder, PaymentShare, ShopOrder
from xingqu.trade.providers import offered_provider
from xingqu.trade.services.openings import new_attempt, opening_request, wait_for_opening, waiting_page
from xingqu.trade.services.payments import start_payment


def start_together(
    *,
    buyer_key: str,
    order_nos: Sequence[str],
    provider: str | None,
    return_path: str,
    language: str | None,
    device: Literal["desktop", "phone"] = "desktop",
    payer_ip: str = "",
) -> tuple[str, str]:
    """(payment number, address to send the buyer to) of one new attempt to pay all these orders' checkouts.

    It can be paid as long as the first of them. Orders of one checkout are paid as ever. Raises NotFound, WrongState,
    OrderExpired and PaysAlone with the order's number in `data`, MixedCurrencies, MethodUnavailable.
    """
    parents = _parents(buyer_key, order_nos)
    if len(parents) == 1:
        return start_payment(
            buyer_key=buyer_key,
            order_no=parents[0].order_no,
            provider=provider,
            return_path=return_path,
            language=language,
            device=device,
            payer_ip=payer_ip,
        )
    now = clock.now()
    _check(parents, now)
    first = parents[0]
    name, adapter = offered_provider(provider, first.currency)
    amount_minor = sum(parent.payable_minor for parent in parents)
    attempt = new_attempt(first.pk, name, amount_minor, first.currency, Phase.MERGED, now)
    details: dict[str, Any] = {
        "return_path": return_path,
        "language": language,
        "device": device,
        "payer_ip": payer_ip,
    }
    redirect_url = adapter.create(opening_request(attempt, first.order_no, first.expires_at, details))
    with transaction.atomic():
        insert_rows([attempt])
        insert_rows(
            [
                PaymentShare(attempt=attempt, parent=parent, amount_minor=parent.payable_minor)
                for parent in sorted(parents, key=lambda one: one.pk)
            ]
        )
        if redirect_url is None:
            wait_for_opening(attempt, details)
    return attempt.payment_no, redirect_url or waiting_page(attempt)


def _parents(buyer_key: str, order_nos: Sequence[str]) -> list[ParentOrder]:
    """The checkouts of these orders, each once, the first to run out first."""
    wanted = set(order_nos)
    named = Q(order_no__in=wanted) | Q(parent__order_no__in=wanted)
    rows = list(ShopOrder.objects.select_related("parent").filter(named, buyer_key=buyer_key))
    missing = wanted - {number for row in rows for number in (row.order_no, row.parent.order_no)}
    if missing:
        raise NotFound(field="order_nos", expected="numbers of your own orders", data={"order_no": min(missing)})
    parents = {row.parent_id: row.parent for row in rows}
    return sorted(parents.values(), key=lambda parent: (parent.expires_at, parent.pk))


def _check(parents: Sequence[ParentOrder], now: datetime) -> None:
    for parent in parents:
        data = {"order_no": parent.order_no, "state": parent.state}
        if parent.is_presale:
            raise PaysAlone(field="order_nos", data=data)
        if parent.state != OrderState.UNPAID:
            raise WrongState(field="order_nos", expected="unpaid orders", data=data)
        if parent.expires_at <= now:
            raise OrderExpired(field="order_nos", data=data | {"expires_at": parent.expires_at.isoformat()})
    if len({parent.currency for parent in parents}) > 1:
        raise MixedCurrencies(field="order_nos", data={"currencies": sorted({one.currency for one in parents})})
