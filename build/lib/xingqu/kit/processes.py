"""Helper processes of a process."""

import multiprocessing
import os
import threading
from multiprocessing.connection import wait


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
