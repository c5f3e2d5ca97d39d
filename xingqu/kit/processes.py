"""Helper processes of a process, and its memory."""

import gc
import multiprocessing
import os
import resource
import threading
from multiprocessing.connection import wait

# New containers before the collector looks for cycles among the young, and how many such looks before the older ones.
YOUNG, LOOKS = 20_000, 20


def settle_memory() -> None:
    """Call when a long-lived process has imported what it needs.

    Python's collector goes through everything it knows again and again; what was made at the start stays until the end, so it
    is put aside, and the young are looked at after as many as some ten requests make.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, LOOKS, LOOKS)


def allow_connections() -> None:
    """Let this process hold as many connections as the system allows it: what it may without asking is often a thousand."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def end_with_parent() -> None:
    """Initializer of a pool's process: it ends at once when its parent does, however that ended.

    A pool's idle process waits on a pipe whose other end its siblings hold open too, so it would not notice that
    the parent was killed, and wait for ever.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        raise RuntimeError("this process was not started by multiprocessing")

    def watch(sentinel: int) -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, args=(parent.sentinel,), daemon=True, name="end-with-parent").start()
