"""Changes of freight rules."""

from xingqu.kit import clock
from xingqu.trade.models import FreightRule


def set_freight_rule(*, shop_id: int, base_minor: int, free_from_minor: int | None, remote_extra_minor: int) -> None:
    """Set what a shop charges for delivery from now on; placed orders keep what they were quoted."""
    FreightRule.objects.update_or_create(
        shop_id=shop_id,
        defaults={
            "base_minor": base_minor,
            "free_from_minor": free_from_minor,
            "remote_extra_minor": remote_extra_minor,
            "updated_at": clock.now(),
        },
    )
