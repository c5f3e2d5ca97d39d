"""What makes a programme's terms valid, and when one applies: pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from xingqu.kit.errors import InvalidInput

MAX_STEPS = 5
MAX_SPAN = timedelta(days=366)


def check_span(starts_at: datetime, ends_at: datetime, now: datetime, *, field: str) -> None:
    """Raises InvalidInput unless the time from start to end lies ahead, ends after it starts and is at most a year."""
    if not starts_at < ends_at or ends_at <= now or ends_at - starts_at > MAX_SPAN:
        raise InvalidInput(field=field, expected="after its start, in the future, at most 366 days after the start")


def check_coupon(*, kind: str, threshold_minor: int, discount_minor: int, rate_bp: int, cap_minor: int | None) -> None:
    """Raises InvalidInput for terms (as in `contracts.CouponTerms`) that give nothing, or as much as the goods cost."""
    if kind == "fixed":
        if discount_minor < 1 or (threshold_minor and discount_minor > threshold_minor):
            raise InvalidInput(field="discount_minor", expected="at least 1, at most the threshold where there is one")
        return
    if not 1 <= rate_bp <= 9_900:
        raise InvalidInput(field="rate_bp", expected="1 to 9900 basis points off")
    if cap_minor is not None and cap_minor < 1:
        raise InvalidInput(field="cap_minor", expected="at least 1, or nothing")


def check_steps(steps: Sequence[tuple[int, int]]) -> None:
    """Raises InvalidInput unless thresholds and reductions both rise and each reduction is below its threshold."""
    expected = f"1 to {MAX_STEPS} steps, each with a higher threshold and reduction, the reduction below the threshold"
    if not 1 <= len(steps) <= MAX_STEPS or any(not 1 <= off < threshold for threshold, off in steps):
        raise InvalidInput(field="steps", expected=expected)
    for (low, less), (high, more) in pairwise(steps):
        if not (low < high and less < more):
            raise InvalidInput(field="steps", expected=expected)


def phase(state: str, starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """upcoming, running, paused or ended: what a programme is at this moment."""
    if state == "ended" or ends_at <= now:
        return "ended"
    if state == "paused":
        return "paused"
    return "upcoming" if now < starts_at else "running"


def claim_refusal(state: str, starts_at: datetime, ends_at: datetime, now: datetime) -> str | None:
    """Why a coupon can't be claimed now, None when it can."""
    found = phase(state, starts_at, ends_at, now)
    if found == "running":
        return None
    if found == "ended":
        return "ended" if state == "ended" else "over"
    return "not_started" if found == "upcoming" else "paused"
