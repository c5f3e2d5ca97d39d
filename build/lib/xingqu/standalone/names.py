"""The shop's strings and the engine's numbers, kept in memory; the store gives the numbers and keeps them for good."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Final

from xingqu.standalone.stores.ports import Store

KINDS: Final = ("item", "tag", "creator", "seller", "category", "product")


class Names:
    """Safe for several threads. Another server may have given numbers in the meantime: an unknown one is asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._numbers: dict[str, dict[str, int]] = {kind: store.all_numbers(kind) for kind in KINDS}
        self._names = {kind: {n: name for name, n in self._numbers[kind].items()} for kind in KINDS}

    def known(self, kind: str, name: str) -> int:
        """0 when there is none."""
        return self._numbers[kind].get(name, 0)

    def give(self, kind: str, names: Iterable[str]) -> None:
        """See to it that every name has a number; the empty one has none."""
        missing = [name for name in dict.fromkeys(names) if name and name not in self._numbers[kind]]
        if missing:
            self._remember(kind, missing, self._store.numbers(kind, missing))

    def name(self, kind: str, number: int) -> str:
        """Empty when the number was never given."""
        if number not in self._names[kind] and number > 0:
            self.reload(kind)
        return self._names[kind].get(number, "")

    def of(self, kind: str) -> dict[int, str]:
        """All names by number; not to be changed."""
        return self._names[kind]

    def learn(self, kind: str, name: str, number: int) -> None:
        """A pair that was read from the store elsewhere."""
        if name not in self._numbers[kind]:
            self._remember(kind, [name], [number])

    def reload(self, *kinds: str) -> None:
        """Read the names of these kinds, or of all, from the store."""
        for kind in kinds or KINDS:
            found = self._store.all_numbers(kind)
            self._remember(kind, list(found), list(found.values()))

    def _remember(self, kind: str, names: Sequence[str], numbers: Sequence[int]) -> None:
        with self._lock:
            self._numbers[kind].update(zip(names, numbers, strict=True))
            self._names[kind].update(zip(numbers, names, strict=True))
