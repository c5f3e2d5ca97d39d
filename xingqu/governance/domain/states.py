"""What may become of a restriction: one table of steps. Pure."""

from enum import StrEnum


class State(StrEnum):
    VALID = "valid"
    APPEALED = "appealed"
    UPHELD = "upheld"
    VOIDED = "voided"  # it should not have been: it counts nowhere
    LIFTED = "lifted"  # ended before its time; it was right


class Step(StrEnum):
    APPEAL = "appeal"
    UPHOLD = "uphold"
    VOID = "void"
    LIFT = "lift"


ANSWERS = frozenset({Step.UPHOLD, Step.VOID})
IN_FORCE = frozenset({State.VALID, State.APPEALED, State.UPHELD})
STEPS: dict[Step, tuple[frozenset[State], State]] = {
    Step.APPEAL: (frozenset({State.VALID}), State.APPEALED),
    Step.UPHOLD: (frozenset({State.APPEALED}), State.UPHELD),
    Step.VOID: (IN_FORCE, State.VOIDED),
    Step.LIFT: (IN_FORCE, State.LIFTED),
}
