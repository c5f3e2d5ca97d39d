"""From another room only its services, selectors or contracts may be imported; every room is held to the inner layers."""

import ast
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOORS = {"services", "selectors", "contracts"}
# Not rooms: the foundation that all stand on, and the assembler that mounts every API and handler.
OPEN_TO_ALL = {"kit", "events", "engine"}
ASSEMBLER = "config"
# A product of its own beneath the rooms, with inner layers of its own in `.importlinter`.
BENEATH = "standalone"
ROOMS = sorted(
    p.name for p in (ROOT / "xingqu").iterdir() if (p / "__init__.py").exists() and p.name not in OPEN_TO_ALL
)


def imports_of(path: Path) -> list[str]:
    """Dotted names that a file imports from the house."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return [name for name in found if name.startswith("xingqu.")]


def trespasses(room: str, names: list[str]) -> list[str]:
    """Imports of another room that don't go through one of its doors."""
    found = []
    for name in names:
        parts = name.split(".")
        other = parts[1]
        if other == room or other in OPEN_TO_ALL or other not in ROOMS:
            continue
        if len(parts) < 3 or parts[2] not in DOORS:
            found.append(name)
    return found


def test_rooms_enter_each_other_by_the_three_doors_only() -> None:
    found = {
        str(path.relative_to(ROOT)): bad
        for room in ROOMS
        if room != ASSEMBLER
        for path in (ROOT / "xingqu" / room).rglob("*.py")
        if "tests" not in path.parts and "migrations" not in path.parts
        if (bad := trespasses(room, imports_of(path)))
    }
    assert found == {}


def test_a_trespass_is_seen() -> None:
    assert trespasses("feed", ["xingqu.accounts.models.Person", "xingqu.accounts.selectors.actor_of"]) == [
        "xingqu.accounts.models.Person"
    ]


def test_every_room_is_held_to_the_inner_layers() -> None:
    config = ConfigParser()
    config.read(ROOT / ".importlinter", encoding="utf-8")
    listed = set(config["importlinter:contract:inside"]["containers"].split())
    assert listed == {f"xingqu.{room}" for room in ROOMS if room not in (ASSEMBLER, BENEATH)}


def test_no_models_by_name_outside_migrations() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "xingqu").rglob("*.py")
        if "migrations" not in path.parts and "get_model(" in path.read_text(encoding="utf-8")
    ]
    assert found == []
