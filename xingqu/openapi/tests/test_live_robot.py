"""The robot of the guide, run as it stands: its calls go to the API of this process instead of over the network."""

import io
import runpy
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from xingqu.accounts.models import Creator
from xingqu.live.models import LiveExplain, RoomEvent
from xingqu.live.tests.conftest import Studio
from xingqu.openapi.tests.conftest import Program
from xingqu.trade.tests.house import Shop

ROBOT = Path(__file__).resolve().parents[3] / "examples/live_robot.py"
SITE = "http://shop.example"


@pytest.mark.django_db
def test_the_robot_runs_a_room(
    shop: Shop, make_program: Callable[..., Program], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    desk = Studio(shop.id, shop.owner_id, Creator.objects.get(organisation_id=shop.id).pk)
    room_id, _ = desk.live_room()
    first, second, _ = desk.items(room_id, desk.product(), desk.product(), desk.product(stock=0))
    program = make_program(shop, ["live.read", "live.write", "shop.read"])

    def urlopen(request: urllib.request.Request, timeout: float) -> io.BytesIO:
        headers = {name.title(): value for name, value in request.header_items()}
        kind = headers.pop("Content-Type")
        path = request.full_url.removeprefix(SITE)
        method = request.get_method()
        answer = Client().generic(method, path, request.data or b"", content_type=kind, headers=headers)
        assert answer.status_code < 300, (path, answer.content[:300])
        return io.BytesIO(answer.content)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    monkeypatch.setattr(sys, "argv", ["live_robot.py", str(room_id), "0"])
    for name, value in (("SITE", SITE), ("CLIENT_ID", program.client_id), ("CLIENT_SECRET", program.secret)):
        monkeypatch.setenv(f"XINGQU_{name}", value)
    runpy.run_path(str(ROBOT), run_name="__main__")
    assert capsys.readouterr().out == "explained 2; 0 orders so far\n"
    assert list(LiveExplain.objects.order_by("id").values_list("item_id", flat=True)) == [first, second]
    assert not LiveExplain.objects.filter(ended_at=None).exists()
    kinds = list(RoomEvent.objects.filter(room_id=room_id).order_by("id").values_list("kind", flat=True))
    assert (kinds.count("explain"), kinds.count("chat"), kinds.count("coupon")) == (2, 2, 1)
