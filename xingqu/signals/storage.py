"""Where signals are kept in this installation: its logs, its keys, and the form of a sealed log record."""

import os
import struct
from functools import cache
from pathlib import Path

from django.conf import settings

from xingqu.signals.contracts import SignalLog
from xingqu.signals.segments import SegmentLog
from xingqu.signals.vault import Vault

_SLOT = struct.Struct("<I")


def open_log(*, name: str, sync: bool = True) -> SignalLog:
    """The log `name` of this installation, one object a process. Without `sync` the disk is written in the system's time."""
    return _open_log(Path(settings.HOME) / name, sync)


def open_vault() -> Vault:
    """The keys of this installation's actors."""
    return _open_vault(Path(settings.HOME) / "signals" / "keys", os.getpid())


@cache
def _open_log(folder: Path, sync: bool) -> SegmentLog:
    return SegmentLog(folder, sync=sync)


@cache
def _open_vault(path: Path, pid: int) -> Vault:
    return Vault(path)


def seal_record(*, slot: int, data: bytes) -> bytes:
    """A log record: the slot in the clear, the data sealed with its key. Raises KeyError when the slot was erased."""
    return _SLOT.pack(slot) + open_vault().seal(slot, data)


def unseal_record(*, record: bytes) -> tuple[int, bytes | None]:
    """(slot, data) of a record; data is None when the slot was erased or the record is not one of ours."""
    if len(record) < _SLOT.size:
        return 0, None
    (slot,) = _SLOT.unpack_from(record)
    return slot, open_vault().unseal(slot, record[_SLOT.size :])
