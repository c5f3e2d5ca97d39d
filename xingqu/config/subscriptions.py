"""Which handler reacts to which fact: the one table. The worker delivers each (fact, handler) at least once."""

from collections.abc import Callable
from typing import Any

SUBSCRIPTIONS: dict[type[Any], list[Callable[[Any], None]]] = {}
