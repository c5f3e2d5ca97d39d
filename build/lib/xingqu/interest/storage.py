"""Where the states and snapshots of this installation are, one object a process."""

import os
import threading
from pathlib import Path

from django.conf import settings

from xingqu.engine.params import EngineParams
from xingqu.interest.stores.lmdb_store import LmdbStateStore
from xingqu.interest.stores.ports import UserStateStore
from xingqu.interest.stores.snapshots import CurrentSnapshot
from xingqu.signals.services import open_vault

PARAMS = EngineParams()
SNAPSHOT_FOLDER = "snapshots"
# By folder and process: a forked child must not use its parent's LMDB environment.
_states: dict[tuple[Path, int], LmdbStateStore] = {}
_snapshots: dict[tuple[Path, int], CurrentSnapshot] = {}
_opening = threading.Lock()


def state_store() -> UserStateStore:
    """The store of user states."""
    key = (Path(settings.HOME) / "state", os.getpid())
    with _opening:
        if key not in _states:
            _states[key] = LmdbStateStore(key[0], open_vault())
    return _states[key]


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
