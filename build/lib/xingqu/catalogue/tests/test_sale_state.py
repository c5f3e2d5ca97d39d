from itertools import product

import pytest

from xingqu.catalogue.contracts import SALE_STATES
from xingqu.catalogue.domain.sale_state import derive_sale_code

STATUS = ("online", "offline", "deleted")
CHECK = ("unsubmitted", "pending", "approved", "rejected", "banned")
EXPECTED = {
    ("online", "approved", 0): "sold_out",
    ("online", "approved", 1): "on_sale",
    ("offline", "approved", 0): "offline",
    ("offline", "approved", 1): "offline",
}
EXPECTED |= {(status, "unsubmitted", n): "draft" for status in ("online", "offline") for n in (0, 1)}
EXPECTED |= {(status, "pending", n): "not_approved" for status in ("online", "offline") for n in (0, 1)}
EXPECTED |= {(status, "rejected", n): "not_approved" for status in ("online", "offline") for n in (0, 1)}
EXPECTED |= {(status, "banned", n): "banned" for status in ("online", "offline") for n in (0, 1)}
EXPECTED |= {("deleted", check, n): "deleted" for check in CHECK for n in (0, 1)}


def test_the_table_is_exhaustive() -> None:
    assert set(EXPECTED) == set(product(STATUS, CHECK, (0, 1)))


@pytest.mark.parametrize(("status", "check_status", "available"), sorted(EXPECTED))
def test_sale_state(status: str, check_status: str, available: int) -> None:
    code = derive_sale_code(status=status, check_status=check_status, available=available)
    assert code == EXPECTED[status, check_status, available]
    assert SALE_STATES[code].can_buy is (code == "on_sale")
