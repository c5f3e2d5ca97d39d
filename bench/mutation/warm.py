"""A process with everything imported, which forks for each guard: seconds in place of a quarter of a minute each.

Reads lines of JSON {"path", "source", "tests"} from stdin, in the folder of the tree. In the fork the functions and constants of
the module at `path` become those of `source`, wherever they were imported to, and pytest runs the tests. Prints pytest's exit
code, or -1 when the module can't be changed so; then, and when the tests pass, the caller changes the file itself.
"""

import importlib
import json
import os
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any

PLAIN = (str, int, float, tuple, frozenset, type(None))


def functions_of(names: dict[str, Any], module: str, prefix: str = "") -> Iterator[tuple[str, FunctionType]]:
    """(qualified name, function below its decorators) of everything a module itself defines."""
    for name, value in list(names.items()):
        if isinstance(value, type):
            if value.__module__ == module and prefix.count(".") < 3:
                yield from functions_of(dict(vars(value)), module, f"{prefix}{name}.")
            continue
        if isinstance(value, property):
            value = value.fget
        value = getattr(value, "__func__", value)
        while hasattr(value, "__wrapped__"):
            value = value.__wrapped__
        if isinstance(value, FunctionType) and value.__module__ == module:
            yield prefix + name, value


def change(path: str, source: str) -> bool:
    """Give a module's functions and constants those of a changed source. False when there is one that can't be changed."""
    name = path.removesuffix(".py").replace("/", ".")
    module = importlib.import_module(name)
    fresh = ModuleType(name)
    for key in ("__file__", "__package__", "__spec__", "__loader__"):
        vars(fresh)[key] = vars(module)[key]
    exec(compile(source, str(module.__file__), "exec"), vars(fresh))
    before, after = dict(functions_of(vars(module), name)), dict(functions_of(vars(fresh), name))
    if before.keys() != after.keys():
        return False
    for key, function in before.items():
        if function.__code__.co_freevars != after[key].__code__.co_freevars:
            return False
        function.__code__ = after[key].__code__
        function.__defaults__ = after[key].__defaults__
    for key, value in vars(fresh).items():
        if isinstance(value, PLAIN) and not key.startswith("__"):
            vars(module)[key] = value
    return True


def run(order: dict[str, Any]) -> int:
    """pytest's exit code in a fork of this process; -1 when it could not be tried."""
    child = os.fork()
    if child == 0:
        code = 255
        try:
            if order["path"] is None or change(order["path"], order["source"]):
                import pytest

                silent = os.open(os.devnull, os.O_WRONLY)
                os.dup2(silent, 1)
                os.dup2(silent, 2)
                options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "-m", "", "--reuse-db"]
                code = int(pytest.main([*options, *order["tests"]]))
        except BaseException:
            code = 255
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return -1 if code == 255 else code


def main() -> None:
    """Warm up, say so, and answer orders until stdin ends."""
    sys.path.insert(0, os.getcwd())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingqu.config.settings")
    import django

    django.setup()
    import hypothesis.stateful  # noqa: F401 - so that the forks need not
    from django.urls import get_resolver

    _ = get_resolver().url_patterns  # the whole API
    print("ready", flush=True)
    for line in sys.stdin:
        print(run(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
