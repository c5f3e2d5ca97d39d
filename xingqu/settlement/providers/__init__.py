"""Banks that pay merchants, by name."""

from functools import cache

from xingqu.kit.errors import NotFound
from xingqu.settlement.providers.protocol import PayoutBank


@cache
def get_bank(name: str) -> PayoutBank:
    """Raises NotFound for a name that is none."""
    if name == "sandbox_bank":
        from xingqu.settlement.providers.sandbox.client import SandboxBank

        return SandboxBank()
    raise NotFound(field="bank", expected="sandbox_bank")
