"""Recordings of live rooms at the edge: a ticket opens one file, for an hour."""

from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from xingqu.config.edge import recordings as edge
from xingqu.kit import clock
from xingqu.live import selectors
from xingqu.live.selectors.recordings import TICKET_S
from xingqu.live.tests.conftest import new_studio
from xingqu.live.tests.test_recordings import recorded


@pytest.mark.django_db(transaction=True)
def test_a_ticket_opens_one_file_for_an_hour(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    room_id, path = recorded(new_studio())
    [row] = selectors.room_recordings(room_id=room_id)
    site_of_edge = TestClient(
        Starlette(routes=[Route("/rt/live-recordings/{ticket:str}", edge.recording, methods=["GET"])])
    )
    answer = site_of_edge.get(row["download_url"])
    assert (answer.status_code, answer.content) == (200, path.read_bytes())
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    part = site_of_edge.get(row["download_url"], headers={"range": "bytes=0-2"})
    assert (part.status_code, part.content) == (206, b"FLV")
    session_id = row["id"]
    for forged in (str(session_id), signing.dumps(session_id, salt="another"), row["download_url"][-20:]):
        assert site_of_edge.get(f"/rt/live-recordings/{forged}").status_code == 404
    ticket = row["download_url"].rsplit("/", 1)[1]
    monkeypatch.setattr("time.time", lambda: clock.now().timestamp() + TICKET_S + 5)
    assert selectors.recording_of(ticket=ticket) is None
