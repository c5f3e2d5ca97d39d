"""Work by the clock."""

from collections.abc import Callable

from xingqu.catalogue.services import release_expired_holds
from xingqu.catalogue.services.shop_review import sweep_documents

# Orders release their units when they time out; this frees the units of an order that was never written.
ORPHAN_GRACE_S = 600


def release_orphaned_holds() -> int:
    """Release holds that are long past their time. Returns how many orders they were of."""
    return release_expired_holds(grace_s=ORPHAN_GRACE_S)


PERIODIC: list[tuple[float, Callable[[], object]]] = [(60.0, release_orphaned_holds), (3_600.0, sweep_documents)]
