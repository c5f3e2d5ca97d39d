"""What the people of a soak were told, and what went wrong on the way; written by many threads."""

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Notes:
    """`told`: kind -> numbers the site has acknowledged. `wrong`: answers that should never be given."""

    told: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, kind: str, number: str) -> None:
        """The site said that this happened: it must be there in the end."""
        with self.lock:
            self.told[kind].add(number)
            self.done[kind] += 1

    def count(self, what: str) -> None:
        with self.lock:
            self.done[what] += 1

    def refuse(self, code: str) -> None:
        with self.lock:
            self.refused[code] += 1

    def complain(self, what: str) -> None:
        """Something that must not happen has happened."""
        with self.lock:
            self.wrong[what] += 1

    def as_json(self) -> dict[str, list[str]]:
        with self.lock:
            return {kind: sorted(numbers) for kind, numbers in self.told.items()}
