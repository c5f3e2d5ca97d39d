"""One random key an actor, kept apart from the data it seals, so that erasing the key erases every copy of the data.

The log is append-only and LMDB leaves old pages behind, so deleting a row does not delete its bytes. Everything that
is stored about an actor is therefore sealed (AES-256-GCM) with a key in a file of fixed slots; to forget an actor is to
overwrite 32 bytes in place. Slots are never used twice: a log row of an erased slot stays unreadable.
"""

import fcntl
import os
import secrets
import threading
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
_ERASED = bytes(KEY_BYTES)


class Vault:
    """Keys in the file `path`. Slot 0 is the installation's own, see `pepper`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._lock = threading.Lock()
        with self._lock, _exclusive(self._fd):
            if os.fstat(self._fd).st_size < KEY_BYTES:
                self._write(0, secrets.token_bytes(KEY_BYTES))

    @property
    def pepper(self) -> bytes:
        """Secret of this installation, for hashing actors' names."""
        return os.pread(self._fd, KEY_BYTES, 0)

    def new_slot(self) -> int:
        """A fresh slot with a fresh key, durable when this returns."""
        return self.new_slots(1)[0]

    def new_slots(self, count: int) -> range:
        """As many fresh slots, durable when this returns: one wait for the disk for all of them."""
        with self._lock, _exclusive(self._fd):
            slot = os.fstat(self._fd).st_size // KEY_BYTES
            if count:
                self._write(slot, secrets.token_bytes(KEY_BYTES * count))
            return range(slot, slot + count)

    def erase(self, slot: int) -> None:
        """Make everything that was sealed with this slot unreadable for good."""
        if slot <= 0:
            raise ValueError("slot 0 is the installation's own")
        with self._lock:
            self._write(slot, _ERASED)

    def erased(self) -> int:
        """How many slots were erased so far."""
        size = os.fstat(self._fd).st_size // KEY_BYTES
        keys = os.pread(self._fd, size * KEY_BYTES, 0)
        return sum(keys[place : place + KEY_BYTES] == _ERASED for place in range(0, len(keys), KEY_BYTES))

    def seal(self, slot: int, data: bytes) -> bytes:
        """Nonce and ciphertext. Raises KeyError when the slot was erased."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._key(slot)).encrypt(nonce, data, None)

    def unseal(self, slot: int, sealed: bytes) -> bytes | None:
        """The data, or None when the slot was erased or the bytes are not its own."""
        try:
            return AESGCM(self._key(slot)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        except (KeyError, InvalidTag, ValueError):
            return None

    def close(self) -> None:
        os.close(self._fd)

    def _key(self, slot: int) -> bytes:
        key = os.pread(self._fd, KEY_BYTES, slot * KEY_BYTES)
        if len(key) != KEY_BYTES or key == _ERASED:
            raise KeyError(slot)
        return key

    def _write(self, slot: int, key: bytes) -> None:
        os.pwrite(self._fd, key, slot * KEY_BYTES)
        os.fdatasync(self._fd)


class _exclusive:
    """Keep other processes from handing out the same slot."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def __enter__(self) -> None:
        fcntl.lockf(self._fd, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        fcntl.lockf(self._fd, fcntl.LOCK_UN)
