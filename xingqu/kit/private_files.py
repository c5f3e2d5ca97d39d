"""Files that only some may see: kept outside the public media folder, handed out by code that asks who is asking."""

import hashlib
from pathlib import Path
from typing import IO

from django.conf import settings

FOLDER = "private"


def keep_private(*, folder: str, data: bytes, suffix: str) -> str:
    """Write the bytes under the name of their content; returns the name for :func:`open_private`. The same again does nothing."""
    name = f"{folder}/{hashlib.sha256(data).hexdigest()[:40]}{suffix}"
    path = _root() / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_suffix(f"{suffix}.part")
        part.write_bytes(data)
        part.replace(path)
    return name


def open_private(name: str) -> IO[bytes]:
    """The file for reading. `name` comes from the database, never from a request. Raises FileNotFoundError."""
    return (_root() / name).open("rb")


def _root() -> Path:
    return Path(settings.HOME) / FOLDER
