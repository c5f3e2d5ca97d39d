"""What a guard is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """`text` of the file at `path` keeps `what` from happening; with `without` in its place, `test` must fail.

    `test` is a pytest node id. `database`: where the guard stands, "postgresql" for what only that database does.
    """

    what: str
    path: str
    text: str
    without: str
    test: str
    database: str = "sqlite"

    @property
    def is_in_tables(self) -> bool:
        """Whether the guard is made with the tables, which a test then has to make anew."""
        return "/migrations/" in self.path
