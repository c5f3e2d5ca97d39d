"""Trainings by the clock: when one is due, one at a time, written down, and served only if it is no worse.

The worker asks every few seconds. What is due runs in a process of its own, with the lowest priority and one thread, so
that no page waits for it, its memory is given back, and nothing breaks should it be killed: what serves is replaced in one
step at the end. `.training` in the home folder is locked by whoever trains; the lock ends with the process.
"""

import fcntl
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from xingqu.interest.domain.training import NothingToLearn, Task, Trained
from xingqu.interest.models import Training
from xingqu.interest.services.learning import publish_models
from xingqu.interest.services.trainers import TRAINERS
from xingqu.interest.storage import snapshots
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput
from xingqu.signals.selectors import read_batches
from xingqu.signals.services import open_log, open_vault

log = logging.getLogger(__name__)
REST_FACTOR: Final = 9  # a model rests this many times as long as its last training took: a tenth of a core at most
ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
NICENESS: Final = 19
KEPT_A_KIND: Final = 1_000
WORSE: Final = "worse_than_served"
DONE: Final = (Training.State.ADOPTED, Training.State.REJECTED, Training.State.SKIPPED)
DELETED: Final = "people_deleted"
INTERRUPTED: Final = "interrupted"


@dataclass
class _Counted:
    """Events of the log beyond a training's positions, counted bit by bit."""

    training_id: int = 0
    positions: dict[int, int] = field(default_factory=dict)
    events: int = 0


_counted: dict[tuple[Path, int, str], _Counted] = {}


def train_if_due() -> list[str]:
    """Train what is due in a process of its own, and wait for it; returns the kinds that were due. For the worker."""
    due = due_kinds()
    if due:
        command = [sys.executable, "-m", "xingqu", "train", *due]
        environment = os.environ | dict.fromkeys(ONE_THREAD, "1") | {"XINGQU_HOME": str(settings.HOME)}
        subprocess.run(command, env=environment, check=True)
    return due


def due_kinds() -> list[str]:
    """Kinds with enough new signals since their last training, and not trained too lately."""
    environment = settings.ENVIRONMENT
    if not environment.training_every_s or _is_training():
        return []
    found = []
    for kind in TRAINERS:
        last = _last(kind)
        if last is not None:
            rest_s = max(environment.training_every_s, REST_FACTOR * last.wall_ms / 1000)
            if clock.now() < last.started_at + timedelta(seconds=rest_s):
                continue
        if _holds_deleted(kind) or _events_since(kind, environment.training_events) >= environment.training_events:
            found.append(kind)
    return found


def run_trainings(*, kinds: Sequence[str] = (), anew: bool = False, seed: int | None = None) -> list[Training]:
    """Train these kinds (all of them if none is named) now, one after the other; the rows of the book, in this order.

    Returns none when another process is training. Raises InvalidInput for a kind that does not exist.
    """
    unknown = set(kinds) - set(TRAINERS)
    if unknown:
        raise InvalidInput(field="kind", expected=", ".join(TRAINERS))
    with _only_trainer() as alone:
        if not alone:
            log.info("another process is training")
            return []
        _close_interrupted()
        return [_train(kind, anew=anew, seed=seed) for kind in TRAINERS if not kinds or kind in kinds]


def lower_priority() -> None:
    """Let this process wait for every other one."""
    os.nice(NICENESS)


def _train(kind: str, *, anew: bool, seed: int | None) -> Training:
    environment, adopted = settings.ENVIRONMENT, _last(kind, Training.State.ADOPTED)
    deleted = _holds_deleted(kind)
    anew = anew or deleted or adopted is None or _is_old(kind, environment.training_anew_after_s)
    events, until = _count(_positions(_last(kind, *DONE)))
    row = Training(
        kind=kind,
        anew=anew,
        why=DELETED if deleted else "",
        started_at=clock.now(),
        events=events,
        positions=until,
        erased=open_vault().erased(),
    )
    row.save()
    started_ns, started_cpu_ns = time.perf_counter_ns(), time.process_time_ns()
    try:
        task = Task(
            snapshot=snapshots().refresh().items,
            positions={} if deleted else _positions(adopted),
            until=until,
            anew=anew,
            seed=row.pk if seed is None else seed,
            budget_s=environment.training_budget_s,
        )
        _judge(row, TRAINERS[kind].run(task))
    except NothingToLearn as reason:
        row.state = Training.State.SKIPPED
        if deleted:
            row.snapshot_version = publish_models(dict.fromkeys(TRAINERS[kind].personal))
            row.state = Training.State.ADOPTED
        row.why = row.why or reason.code
    except BaseException as error:
        row.state, row.why = Training.State.FAILED, type(error).__name__[:40]
        raise
    finally:
        row.finished_at = clock.now()
        row.wall_ms = (time.perf_counter_ns() - started_ns) // 1_000_000
        row.processor_ms = (time.process_time_ns() - started_cpu_ns) // 1_000_000
        row.save()
        _forget_oldest(kind)
        log.info("training %s: %s %s, %s -> %s", kind, row.state, row.why, row.before, row.after)
    return row


def _judge(row: Training, found: Trained) -> None:
    """Serve what was found if it is no worse on what was held out than what serves, or if that must go."""
    row.people, row.examples, row.detail = found.people, found.examples, dict(found.detail)
    row.metric, row.cases, row.before, row.after = found.metric, found.cases, found.before, found.after
    if "skipped" in found.detail:
        log.info("training %s: a part is left out, %s", row.kind, found.detail["skipped"])
    if row.why != DELETED:
        if found.before is not None and found.after < found.before:
            row.state, row.why = Training.State.REJECTED, WORSE
            return
        row.why = "no_worse" if found.before is not None else "first"
    row.snapshot_version = publish_models(found.models)
    row.state = Training.State.ADOPTED


def _holds_deleted(kind: str) -> bool:
    """Whether what serves may hold what people did whose data was deleted since."""
    if not TRAINERS[kind].personal:
        return False
    adopted = _last(kind, Training.State.ADOPTED)
    return adopted is not None and adopted.erased != open_vault().erased()


def _last(kind: str, *states: str) -> Training | None:
    return Training.objects.filter(kind=kind, state__in=states or Training.State.values).order_by("-id").first()


def _is_old(kind: str, anew_after_s: int) -> bool:
    whole = Training.objects.filter(kind=kind, anew=True, state=Training.State.ADOPTED).order_by("-id").first()
    return whole is None or clock.now() - whole.started_at > timedelta(seconds=anew_after_s)


def _positions(training: Training | None) -> dict[int, int]:
    return {} if training is None else {int(segment): int(end) for segment, end in training.positions.items()}


def _count(positions: Mapping[int, int], limit: int | None = None) -> tuple[int, dict[int, int]]:
    """(events beyond `positions`, up to where they were read); ends early at `limit`."""
    existing = set(open_log(name="signals").segments())
    count, ends = 0, {segment: end for segment, end in positions.items() if segment in existing}
    for batch in read_batches(positions=positions):
        count += len(batch.events)
        ends[batch.position.segment] = batch.position.end
        if limit is not None and count >= limit:
            break
    return count, ends


def _events_since(kind: str, enough: int) -> int:
    last = _last(kind, *DONE)
    key = (Path(settings.HOME), os.getpid(), kind)
    counted = _counted.setdefault(key, _Counted())
    training_id = last.pk if last is not None else -1
    if counted.training_id != training_id:
        counted.training_id, counted.positions, counted.events = training_id, _positions(last), 0
    if counted.events < enough:
        more, counted.positions = _count(counted.positions, enough - counted.events)
        counted.events += more
    return counted.events


def _close_interrupted() -> None:
    """Trainings that a killed process left: nothing of them serves."""
    left = Training.objects.filter(state=Training.State.RUNNING)
    left.update(state=Training.State.FAILED, why=INTERRUPTED, finished_at=clock.now())


def _forget_oldest(kind: str) -> None:
    keep = list(Training.objects.filter(kind=kind).order_by("-id").values_list("id", flat=True)[:KEPT_A_KIND])
    if len(keep) == KEPT_A_KIND:
        Training.objects.filter(kind=kind, pk__lt=keep[-1]).delete()


@contextmanager
def _only_trainer() -> Iterator[bool]:
    """Whether this process may train; holds the lock meanwhile."""
    with (Path(settings.HOME) / ".training").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _is_training() -> bool:
    with _only_trainer() as alone:
        return not alone
