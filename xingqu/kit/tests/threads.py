"""Several at once, for tests."""

import threading
import time
from collections.abc import Callable

from django.db import connection, transaction


def side_by_side(*calls: Callable[[], object]) -> list[BaseException | None]:
    """Run each in a thread with a database connection of its own; what each raised."""
    ends: list[BaseException | None] = [None] * len(calls)

    def run(place: int) -> None:
        try:
            calls[place]()
        except BaseException as error:
            ends[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return ends


def while_open(first: Callable[[], object], second: Callable[[], object]) -> list[BaseException | None]:
    """Run `second` while the transaction of `first`, which has done all it does, is not yet committed."""
    done = threading.Event()

    def begin() -> None:
        with transaction.atomic():
            first()
            done.set()
            time.sleep(0.5)

    def follow() -> None:
        assert done.wait(timeout=20)
        second()

    return side_by_side(begin, follow)
