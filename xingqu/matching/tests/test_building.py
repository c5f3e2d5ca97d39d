"""When audiences are read anew."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from xingqu.accounts.models import Creator
from xingqu.interest.selectors.audiences import CreatorWorks
from xingqu.kit import clock
from xingqu.matching.selectors import arrays
from xingqu.matching.services import build_audiences_if_due, build_creators
from xingqu.matching.tests.house import Market, write_audiences

pytestmark = pytest.mark.django_db


def is_read(market: Market, *, hours: float, people: int) -> bool:
    """Whether audiences of so many people each are read anew after so many hours."""
    write_audiences(market, people=people)
    with clock.frozen(clock.now() + timedelta(hours=hours)):
        before = arrays.audiences().made_at_ms
        done = build_audiences_if_due()
        assert (arrays.audiences().made_at_ms > before) == done
        return done


def test_audiences_are_read_once_a_day_and_a_demos_sooner(market: Market, settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"demo": False, "audience_hours": 24})
    assert [is_read(market, hours=hours, people=20) for hours in (0, 23.9, 24.1)] == [False, False, True]
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"demo": True})
    assert [is_read(market, hours=hours, people=20) for hours in (0.2, 0.3)] == [False, True]


def test_where_no_audience_is_told_of_they_are_read_whenever_asked(market: Market) -> None:
    assert len(arrays.audiences()) == 3
    write_audiences(market, people=10)
    assert len(arrays.audiences()) == 1
    assert is_read(market, hours=0.1, people=10)


def test_a_shops_own_account_is_no_creator_of_the_square(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    own = Creator.objects.get(organisation_id=market.shop.id).pk
    ids = np.array(sorted([own, *market.creators.values()]), dtype=np.int64)
    works = CreatorWorks(ids, np.full(3, 5), np.zeros(3, np.int64), np.zeros(3, np.int64))
    monkeypatch.setattr("xingqu.matching.services.building.creator_works", lambda: works)
    build_creators()
    assert arrays.creator_figures().creator_id.tolist() == sorted(market.creators.values())
    assert arrays.creator_figures().works.tolist() == [5, 5]
