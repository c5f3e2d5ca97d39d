"""Every region's children can be listed, however many there are."""

import pytest
from django.test import Client

from xingqu.trade.domain.regions import children_of


@pytest.mark.django_db
def test_each_province_lists_its_cities() -> None:
    # Two of anything once read as (status, body): a municipality with exactly two parts answered with 500.
    client = Client()
    provinces = client.get("/api/v1/regions").json()
    assert len(provinces) >= 31
    for province in provinces:
        answer = client.get("/api/v1/regions", {"parent_id": province["id"]})
        assert answer.status_code == 200
        assert [row["id"] for row in answer.json()] == [region.id for region in children_of(province["id"])]
    assert 2 in {len(children_of(province["id"])) for province in provinces}
