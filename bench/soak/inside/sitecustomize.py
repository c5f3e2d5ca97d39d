"""Runs first in every process of the site under test (its folder is on PYTHONPATH): clock jumps and named crash points.

The folder that `XINGQU_SOAK_FOLDER` names holds what the soak wants: `clock`, seconds by which the programs' clocks are off,
and `armed/NAME` for each crash point that is to kill, with `kill -9`, the first process that passes it.
"""

import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(os.environ.get("XINGQU_SOAK_FOLDER", ""))
LOOK_EVERY_S = 0.2
# Name -> (module, function): the process dies when the function has done its work, and nobody has heard of it yet.
POINTS = {
    "stock held, order not committed": ("xingqu.catalogue.services.stock", "hold_orders"),
    "order committed, answer not sent": ("xingqu.trade.services.checkout", "place_order"),
    "buyer charged, page not answered": ("xingqu.trade.providers.sandbox.gateway", "pay"),
    "payment booked, not committed": ("xingqu.trade.services.payments", "settle"),
    "payment committed, notice not acknowledged": ("xingqu.trade.services.payments", "take_callback"),
    "journal posted, not committed": ("xingqu.ledger.services", "post"),
    "receipt booked, not committed": ("xingqu.trade.services.books", "book_receipt"),
    "gateway gave back, answer lost": ("xingqu.trade.providers.sandbox.gateway", "answer_refund"),
    "refund with the provider, not marked": ("xingqu.trade.services.refunds", "_carry_out"),
    "refund booked, not committed": ("xingqu.trade.services.books", "book_refund"),
    "units returned, not committed": ("xingqu.catalogue.services.stock", "return_stock"),
    "order settled, not committed": ("xingqu.trade.services.settling", "settle_order"),
    "withdrawal kept aside, not committed": ("xingqu.settlement.services.withdrawals", "_ask"),
    "bank paid, answer lost": ("xingqu.settlement.providers.sandbox.bank", "pay"),
    "bank paid, withdrawal not decided": ("xingqu.settlement.services.payouts", "_ask"),
    "withdrawal decided, not committed": ("xingqu.ledger.services", "resolve"),
    "fact published, not committed": ("xingqu.kit.outbox", "publish"),
    "facts handled": ("xingqu.kit.outbox", "_deliver"),
    "order shipped, not committed": ("xingqu.trade.services.shipping", "mark_shipped"),
    "case opened, answer not sent": ("xingqu.aftersale.services.opening", "open_case"),
    "case moved, not committed": ("xingqu.aftersale.services.moving", "take_step"),
}


class Clock:
    """How far off this process's clock is, looked up again every moment."""

    def __init__(self, role: str) -> None:
        self.role = role
        self.looked_at = 0.0
        self.off = timedelta()

    def shift(self) -> timedelta:
        if time.monotonic() - self.looked_at > LOOK_EVERY_S:
            self.looked_at = time.monotonic()
            with suppress(OSError):
                (FOLDER / f"alive-{self.role}").touch()
            with suppress(OSError, ValueError):  # before the first jump there is none
                self.off = timedelta(seconds=json.loads((FOLDER / "clock").read_text("ascii")).get(self.role, 0))
        return self.off


def shift_clock(module: ModuleType) -> None:
    program = Path("/proc/self/cmdline").read_bytes().split(b"\0")
    roles = {b"worker": "worker", b"db_worker": "jobs"}
    off = Clock(next((role for word, role in roles.items() if word in program), "web"))
    true_now: Callable[[], datetime] = vars(module)["now"]
    vars(module)["now"] = lambda: true_now() + off.shift()


def plant(module: ModuleType, function: str, name: str) -> None:
    """Make a function a crash point. A module without it is a mistake of the table above."""
    done: Callable[..., Any] = getattr(module, function)
    path = FOLDER / "armed" / name

    def crashing(*args: Any, **values: Any) -> Any:
        result = done(*args, **values)
        if path.exists():
            try:
                path.unlink()  # one process only
            except FileNotFoundError:
                return result
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    crashing.__name__, crashing.__qualname__, crashing.__module__ = function, function, module.__name__
    vars(module)[function] = crashing


class Finder(MetaPathFinder):
    """Loads modules as ever, and then changes those that the soak wants changed."""

    def find_spec(self, fullname: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        here = [(name, function) for name, (module, function) in POINTS.items() if module == fullname]
        if not here and fullname != "xingqu.kit.clock":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def exec_module(module: ModuleType) -> None:
            load(module)
            if fullname == "xingqu.kit.clock":
                shift_clock(module)
            for name, function in here:
                plant(module, function, name)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def install() -> None:
    import sys

    sys.meta_path.insert(0, Finder())


if "XINGQU_SOAK_FOLDER" in os.environ:
    install()
