"""Where the states and snapshots of this installation are, one object a process."""

import os
import threading
from pathlib import Path

from django.conf import settings

from xingqu.engine.params import EngineParams
from xingqu.interest.stores import place
from xingqu.interest.stores.ports import UserStateStore
from xingqu.interest.stores.snapshots import CurrentSnapshot
from xingqu.signals.services import open_vault

PARAMS = EngineParams()
SNAPSHOT_FOLDER = "snapshots"
# By folder and process: a forked child must use neither its parent's LMDB environment nor its connections.
_states: dict[tuple[Path, int], place.Store] = {}
_snapshots: dict[tuple[Path, int], CurrentSnapshot] = {}
_opening = threading.Lock()


def state_store() -> UserStateStore:
    """The store of user states.

    Raises ImproperlyConfigured when the settings name another store than the one this site's states are in, StatesUnavailable
    when it does not answer.
    """
    home = Path(settings.HOME)
    key = (home, os.getpid())
    with _opening:
        if key not in _states:
            _states[key] = _opened(home)
    return _states[key]


def open_target() -> tuple[place.Store, str | None]:
    """The store that the settings name, not yet in use, and the kind of store this site's states are in. The caller closes it."""
    home = Path(settings.HOME)
    at = place.written_down(home)
    return place.open_store(home, _url(), open_vault()), at


def _opened(home: Path) -> place.Store:
    at = place.written_down(home)
    store = place.open_store(home, _url(), open_vault())
    try:
        place.check(home, store, at)
    except BaseException:
        store.close()
        raise
    return store


def _url() -> str:
    return str(settings.ENVIRONMENT.state_url.get_secret_value())


def snapshots() -> CurrentSnapshot:
    """The item snapshot that is served."""
    key = (Path(settings.HOME) / SNAPSHOT_FOLDER, os.getpid())
    with _opening:
        if key not in _snapshots:
            _snapshots[key] = CurrentSnapshot(key[0])
    return _snapshots[key]


def close_stores() -> None:
    """Close what this process has open; the next use opens it anew."""
    for (_, pid), store in _states.items():
        if pid == os.getpid():
            store.close()
    _states.clear()
    _snapshots.clear()
