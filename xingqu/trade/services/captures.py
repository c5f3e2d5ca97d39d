"""What was captured for an order, once or (a presale) in two phases, and how a refund is spread over it.

A refund of an order with two captures is one refund for whoever asked and one for each provider's payment: the first carries the
reference, the others the reference with a number, and the first is carried out last, so that what follows it is complete.
"""

from collections.abc import Sequence

from django.db.models import Sum

from xingqu.kit.money import split_by_largest_remainder
from xingqu.trade.domain.refunds import MORE
from xingqu.trade.domain.transitions import PaymentState, Phase
from xingqu.trade.models import PaymentAttempt, PaymentShare, Refund, RefundLine
from xingqu.trade.services.applying import APPLIED

Capture = tuple[PaymentAttempt, int]


def captures_of(parent_id: int) -> list[Capture]:
    """The payments of a checkout that were applied, the rest of a presale before its deposit, with what of each has not been asked
    back. One query for an order that was paid at once."""
    paid = PaymentAttempt.objects.filter(parent_id=parent_id, state=PaymentState.SUCCEEDED, outcome=APPLIED)
    attempts = list(paid.order_by("-phase"))
    if not attempts:  # paid together with others
        shares = PaymentShare.objects.select_related("attempt").filter(parent_id=parent_id, outcome=APPLIED)
        return [(share.attempt, share.amount_minor) for share in shares]
    if len(attempts) == 1:
        return [(attempts[0], attempts[0].amount_minor)]
    asked = dict(
        Refund.objects.filter(payment__in=attempts).values_list("payment_id").annotate(total=Sum("amount_minor"))
    )
    return [(attempt, attempt.amount_minor - asked.get(attempt.pk, 0)) for attempt in attempts]


def spread(rows: Sequence[RefundLine], captures: Sequence[Capture]) -> list[tuple[PaymentAttempt, list[RefundLine]]]:
    """The parts of a refund by payment: the whole by largest remainder of what is left of each, the parts so that both sums hold.

    Units and the platform's share of a part go with its first piece. A payment that gives nothing has no refund.
    """
    if len(captures) == 1:
        return [(captures[0][0], list(rows))]
    total = sum(row.amount_minor for row in rows)
    rooms = split_by_largest_remainder(total, [left for _, left in captures])
    found: list[list[RefundLine]] = [[] for _ in captures]
    for row in rows:
        left, whole = row.amount_minor, True
        for at in range(len(captures)):
            piece = min(left, rooms[at])
            if piece or (whole and not left):
                rooms[at], left = rooms[at] - piece, left - piece
                found[at].append(
                    RefundLine(
                        line_id=row.line_id,
                        amount_minor=piece,
                        subsidy_minor=row.subsidy_minor if whole else 0,
                        quantity=row.quantity if whole else 0,
                    )
                )
                whole = False
    return [(payment, mine) for (payment, _), mine in zip(captures, found, strict=True) if mine]


def is_waiting(refund: Refund) -> bool:
    """Whether further payments' shares of the same refund have to go back before it."""
    if refund.order_id is None or refund.reference is None or refund.payment.phase in (Phase.WHOLE, Phase.MERGED):
        return False
    return Refund.objects.filter(
        order_id=refund.order_id, reference__startswith=f"{refund.reference}{MORE}", done=False
    ).exists()
