"""The list of guards in `docs/reference/guards.md`, from the table."""

from bench.mutation.table import TABLE

HEAD = """# Guards of the trading chain

Written by `python -m bench.mutation --write` from `bench/mutation/table`; do not edit. Each line names what must not happen and the
test that fails when its guard is taken away (`make mutation`, [decision 0102](../decisions/0102-how-the-chain-is-proven.md)).
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for room, guards in TABLE.items():
        parts.append(f"\n## {room[:1].upper()}{room[1:]}\n\n| must not happen | guard in | test |\n|---|---|---|\n")
        for guard in guards:
            only = " (PostgreSQL)" if guard.database == "postgresql" else ""
            path, _, name = guard.test.partition("::")
            parts.append(f"| {guard.what}{only} | `{guard.path}` | `{path}` `{name}` |\n")
    return "".join(parts)
