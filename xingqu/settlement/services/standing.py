"""How shops stand with their deposits: looked at by the clock and after every movement; what follows is done here."""

from datetime import datetime, timedelta
from typing import cast

from django.db import transaction

from xingqu.accounts.services import freeze_listing, notify
from xingqu.catalogue.selectors import count_on_sale, shop_category_paths, shop_kind
from xingqu.kit import clock
from xingqu.kit.transactions import hold_names, retried
from xingqu.ledger.contracts import balance_account, deposit_account
from xingqu.ledger.selectors import balances
from xingqu.ledger.services import post
from xingqu.settlement.domain.deposits import DepositTerms, Due, ShopKind, Standing, stand
from xingqu.settlement.domain.errors import AlreadyClosing, NotClosing, ShopBusy
from xingqu.settlement.models import DepositChange, DepositStanding, Settlement, Withdrawal
from xingqu.settlement.selectors.terms import deposit_terms_at
from xingqu.settlement.services.changes import write_change
from xingqu.trade.selectors import unearned_of

LOOK_AGAIN = timedelta(hours=6)
State = DepositStanding.State
NOTICES = {"short": "deposit_short", "overdue": "deposit_overdue", "ok": "deposit_restored"}


def begin_standing(*, shop_id: int) -> None:
    """A shop was opened: from now on its deposit is looked at. Idempotent."""
    now = clock.now()
    DepositStanding.objects.get_or_create(shop_id=shop_id, defaults={"look_at": now, "changed_at": now})


def review_due(*, limit: int = 200) -> int:
    """Look at the shops whose time has come. Returns how many were looked at. For the worker."""
    due = DepositStanding.objects.filter(look_at__lte=clock.now()).order_by("look_at")
    ids = list(due.values_list("shop_id", flat=True)[:limit])
    for shop_id in ids:
        review_shop(shop_id=shop_id)
    return len(ids)


@retried
@transaction.atomic
def review_shop(*, shop_id: int) -> str:
    """Compare what is due with what is there, and do what follows: deadline, notices, freeze, release. Returns the state.

    Called by the clock, and in the transaction of every movement of a deposit.
    """
    row, now = locked_standing(shop_id), clock.now()
    if row.state == State.CLOSED:
        _save(row, now, look_at=now + timedelta(days=365))
        return row.state
    terms = deposit_terms_at(at=now)
    row.due_minor = due_for(shop_id, terms).amount_minor
    row.short_minor = max(row.due_minor - _deposited(shop_id)[0], 0)
    if row.state == State.CLOSING:
        return _release_when_due(row, now)
    before = row.state
    after = stand(Standing(row.state, row.deadline_at, row.reminded), short_minor=row.short_minor, terms=terms, now=now)
    remind = after.reminded and not row.reminded and after.state == State.SHORT
    row.state, row.deadline_at, row.reminded = after.state, after.deadline_at, after.reminded
    if after.state != before or remind:
        data = {"shop_id": shop_id, "short_minor": row.short_minor, "room": "deposit"}
        if row.deadline_at is not None:
            data["deadline_at"] = row.deadline_at.isoformat()
        notify(organisation_id=shop_id, kind="deposit_reminder" if remind else NOTICES[after.state], data=data)
    if (after.state == State.OVERDUE) != (before == State.OVERDUE):
        freeze_listing(organisation_id=shop_id, frozen=after.state == State.OVERDUE)
    _save(row, now, look_at=_next_look(row, terms, now))
    return row.state


def due_for(shop_id: int, terms: DepositTerms) -> Due:
    """What a shop owes by its type and by the categories of its products."""
    kind = cast(ShopKind, shop_kind(shop_id=shop_id))
    return terms.due_of(kind=kind, paths=shop_category_paths(shop_id=shop_id))


@retried
@transaction.atomic
def close_shop(*, shop_id: int, person_id: int) -> None:
    """Begin to close a shop: nothing new goes on sale, and after the waiting time the deposit goes to the balance.

    Raises AlreadyClosing, ShopBusy while anything is on sale or under way.
    """
    row, now = locked_standing(shop_id), clock.now()
    if row.state in (State.CLOSING, State.CLOSED):
        raise AlreadyClosing
    open_ones = what_is_open(shop_id)
    if any(open_ones.values()):
        raise ShopBusy(data=open_ones)
    row.state, row.deadline_at, row.reminded, row.closing_by_id = State.CLOSING, None, False, person_id
    row.release_at = now + timedelta(days=deposit_terms_at(at=now).release_days)
    freeze_listing(organisation_id=shop_id, frozen=True)
    _save(row, now, look_at=row.release_at)
    data = {"shop_id": shop_id, "release_at": row.release_at.isoformat(), "room": "deposit"}
    notify(organisation_id=shop_id, kind="shop_closing", data=data)


@retried
@transaction.atomic
def reopen_shop(*, shop_id: int) -> None:
    """Go on after all, also when the deposit has been returned: it is due again. Raises NotClosing."""
    row, now = locked_standing(shop_id), clock.now()
    if row.state not in (State.CLOSING, State.CLOSED):
        raise NotClosing
    row.state, row.release_at, row.closing_by_id = State.OK, None, None
    freeze_listing(organisation_id=shop_id, frozen=False)
    _save(row, now, look_at=now)
    review_shop(shop_id=shop_id)


def what_is_open(shop_id: int) -> dict[str, int]:
    """What must be over before a shop closes."""
    return {
        "products": count_on_sale(shop_id=shop_id),
        "orders": unearned_of(shop_id=shop_id)[1],
        "settlements": Settlement.objects.filter(shop_id=shop_id, state=Settlement.State.PENDING).count(),
        "withdrawals": Withdrawal.objects.filter(shop_id=shop_id, state=Withdrawal.State.ASKED).count(),
        "frozen_minor": _deposited(shop_id)[1],
    }


def locked_standing(shop_id: int) -> DepositStanding:
    """The shop's standing, held for the caller's transaction: movements of one deposit follow each other."""
    hold_names(f"deposit:{shop_id}")
    begin_standing(shop_id=shop_id)
    return DepositStanding.objects.select_for_update(no_key=True).get(shop_id=shop_id)


def _release_when_due(row: DepositStanding, now: datetime) -> str:
    """What was begun before the shop closed may have come back as a refund or a case: then the deposit waits a day more."""
    if row.release_at is None or now < row.release_at:
        _save(row, now, look_at=row.release_at or now)
        return row.state
    if any(what_is_open(row.shop_id).values()):
        _save(row, now, look_at=now + timedelta(days=1))
        return row.state
    amount = _deposited(row.shop_id)[0]
    if amount > 0:
        change = write_change(
            shop_id=row.shop_id,
            kind=DepositChange.Kind.RETURN,
            state=DepositChange.State.DONE,
            amount_minor=amount,
            person_id=row.closing_by_id or 0,
        )
        post(
            entries=[(deposit_account(row.shop_id), amount), (balance_account(row.shop_id), -amount)],
            currency=change.currency,
            reference=change.change_no,
            idempotency_key=f"deposit_returned:{change.change_no}",
        )
    row.state = State.CLOSED
    _save(row, now, look_at=now + timedelta(days=365))
    data = {"shop_id": row.shop_id, "amount_minor": amount, "room": "deposit"}
    notify(organisation_id=row.shop_id, kind="deposit_returned", data=data)
    return row.state


def _deposited(shop_id: int) -> tuple[int, int]:
    """(what is in the deposit, how much of it is frozen); a frozen part is the shop's until it is decided."""
    rows = {row.currency: row for row in balances(accounts=[deposit_account(shop_id)])}
    row = rows.get("CNY")
    return (row.balance_minor, row.kept_aside_minor) if row is not None else (0, 0)


def _next_look(row: DepositStanding, terms: DepositTerms, now: datetime) -> datetime:
    """The next moment at which something follows, at the latest in some hours: products and rules change what is due."""
    moments = [now + LOOK_AGAIN]
    if row.state == State.SHORT and row.deadline_at is not None:
        moments.append(row.deadline_at)
        if not row.reminded:
            moments.append(row.deadline_at - timedelta(days=terms.remind_days))
    return max(min(moments), now + timedelta(seconds=1))


def _save(row: DepositStanding, now: datetime, *, look_at: datetime) -> None:
    row.look_at, row.changed_at = look_at, now
    row.save()
