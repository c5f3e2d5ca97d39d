"""Facts of interest: what people decide about what is kept of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BehaviourErased:
    """Somebody had all erased that was kept of their behaviour; `actor_key` is a person's (p…) or a guest's (g…)."""

    actor_key: str
