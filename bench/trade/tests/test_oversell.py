"""Two runs of the race for few units; on PostgreSQL where the suite runs there."""

import os

import pytest

from bench.trade.oversell import run_scenario


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_never_one_too_many_and_none_left(database: str) -> None:
    if database == "postgresql" and os.environ.get("XINGQU_TEST_DATABASE") != "postgresql":
        pytest.skip("needs PostgreSQL's server programs")
    assert run_scenario(database, 2_000, 100, 2) == []
