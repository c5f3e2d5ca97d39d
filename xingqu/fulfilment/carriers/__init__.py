"""Providers of tracking behind one protocol."""

from functools import cache

from django.conf import settings

from xingqu.fulfilment.carriers.kuaidi100 import Kuaidi100
from xingqu.fulfilment.carriers.protocol import TrackingProvider
from xingqu.fulfilment.carriers.simulated.client import SimulatedCarrier
from xingqu.fulfilment.domain.carriers import OWN
from xingqu.kit.errors import NotFound


@cache
def _providers() -> dict[str, TrackingProvider]:
    return {"simulated": SimulatedCarrier(), "kuaidi100": Kuaidi100()}


def provider_name() -> str:
    """Who knows where this installation's packages are: simulated, kuaidi100 or none."""
    chosen = settings.ENVIRONMENT.tracking_provider
    if chosen:
        return str(chosen)
    return "simulated" if settings.ENVIRONMENT.demo else "none"


def tracking_provider(carrier_code: str) -> TrackingProvider | None:
    """Who knows of a carrier's packages; None when nobody does. A merchant's own carrier tells by the shop's webhook."""
    return None if carrier_code == OWN else _providers().get(provider_name())


def get_provider(name: str) -> TrackingProvider:
    """The provider of this name, in use or not. Raises NotFound."""
    provider = _providers().get(name)
    if provider is None:
        raise NotFound(field="provider", expected=", ".join(_providers()))
    return provider
