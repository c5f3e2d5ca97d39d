"""The tables of `config` leave nobody out: a room whose handlers or periodic work are not in them would be silent."""

import importlib
import inspect
import re
from pathlib import Path

from pydantic import BaseModel

from xingqu.config.periodic import PERIODIC
from xingqu.config.subscriptions import SUBSCRIPTIONS

ROOT = Path(__file__).resolve().parents[2]


def test_all_periodic_work_is_in_the_table() -> None:
    found = []
    for path in sorted((ROOT / "xingqu").glob("*/jobs.py")):
        found += getattr(importlib.import_module(f"xingqu.{path.parent.name}.jobs"), "PERIODIC", [])
    assert found
    assert sorted(run.__qualname__ for _, run in found) == sorted(run.__qualname__ for _, run in PERIODIC)


def test_every_handler_is_subscribed() -> None:
    subscribed = {f"{h.__module__}.{h.__qualname__}" for handlers in SUBSCRIPTIONS.values() for h in handlers}
    defined = set()
    for path in sorted((ROOT / "xingqu").glob("*/handlers.py")):
        module = importlib.import_module(f"xingqu.{path.parent.name}.handlers")
        defined |= {
            f"{module.__name__}.{name}"
            for name, value in vars(module).items()
            if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
        }
    assert defined == subscribed


def test_shapes_of_one_name_are_one_shape() -> None:
    """The API's document knows a shape by its class's name alone: of two, clients would get one for both."""
    importlib.import_module("xingqu.config.api")
    shapes: dict[str, dict[str, dict[str, object]]] = {}
    waiting: list[type[BaseModel]] = [BaseModel]
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        if model.__module__.startswith("xingqu.") and "[" not in model.__name__:
            shape = model.model_json_schema()
            shapes.setdefault(model.__name__, {})[model.__module__] = shape
            for name, choices in shape.get("$defs", {}).items():
                if "enum" in choices:  # an enum's class stands in the document, too
                    shapes.setdefault(name, {})[f"{model.__module__}.{model.__name__}"] = choices
    several = {
        name: sorted(by_module)
        for name, by_module in shapes.items()
        if any(shape != next(iter(by_module.values())) for shape in by_module.values())
    }
    assert several == {}


def test_every_room_with_tables_is_tried_on_postgresql() -> None:
    line = next(
        row for row in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if row.startswith("DATABASE_ROOMS")
    )
    tried = set(re.findall(r"\w+", line.split("foreach room,")[1].split(",xingqu/")[0]))
    assert {folder.parent.name for folder in (ROOT / "xingqu").glob("*/migrations")} - tried == set()
