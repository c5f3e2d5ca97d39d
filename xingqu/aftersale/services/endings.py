"""What follows from a step: the refund, the rounds of arbitration, shipping that stands still, and the end of a case."""

from xingqu.aftersale.domain.amounts import split_refund
from xingqu.aftersale.domain.states import ARBITRATION, FINAL, PAYS_BACK, Kind, State, Step
from xingqu.aftersale.models import Arbitration, Case, CaseLine
from xingqu.aftersale.selectors.shipping import to_ship_of
from xingqu.aftersale.services.doing import Doing
from xingqu.events.aftersale import CaseClosed
from xingqu.kit.outbox import publish
from xingqu.trade.contracts import RefundPart
from xingqu.trade.selectors import refundable_of
from xingqu.trade.services import (
    ask_refund,
    everything_left,
    refund_parts,
    release_settlement,
    resume_shipping,
    stop_shipping,
)

VERDICTS = {Step.DECIDE_BUYER: "buyer_wins", Step.DECIDE_SELLER: "seller_wins"}


def send_refund(case: Case) -> None:
    """Ask trade for what was agreed, split over the case's lines and freight.

    Without any money or units there is no refund, and the clock ends the case. Raises RefundTooHigh, WrongState when the order
    has been refunded otherwise.
    """
    lines = list(CaseLine.objects.filter(case=case).order_by("id"))
    units = _units_back(case, lines)
    if _nothing_stays(case, lines, units):
        amount = sum(part.amount_minor for part in everything_left(refundable_of(order_no=case.order_no)))
        reason = case.text[:200] or case.reason
        refund_no = ask_refund(buyer_key=case.buyer_key, order_no=case.order_no, reason=reason, reference=case.case_no)
    else:
        amount = agreed_minor(case, lines)
        refund_no = _refund_parts(case, lines, units, amount)
    Case.objects.filter(pk=case.pk).update(refund_no=refund_no, agreed_minor=amount)
    case.refund_no, case.agreed_minor = refund_no, amount


def _refund_parts(case: Case, lines: list[CaseLine], units: list[int], amount: int) -> str:
    """Number of the refund of an amount and units of a case's lines; empty when there is neither."""
    goods, freight = split_refund(
        amount, goods=[line.cap_minor for line in lines], freight_minor=case.freight_cap_minor
    )
    parts = [RefundPart(line.line_id, part, count) for line, part, count in zip(lines, goods, units, strict=True)]
    parts.append(RefundPart(None, freight, 0))
    wanted = [part for part in parts if part.amount_minor or part.quantity]
    if not wanted:
        return ""
    return refund_parts(order_no=case.order_no, parts=wanted, reason=case.kind, reference=case.case_no)


def _nothing_stays(case: Case, lines: list[CaseLine], units: list[int]) -> bool:
    """Whether a case takes the last units of an order of which nothing was shipped: all its money goes back, freight too.

    The order says so from now on, and does not look as if it waited to be shipped.
    """
    if case.kind != Kind.PRE_SHIP or refundable_of(order_no=case.order_no).state != "paid":
        return False
    left = to_ship_of(order_no=case.order_no, shop_id=case.shop_id)
    taken = {line.sku_id: count for line, count in zip(lines, units, strict=True)}
    return all(taken.get(sku_id, 0) == count for sku_id, count in left.items())


def agreed_minor(case: Case, lines: list[CaseLine]) -> int:
    """What is to go back: what was agreed, else what was asked; all of it in place of goods that were not sent."""
    if case.agreed_minor is not None:
        return case.agreed_minor
    if Kind(case.kind) in PAYS_BACK:
        return case.asked_minor
    return sum(line.cap_minor for line in lines)


def _units_back(case: Case, lines: list[CaseLine]) -> list[int]:
    """Units of each line that lie in the shop's store again: returned, or never shipped."""
    if case.kind == Kind.PRE_SHIP:
        left = to_ship_of(order_no=case.order_no, shop_id=case.shop_id)
        return [min(line.quantity, left.get(line.sku_id, 0)) for line in lines]
    back = case.goods_back or (case.instant and case.needs_return)
    return [line.quantity if back else 0 for line in lines]


def keep_rounds(case: Case, step: Step, source: State, doing: Doing) -> None:
    """Open a round of arbitration when the case enters it, decide it when it leaves."""
    inside = State(case.state) in ARBITRATION
    if inside and source not in ARBITRATION:
        Arbitration.objects.create(case=case, opened_at=doing.at)
    elif not inside and source in ARBITRATION:
        open_round = Arbitration.objects.filter(case=case, decided_at=None)
        open_round.update(decided_at=doing.at, verdict=VERDICTS.get(step, "closed"))


def keep_shipping_stopped(case: Case) -> None:
    """Nothing of the order is shipped while somebody wants its money back before shipping, unless the merchant refused."""
    others = Case.objects.filter(order_no=case.order_no, kind=Kind.PRE_SHIP)
    if others.exclude(state__in=[*FINAL, State.REFUSED]).exists():
        if any(to_ship_of(order_no=case.order_no, shop_id=case.shop_id).values()):
            stop_shipping(order_no=case.order_no)
    else:
        resume_shipping(order_no=case.order_no)


def end_case(case: Case) -> None:
    """A case has come to its end: the order may settle, and everybody is told."""
    release_settlement(order_no=case.order_no)
    last = Arbitration.objects.filter(case=case).exclude(verdict="").order_by("-id").first()
    success = case.state == State.SUCCESS
    publish(
        CaseClosed(
            case_no=case.case_no,
            order_no=case.order_no,
            shop_id=case.shop_id,
            buyer_key=case.buyer_key,
            person_id=case.person_id,
            kind=case.kind,
            state=case.state,
            fault=case.fault,
            close_reason=case.close_reason,
            verdict=last.verdict if last is not None else None,
            refunded_minor=(case.agreed_minor or 0) if success and case.refund_no else 0,
            currency=case.currency,
            opened_at=case.opened_at,
            closed_at=case.closed_at or case.changed_at,
        )
    )
