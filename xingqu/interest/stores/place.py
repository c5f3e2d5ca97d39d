"""Which store the states of this site are in, written down in its home folder, so that no setting makes everybody a stranger."""

import os
from pathlib import Path
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from xingqu.interest.stores.lmdb_store import LmdbStateStore
from xingqu.interest.stores.redis_store import RedisStateStore
from xingqu.signals.services import Vault

FILE: Final = "states-at"
FOLDER: Final = "state"
Store = LmdbStateStore | RedisStateStore


def open_store(home: Path, url: str, vault: Vault) -> Store:
    """The store that the settings name, whether the site's states are there or not."""
    return RedisStateStore(url, vault) if url else LmdbStateStore(home / FOLDER, vault)


def kind_of(store: Store) -> str:
    """How the store is written down."""
    return "redis" if isinstance(store, RedisStateStore) else "lmdb"


def written_down(home: Path) -> str | None:
    """Where the states are; None before the first was kept."""
    try:
        return (home / FILE).read_text("ascii").strip()
    except FileNotFoundError:
        return "lmdb" if (home / FOLDER / "data.mdb").exists() else None  # of a release that knew nothing else


def write_down(home: Path, store: Store) -> None:
    """From now on the states are in this store."""
    if isinstance(store, RedisStateStore):
        store.take_over()
    part = home / f".{FILE}.{os.getpid()}.part"
    part.write_text(kind_of(store), "ascii")
    part.rename(home / FILE)


def check(home: Path, store: Store, at: str | None) -> None:
    """Raises ImproperlyConfigured when the site's states (`at`, as written down) are not in this store."""
    kind = kind_of(store)
    if at is None:
        write_down(home, store)
    elif at != kind:
        raise ImproperlyConfigured(
            f"XINGQU_STATE_URL asks for {kind}, but this site's states are in {at}: stop the site, run `xingqu export_states "
            "FILE` with the setting of before, then `xingqu import_states FILE` with the new one."
        )
    elif isinstance(store, RedisStateStore) and not store.belongs():
        raise ImproperlyConfigured(
            "The Redis of XINGQU_STATE_URL does not have this site's states: is it the right one, and did it keep its data? "
            f"`xingqu import_states FILE` brings back an export; to begin without any, delete {home / FILE}."
        )
