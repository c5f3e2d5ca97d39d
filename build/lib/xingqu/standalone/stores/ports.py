"""The port of the store. Bytes in, bytes out; what they mean is for ``codec`` to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

# (state before or None, indexes of the events not applied before) -> (state after, what the journal keeps of them)
Change = Callable[[bytes | None, list[int]], tuple[bytes, bytes]]


class StoreBusy(Exception):
    """Another process owns the folder, or people's states changed faster than this process could write them."""


@dataclass(frozen=True, slots=True)
class PersonWrite:
    """Events of one person, to be applied once each. ``change`` may be called again when another process was faster."""

    person: str
    event_ids: Sequence[bytes]  # 16 bytes each
    change: Change


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """What one person did or was shown. ``slot`` numbers people and is never used twice."""

    position: int
    slot: int
    data: bytes


@dataclass(frozen=True, slots=True)
class PersonRecord:
    person: str
    slot: int
    day: int  # of the last activity, since 1970
    state: bytes | None


class Store(Protocol):
    """Everything that must outlive the process. What a method has written when it returns survives a crash of the process
    (with LMDB also of the machine; with Redis as its ``appendfsync`` says)."""

    def apply(self, writes: Sequence[PersonWrite], *, day: int) -> list[list[int]]:
        """Apply each person's events that were not applied before, with their ids and journal: all of a person's or none.

        Returns the indexes applied, by write. No person may stand in two writes. Raises StoreBusy.
        """

    def append(self, records: Sequence[tuple[str, bytes]], *, day: int) -> None:
        """Add to people's journals (what they were shown); a person not known yet is made known."""

    def read_state(self, person: str) -> bytes | None:
        """The person's state, None when there is none."""

    def slot_of(self, person: str) -> int:
        """0 for nobody known."""

    def person_journal(self, person: str) -> list[bytes]:
        """All the journal keeps of one person, oldest first."""

    def people(self) -> Iterator[PersonRecord]:
        """Everybody, in no order."""

    def put_person(self, record: PersonRecord, journal: Sequence[tuple[bytes, Sequence[bytes]]]) -> None:
        """Take a person over from another store: state and journal (data, event ids). The slot given is not kept."""

    def delete_person(self, person: str) -> bool:
        """Erase everything of one person. False when there was nothing."""

    def scrub(self) -> None:
        """Make the store rewrite files that may still hold what was deleted, where deleting alone leaves it there."""

    def journal(self, after: int, *, limit: int) -> list[JournalEntry]:
        """Entries beyond a position, in order."""

    def expire_people(self, *, before_day: int) -> list[str]:
        """Delete whoever was last active before that day; returns who."""

    def forget(self, *, before_day: int) -> int:
        """Drop event ids and journal entries from before that day; returns how many journal entries."""

    def numbers(self, kind: str, names: Sequence[str]) -> list[int]:
        """The number of each name, from 1, given at its first use and kept for good."""

    def all_numbers(self, kind: str) -> dict[str, int]:
        """Every name of a kind."""

    def change_items(self, puts: Mapping[int, bytes], deletes: Sequence[int]) -> int:
        """Write and delete items; returns the catalogue's version after it."""

    def read_items(self, numbers: Sequence[int]) -> list[bytes | None]:
        """The data of each item, None where there is none."""

    def items_since(self, version: int) -> tuple[int, dict[int, bytes | None]]:
        """(version, items changed after ``version``; None where deleted)."""

    def blob(self, name: str) -> bytes | None:
        """Something kept under a name of its own."""

    def put_blob(self, name: str, data: bytes) -> None: ...

    def check(self) -> None:
        """Raises an error of the adapter's library when the store does not answer."""

    def close(self) -> None: ...
