"""Files that only some may see: kept outside the public media folder, handed out by code that asks who is asking."""

import hashlib
from pathlib import Path
from typing import IO
from uuid import uuid4

from django.conf import settings

FOLDER = "private"


def keep_private(*, folder: str, data: bytes, suffix: str) -> str:
    """Write the bytes under the name of their content; returns the name for :func:`open_private`. The same again does nothing."""
    name = f"{folder}/{hashlib.sha256(data).hexdigest()[:40]}{suffix}"
    if not (_root() / name).exists():
        _write(_root() / name, data)
    return name


def keep_private_once(*, folder: str, data: bytes, suffix: str) -> str:
    """Write the bytes as a file of its own, which :func:`drop_private` deletes with the row that names it."""
    name = f"{folder}/{uuid4().hex}{suffix}"
    _write(_root() / name, data)
    return name


def drop_private(name: str) -> None:
    """Delete a file of :func:`keep_private_once`. One that is gone is no error."""
    (_root() / name).unlink(missing_ok=True)


def open_private(name: str) -> IO[bytes]:
    """The file for reading. `name` comes from the database, never from a request. Raises FileNotFoundError."""
    return (_root() / name).open("rb")


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: what dies in the middle leaves no half file under the name."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(f"{path.suffix}.part")
    part.write_bytes(data)
    part.replace(path)


def _root() -> Path:
    return Path(settings.HOME) / FOLDER
