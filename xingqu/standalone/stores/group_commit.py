"""Writers that come at the same time share one commit: the disk is waited for once, not once a writer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
Work = Callable[[Any], T]


class _Job:
    def __init__(self, work: Work[Any]) -> None:
        self.work = work
        self.done = False
        self.result: Any = None
        self.error: Exception | None = None


class GroupCommit:
    """Of one LMDB environment. Safe for several threads.

    Whoever comes first commits for all who have come by then; who comes while the disk is waited for is in the next group.
    Each one's work is a transaction within the group's, so that one that fails takes nothing of the others with it.
    """

    def __init__(self, env: Any) -> None:
        self._env = env
        self._waiting: list[_Job] = []
        self._queue = threading.Lock()
        self._turn = threading.Lock()

    def run(self, work: Work[T]) -> T:
        """Do ``work`` with a write transaction; what it wrote is on disk when this returns. Raises what it raises."""
        job = _Job(work)
        with self._queue:
            self._waiting.append(job)
        with self._turn:
            if not job.done:
                with self._queue:
                    group, self._waiting = self._waiting, []
                self._commit(group)
        if job.error is not None:
            raise job.error
        result: T = job.result
        return result

    def _commit(self, group: list[_Job]) -> None:
        try:
            with self._env.begin(write=True) as txn:
                for job in group:
                    self._do(job, txn, alone=len(group) == 1)
        except Exception as error:  # the commit itself, or the only job: nothing was written
            for job in group:
                job.error = job.error or error
        finally:
            for job in group:
                job.done = True

    def _do(self, job: _Job, txn: Any, *, alone: bool) -> None:
        if alone:
            job.result = job.work(txn)
            return
        try:
            with self._env.begin(write=True, parent=txn) as part:
                job.result = job.work(part)
        except Exception as error:
            job.error = error
