"""A buyer asks for after-sale."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import orjson
from django.db import transaction

from xingqu.aftersale.domain.errors import AmountTooHigh, EvidenceNeeded, NothingToRefund, RequestKeyReused
from xingqu.aftersale.domain.reasons import WITHOUT_GOODS, reason_of
from xingqu.aftersale.domain.rules import Rules
from xingqu.aftersale.domain.states import BRINGS_BACK, OPENED, PAYS_BACK, WAITS, Kind, Side, State, Step
from xingqu.aftersale.models import Case, CaseLine
from xingqu.aftersale.selectors.addresses import return_address_of
from xingqu.aftersale.selectors.assessing import Assessment, Wanted, assess, free_units, held_by_cases
from xingqu.aftersale.selectors.rules import rules_at
from xingqu.aftersale.selectors.standing import may_have_instant
from xingqu.aftersale.services.doing import Doing
from xingqu.aftersale.services.endings import keep_shipping_stopped
from xingqu.aftersale.services.moving import hold_order, take_step, write_event
from xingqu.events.aftersale import CaseOpened
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.kit.ids import new_number
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import retried
from xingqu.trade.selectors import refundable_of, shop_order_for_buyer
from xingqu.trade.services import WrongState, hold_settlement

# What these ask for is not for the buyer to choose: goods that were not sent go back whole.
COMPUTED = frozenset({Kind.PRICE_PROTECTION, Kind.PRE_SHIP})
INSTANT_KINDS = frozenset({Kind.REFUND_ONLY, Kind.RETURN_AND_REFUND, Kind.NO_REASON_RETURN})


@dataclass(frozen=True, slots=True)
class Application:
    """What a buyer asks for. `amount_minor` None is all that can go back; `received`: whether the goods have come."""

    kind: Kind
    lines: tuple[Wanted, ...]
    reason: str
    amount_minor: int | None = None
    text: str = ""
    received: bool = True
    picture_ids: tuple[int, ...] = ()

    def digest(self, order_no: str) -> str:
        """Tells two applications apart."""
        lines = sorted((line.line_id, line.quantity) for line in self.lines)
        said = [order_no, self.kind, lines, self.reason, self.amount_minor, self.text, self.received]
        return hashlib.sha256(orjson.dumps([*said, list(self.picture_ids)])).hexdigest()


@retried
@transaction.atomic
def open_case(
    *, buyer_key: str, person_id: int, order_no: str, application: Application, request_key: str | None = None
) -> str:
    """Open a case about one's own order; returns its number. The same `request_key` with the same words gets the same case.

    What needs nobody's judgement is granted at once: an order of which nothing was shipped, a price that fell, and small
    amounts of buyers in good standing. Raises NotFound, InvalidInput, KindNotAllowed, UnitsTaken, NothingToRefund,
    AmountTooHigh, EvidenceNeeded, RequestKeyReused.
    """
    hold_order(order_no)
    earlier = Case.objects.filter(buyer_key=buyer_key, request_key=request_key).first() if request_key else None
    if earlier is not None:
        if earlier.request_hash != application.digest(order_no):
            raise RequestKeyReused(data={"case_no": earlier.case_no})
        return earlier.case_no
    rules = rules_at()
    assessment = assess(
        buyer_key=buyer_key, order_no=order_no, kind=application.kind, wanted=application.lines, rules=rules
    )
    check_words(application.kind, application.reason, application.picture_ids)
    amount = asked_minor(assessment, application.amount_minor)
    buyer = Doing(Side.BUYER, person_id, application.text, application.picture_ids)
    case = write_case(assessment, application, rules, amount, buyer)
    if request_key:
        Case.objects.filter(pk=case.pk).update(request_key=request_key, request_hash=application.digest(order_no))
    _grant_at_once(case, assessment, rules)
    return case.case_no


def ask_all_back(*, buyer_key: str, person_id: int, order_no: str, reason: str) -> str:
    """A case `pre_ship` about all that is left of an order of which nothing was shipped; returns its number.

    Raises NotFound, WrongState for an order in another state, and what `open_case` refuses.
    """
    order = shop_order_for_buyer(buyer_key=buyer_key, order_no=order_no)
    if order.state != "paid":
        raise WrongState(expected="a paid order that has not been shipped", data={"state": order.state})
    held = held_by_cases(order_no=order_no)
    units = [
        Wanted(line.line_id, free)
        for line in refundable_of(order_no=order_no).lines
        if (free := free_units(Kind.PRE_SHIP, order, line, held))
    ]
    if not units:
        raise NothingToRefund(data={"kind": Kind.PRE_SHIP.value})
    application = Application(kind=Kind.PRE_SHIP, lines=tuple(units), reason="other", text=reason, received=False)
    return open_case(buyer_key=buyer_key, person_id=person_id, order_no=order_no, application=application)


def check_words(kind: Kind, reason_code: str, picture_ids: Sequence[int]) -> None:
    """Raises InvalidInput for a reason of another kind, EvidenceNeeded."""
    reason = reason_of(kind, reason_code)
    if reason is None:
        raise InvalidInput(field="reason", expected="a reason of this kind of after-sale")
    if reason.needs_picture and not picture_ids:
        raise EvidenceNeeded(field="picture_ids", expected="at least one picture")


def asked_minor(assessment: Assessment, wanted_minor: int | None) -> int:
    """The amount a case asks for: within the most that can go back, and all of it where it is computed. Raises AmountTooHigh."""
    most = assessment.max_minor
    if assessment.kind not in PAYS_BACK or assessment.kind in COMPUTED or wanted_minor is None:
        return most
    if wanted_minor > most:
        raise AmountTooHigh(field="amount_minor", expected=f"at most {most}", data={"max_minor": most})
    if wanted_minor < 1:
        raise InvalidInput(field="amount_minor", expected=f"1 to {most}")
    return wanted_minor


def write_case(assessment: Assessment, application: Application, rules: Rules, amount: int, opened: Doing) -> Case:
    """Write down a case and hold the order's settlement, in the caller's transaction; `opened` is who opens it for the buyer."""
    now, person_id = clock.now(), opened.person_id
    wait = WAITS[State.MERCHANT_REVIEW]
    order = assessment.order
    reason = reason_of(application.kind, application.reason)
    case = Case.objects.create(
        case_no=new_number("A", now),
        order_no=order.order_no,
        shop_id=order.shop_id,
        buyer_key=order.buyer_key,
        person_id=person_id,
        kind=application.kind,
        reason=application.reason,
        text=application.text,
        received=application.received,
        currency=order.currency,
        asked_minor=amount,
        freight_cap_minor=assessment.freight_minor,
        needs_return=application.kind in BRINGS_BACK and application.reason not in WITHOUT_GOODS,
        rules=rules.as_json(),
        waiting_for=wait.who,
        due_at=now + timedelta(seconds=rules.review_s),
        opened_at=now,
        changed_at=now,
    )
    CaseLine.objects.bulk_create(
        CaseLine(
            case=case,
            line_id=part.line.line_id,
            sku_id=part.line.sku_id,
            product_id=part.line.product_id,
            name=part.line.name,
            option_text=part.line.option_text,
            picture_url=part.line.picture_url,
            quantity=part.quantity,
            unit_price_minor=part.line.unit_price_minor,
            cap_minor=part.cap_minor,
        )
        for part in assessment.lines
    )
    write_event(case, OPENED, opened)
    hold_settlement(order_no=case.order_no)
    if application.kind is Kind.PRE_SHIP:
        keep_shipping_stopped(case)
    publish(
        CaseOpened(
            case_no=case.case_no,
            order_no=case.order_no,
            shop_id=case.shop_id,
            buyer_key=case.buyer_key,
            person_id=person_id,
            kind=case.kind,
            state=case.state,
            fault=reason.fault if reason is not None else None,
            asked_minor=amount,
            currency=case.currency,
            opened_at=now,
        )
    )
    return case


def _grant_at_once(case: Case, assessment: Assessment, rules: Rules) -> None:
    """What the rules grant without the merchant's review."""
    kind = assessment.kind
    if kind is Kind.PRICE_PROTECTION:
        why = "price_fell"
    elif kind is Kind.PRE_SHIP:
        why = "nothing_shipped" if rules.pre_ship_auto and assessment.order.state == "paid" else ""
    elif kind in INSTANT_KINDS and may_have_instant(case=case, rules=rules):
        # Goods can't be sent back nowhere: without an address the merchant must look at it.
        nowhere = case.needs_return and return_address_of(shop_id=case.shop_id) is None
        why = "" if nowhere else "instant_refund"
    else:
        why = ""
    if why:
        take_step(case, Step.AUTO_APPROVE, Doing(None, data={"why": why}), instant=why == "instant_refund")
