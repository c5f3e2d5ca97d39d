"""Fixtures of the programmes tests: terms that are valid, to be changed one at a time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from xingqu.kit import clock
from xingqu.programmes.contracts import CouponTerms
from xingqu.programmes.services import NewCoupon, create_coupon


@pytest.fixture
def make_coupon(db: None) -> Callable[..., int]:
    def make(*, shop_id: int | None = 7, **changes: Any) -> int:
        now = clock.now()
        fields: dict[str, Any] = {
            "name": "满100减10",
            "terms": CouponTerms("fixed", 10_000, 1_000, 0, None),
            "audience": "everyone",
            "stock": 3,
            "limit_per_person": 1,
            "claim_from": now - timedelta(hours=1),
            "claim_until": now + timedelta(days=1),
            "use_from": None,
            "use_until": None,
            "valid_days": 7,
        }
        return create_coupon(shop_id=shop_id, coupon=NewCoupon(**{**fields, **changes}))

    return make
