"""The interest engine beside a shop: ids of your own, a folder or Redis, no framework.

    from xingqu.standalone import Engine

    with Engine.open("./interest") as engine:
        engine.put_items([{"id": "tent-2", "tags": ["camping", "outdoor"], "price_minor": 89_900}])
        engine.observe([{"id": "e1", "person": "anna", "kind": "product_click", "item": "tent-2"}])
        page = engine.recommend("anna", size=10)

The same over HTTP: ``xingqu-engine serve --data ./interest --port 8500``.
"""

from xingqu.standalone.contracts import (
    Event,
    Explanation,
    Interest,
    Item,
    ItemExplanation,
    Observed,
    Page,
    PutResult,
    Reason,
    Recommended,
    Rejection,
)
from xingqu.standalone.engine import Engine
from xingqu.standalone.errors import Busy, Conflict, EngineError, InvalidInput, NotFound, TooLarge
from xingqu.standalone.settings import Settings

__all__ = [
    "Busy",
    "Conflict",
    "Engine",
    "EngineError",
    "Event",
    "Explanation",
    "Interest",
    "InvalidInput",
    "Item",
    "ItemExplanation",
    "NotFound",
    "Observed",
    "Page",
    "PutResult",
    "Reason",
    "Recommended",
    "Rejection",
    "Settings",
    "TooLarge",
]
