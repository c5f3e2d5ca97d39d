"""What happens to samples by itself: time-outs, parcels that arrive or come back, works that are seen."""

from datetime import datetime, timedelta

from django.db import transaction

from xingqu.collaboration.domain.samples import FINAL, WAITS, SampleState, SampleStep
from xingqu.collaboration.models import Sample
from xingqu.collaboration.selectors.proofs import find_proof
from xingqu.collaboration.services.sample_moves import Doing, note, own_sample, take_step
from xingqu.collaboration.services.samples import recognise
from xingqu.kit import clock
from xingqu.kit.transactions import retried

OUT = (SampleState.SHIPPED, SampleState.DECLARED)


def run_due_samples(*, now: datetime | None = None, limit: int = 200) -> int:
    """Take the step of every sample whose time has run out. Returns how many. Safe in several processes. For the worker."""
    at = now or clock.now()
    due = Sample.objects.filter(closed_at=None, due_at__lte=at).order_by("due_at")
    return sum(time_out(sample_no=number, at=at) for number in due.values_list("sample_no", flat=True)[:limit])


@retried
@transaction.atomic
def time_out(*, sample_no: str, at: datetime) -> bool:
    """Take the step that a sample's state ends with by itself. False when somebody was faster, or its time is not over.

    Before a breach it is looked once more whether the work is there.
    """
    row = own_sample(sample_no=sample_no)
    if SampleState(row.state) in FINAL or row.due_at is None or row.due_at > at:
        return False
    step = WAITS[SampleState(row.state)][2]
    found = None
    if step is SampleStep.BREACH and row.shipped_at is not None:
        found = find_proof(creator_id=row.creator_id, product_id=row.product_id, since=row.shipped_at)
    if found is not None:
        recognise(row, found)
    else:
        take_step(row, step, Doing(None, at=at))
    return True


@retried
@transaction.atomic
def note_arrival(*, sample_no: str, at: datetime) -> bool:
    """The carrier brought a sample: the days to publish count from now on. Once; False for what is no sample on its way."""
    if not Sample.objects.filter(sample_no=sample_no).exists():
        return False
    row = own_sample(sample_no=sample_no)
    if row.state not in OUT or row.delivered_at is not None:
        return False
    publish_by = at + timedelta(days=row.fulfil_days)
    changes = {"delivered_at": at, "publish_by": publish_by}
    if row.state == SampleState.SHIPPED:
        changes["due_at"] = publish_by
    note(row, "delivered", Doing(None), **changes)
    return True


@retried
@transaction.atomic
def note_turned_back(*, sample_no: str, at: datetime) -> bool:
    """A sample came back undelivered: nobody owes anything. False for what is no sample on its way."""
    if not Sample.objects.filter(sample_no=sample_no, state__in=OUT).exists():
        return False
    row = own_sample(sample_no=sample_no)
    if row.state not in OUT:
        return False
    take_step(row, SampleStep.TURN_BACK, Doing(None, data={"at": at.isoformat()}))
    return True


def recognise_works(*, creator_id: int | None = None, limit: int = 500) -> int:
    """Look whether works with samples that are out have been published or explained on air. Returns how many. For the worker."""
    rows = Sample.objects.filter(state__in=OUT)
    if creator_id is not None:
        rows = rows.filter(creator_id=creator_id)
    return sum(
        recognise_one(sample_no=number)
        for number in rows.order_by("changed_at").values_list("sample_no", flat=True)[:limit]
    )


@retried
@transaction.atomic
def recognise_one(*, sample_no: str) -> bool:
    """Whether the work of a sample that is out was found now."""
    row = own_sample(sample_no=sample_no)
    if row.state not in OUT or row.shipped_at is None:
        return False
    found = find_proof(creator_id=row.creator_id, product_id=row.product_id, since=row.shipped_at)
    if found is None:
        return False
    recognise(row, found)
    return True
