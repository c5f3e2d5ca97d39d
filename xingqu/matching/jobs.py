"""What runs by the clock."""

from collections.abc import Callable

from xingqu.matching import services

PERIODIC: list[tuple[float, Callable[[], object]]] = [
    (300.0, services.build_audiences_if_due),
    (60.0, services.build_offers_if_due),
    (600.0, services.build_creators),
    (600.0, services.fill_rules),
    (900.0, services.match_pools),
]
