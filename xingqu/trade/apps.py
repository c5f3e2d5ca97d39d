from typing import Any

from django.apps import AppConfig
from django.core import checks


class TradeConfig(AppConfig):
    name = "xingqu.trade"
    label = "trade"

    def ready(self) -> None:
        checks.register(check_payment_settings)


def check_payment_settings(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Says at start what keeps a payment provider that is set up from working; the site runs, without it."""
    from xingqu.trade.providers import problems

    return [checks.Warning(f"payments by {name} are down: {what}", id="trade.W001") for name, what in problems()]
