"""Where signals are kept in this installation: its logs, its keys, and the form of a sealed log record."""

import struct
import threading
from pathlib import Path

from django.conf import settings

from xingqu.signals.contracts import SignalLog
from xingqu.signals.segments import SegmentLog
from xingqu.vault import Vault

_SLOT = struct.Struct("<I")
_logs: dict[Path, SegmentLog] = {}
_vaults: dict[Path, Vault] = {}
_opening = threading.Lock()


def open_log(*, name: str, sync: bool = True) -> SignalLog:
    """The log `name` of this installation, one object a process. Without `sync` the disk is written in the system's time."""
    folder = Path(settings.HOME) / name
    with _opening:
        if folder not in _logs:
            _logs[folder] = SegmentLog(folder, sync=sync)
    return _logs[folder]


def open_vault() -> Vault:
    """The keys of this installation's actors."""
    path = Path(settings.HOME) / "signals" / "keys"
    with _opening:
        if path not in _vaults:
            _vaults[path] = Vault(path)
    return _vaults[path]


def close_logs() -> None:
    """Close what this process has open; the next use opens it anew."""
    for log in _logs.values():
        log.close()
    for vault in _vaults.values():
        vault.close()
    _logs.clear()
    _vaults.clear()


def seal_record(*, slot: int, data: bytes) -> bytes:
    """A log record: the slot in the clear, the data sealed with its key. Raises KeyError when the slot was erased."""
    return _SLOT.pack(slot) + open_vault().seal(slot, data)


def unseal_record(*, record: bytes) -> tuple[int, bytes | None]:
    """(slot, data) of a record; data is None when the slot was erased or the record is not one of ours."""
    if len(record) < _SLOT.size:
        return 0, None
    (slot,) = _SLOT.unpack_from(record)
    return slot, open_vault().unseal(slot, record[_SLOT.size :])
