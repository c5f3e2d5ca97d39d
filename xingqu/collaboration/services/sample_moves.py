"""The one place that changes a sample's state: an UPDATE guarded by state and version, with its event, fact, stock and money."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from xingqu.catalogue.services import resolve_hold, return_stock
from xingqu.collaboration.domain.errors import StaleVersion, WrongStep
from xingqu.collaboration.domain.rules import read_rules
from xingqu.collaboration.domain.samples import (
    FINAL,
    MOVES,
    WAITS,
    SampleKind,
    SampleState,
    SampleStep,
    Side,
    period_s,
    target_of,
)
from xingqu.collaboration.models import Sample, SampleEvent
from xingqu.collaboration.services.offers import give_back_rest
from xingqu.events.collaboration import SampleChanged
from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.outbox import publish
from xingqu.kit.transactions import hold_names
from xingqu.ledger.contracts import balance_account, commission_account
from xingqu.settlement.services.custody import give_from_custody

HELD = (SampleState.PAYING, SampleState.APPROVED)


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something, and what they say. `side` None is the clock or the machinery."""

    side: Side | None
    person_id: int | None = None
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    at: datetime = field(default_factory=clock.now)


def own_sample(*, sample_no: str, version: int | None = None, **scope: Any) -> Sample:
    """The sample within `scope` (whose it must be), held until the transaction ends. Raises NotFound, StaleVersion."""
    hold_names(f"sample:{sample_no}")
    row = Sample.objects.filter(sample_no=sample_no, **scope).first()
    if row is None:
        raise NotFound(field="sample_no", expected="the number of one of your samples")
    if version is not None and row.version != version:
        raise StaleVersion(field="version", expected=str(row.version), data=where(row))
    return row


def where(row: Sample) -> dict[str, Any]:
    """Where a sample is, for who was too late."""
    return {"state": row.state, "version": row.version}


def take_step(row: Sample, step: SampleStep, doing: Doing, *, due_at: datetime | None = None, **changes: Any) -> Sample:
    """Take one step of the table, in the caller's transaction. Returns the sample as it is now. Raises WrongStep, StaleVersion."""
    source, move = SampleState(row.state), MOVES[step]
    if move.side is not doing.side or source not in move.sources:
        raise WrongStep(expected=f"a sample that can be {step.value}", data=where(row))
    target = target_of(step, SampleKind(row.kind))
    ended = target in FINAL
    wait = period_s(target, read_rules(row.rules))
    changes |= {
        "state": target,
        "waiting_for": "" if ended else WAITS[target][0],
        "due_at": None if ended else due_at or doing.at + timedelta(seconds=wait or 0),
        "changed_at": doing.at,
        "closed_at": doing.at if ended else None,
    }
    if target is SampleState.ABORTED:
        changes.setdefault("reason", "bought" if step is SampleStep.BREACH else step.value)
    write(row, step.value, doing, changes)
    if ended:
        _settle(row, step, source)
    return row


def note(row: Sample, code: str, doing: Doing, **changes: Any) -> Sample:
    """An event that leaves the state as it is, in the caller's transaction. Raises StaleVersion."""
    write(row, code, doing, {**changes, "changed_at": doing.at})
    return row


def write(row: Sample, code: str, doing: Doing, changes: dict[str, Any]) -> None:
    moved = Sample.objects.filter(pk=row.pk, version=row.version, state=row.state)
    if not moved.update(version=F("version") + 1, **changes):
        raise StaleVersion(data=where(Sample.objects.get(pk=row.pk)))
    row.refresh_from_db()
    SampleEvent.objects.create(
        sample=row,
        version=row.version,
        step=code,
        side=doing.side or "",
        person_id=doing.person_id,
        state=row.state,
        text=doing.text[:400],
        data=doing.data,
        at=doing.at,
    )
    publish_step(row, code, doing.at)


def publish_step(row: Sample, step: str, at: datetime) -> None:
    publish(
        SampleChanged(
            sample_no=row.sample_no,
            shop_id=row.shop_id,
            creator_id=row.creator_id,
            product_id=row.product_id,
            kind=row.kind,
            state=row.state,
            step=step,
            reason=row.reason,
            waiting_for=row.waiting_for,
            due_at=row.due_at,
            at=at,
        )
    )


def _settle(row: Sample, step: SampleStep, source: SampleState) -> None:
    """What an end means for the units and for what was paid."""
    if source in HELD:
        resolve_hold(order_ref=row.sample_no, outcome="release")
        give_back_rest(row)
    if step is SampleStep.TURN_BACK:
        return_stock(order_ref=row.sample_no, lines=[(row.sku_id, row.quantity)])
        give_back_rest(row)
    if row.paid_at is not None:
        to_shop = step is SampleStep.BREACH
        payee = balance_account(row.shop_id) if to_shop else commission_account("creator", row.creator_id)
        shares = {payee: row.pay_minor}
        give_from_custody(reference=row.sample_no, key="end", shares=shares, is_own=not to_shop)
