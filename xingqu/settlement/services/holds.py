"""Risk holds: an operator keeps money where it is, with a reason."""

from django.db import IntegrityError, transaction

from xingqu.accounts.services import notify
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, NotFound
from xingqu.kit.transactions import hold_names, retried
from xingqu.settlement.domain.errors import AlreadyLifted
from xingqu.settlement.models import RiskHold, Settlement
from xingqu.trade.selectors import earning_of


@retried
@transaction.atomic
def place_hold(*, shop_id: int, order_no: str, reason: str, person_id: int) -> int:
    """Keep a shop's money, or that of one order, from being settled and withdrawn. Returns the hold's id.

    Raises NotFound for an order that is not the shop's, Conflict when it is held already.
    """
    if order_no and earning_of(order_no=order_no).shop_id != shop_id:
        raise NotFound(field="order_no", expected="the number of an order of this shop")
    hold_names(f"risk-hold:{shop_id}")
    try:
        with transaction.atomic():
            hold = RiskHold.objects.create(
                shop_id=shop_id, order_no=order_no, reason=reason, placed_by_id=person_id, placed_at=clock.now()
            )
    except IntegrityError as error:
        raise Conflict(field="order_no", expected="what is not on hold yet") from error
    notify(organisation_id=shop_id, kind="funds_held", data={"reason": reason, "order_no": order_no})
    return int(hold.pk)


@retried
@transaction.atomic
def lift_hold(*, hold_id: int, reason: str, person_id: int) -> None:
    """Let the money go on. What waited for it is looked at at once. Raises NotFound, AlreadyLifted."""
    hold = RiskHold.objects.filter(pk=hold_id).first()
    if hold is None:
        raise NotFound(field="hold_id", expected="the number of a hold")
    now = clock.now()
    lifted = RiskHold.objects.filter(pk=hold_id, lifted_at=None)
    if not lifted.update(lifted_at=now, lifted_by_id=person_id, lift_reason=reason):
        raise AlreadyLifted
    Settlement.objects.filter(shop_id=hold.shop_id, state=Settlement.State.PENDING, waits_for="risk_hold").update(
        waits_for="", look_at=now
    )
    notify(organisation_id=hold.shop_id, kind="funds_released", data={"order_no": hold.order_no})
