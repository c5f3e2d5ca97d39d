"""Lists by who must act, for both sides."""

import pytest

from xingqu.collaboration.tests.house import Creator, Desk
from xingqu.collaboration.tests.test_collaborations import Table
from xingqu.trade.tests.house import Shop

pytestmark = pytest.mark.django_db


def test_samples_by_who_must_act(shop: Shop, sku: int) -> None:
    desk, creator = Desk(shop), Creator()
    sample = creator.ask(desk.offer(sku)["id"])

    def numbers(side: str) -> tuple[list[str], list[str]]:
        shops = desk.caller.get(f"{desk.path}/samples?waiting_for={side}")["items"]
        creators = creator.caller.get(f"{creator.path}/samples?waiting_for={side}&queue=applied")["items"]
        return [row["sample_no"] for row in shops], [row["sample_no"] for row in creators]

    number = sample["sample_no"]
    assert (numbers("merchant"), numbers("creator")) == (([number], [number]), ([], []))
    desk.ship(desk.do(sample, "approve"))
    assert numbers("merchant") == ([], [])
    assert numbers("creator")[0] == [number]


def test_collaborations_by_who_must_act(shop: Shop, sku: int) -> None:
    table = Table(shop, sku)
    table.invite()

    def numbers(side: str) -> list[list[str]]:
        return [
            [row["collab_no"] for row in caller.get(f"{path}/collaborations?waiting_for={side}")["items"]]
            for caller, path in (table.side("merchant"), table.side("creator"))
        ]

    assert (numbers("creator"), numbers("merchant")) == ([[table.no], [table.no]], [[], []])
