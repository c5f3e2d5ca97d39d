"""The edge's live rooms: every event to everybody once, in order, again after a broken line, and never without end."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from xingqu.config.edge import rooms as edge
from xingqu.config.edge.rooms import RING, Room, RoomStream
from xingqu.config.edge.segments import LiveFiles
from xingqu.live.contracts import Arrival, RoomEventRow, RoomFigures


class Table:
    """What the database would say."""

    def __init__(self) -> None:
        self.rows: list[RoomEventRow] = []
        self.figures = {7: RoomFigures(7, 3, 9, ((5, 2),))}
        self.arrivals: list[Arrival] = []
        self.likes: dict[int, int] = {}
        self.viewers: dict[int, int] = {}

    def say(self, pk: int, kind: str = "state", room_id: int = 7, **data: Any) -> None:
        self.rows.append(RoomEventRow(pk, room_id, kind, "p1", data, 1000))  # type: ignore[arg-type]

    def events_after(self, *, last_id: int, room_id: int | None = None, limit: int = 2000) -> list[RoomEventRow]:
        found = [row for row in self.rows if row.id > last_id and room_id in (None, row.room_id)]
        return sorted(found, key=lambda row: row.id)[:limit]


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    table = Table()
    reads = {
        "events_after": table.events_after,
        "last_event_id": lambda: max((row.id for row in table.rows), default=0),
        "room_figures": lambda room_ids: {pk: table.figures[pk] for pk in room_ids},
    }
    for name, call in reads.items():
        monkeypatch.setattr(edge.selectors, name, call)
    monkeypatch.setattr(edge.services, "record_arrivals", lambda arrivals: table.arrivals.extend(arrivals))
    monkeypatch.setattr(edge.services, "record_likes", lambda likes: table.likes.update(likes))
    monkeypatch.setattr(edge.services, "record_presence", lambda edge, viewers: table.viewers.update(viewers))
    monkeypatch.setattr(edge, "close_old_connections", lambda: None)
    monkeypatch.setattr(edge, "_who", lambda request, room_id: (4, room_id == 7))
    return table


async def take(frames: Any) -> bytes:
    return await asyncio.wait_for(anext(frames), 5)


def ids(frames: bytes) -> list[int]:
    return [int(line[4:]) for line in frames.split(b"\n") if line.startswith(b"id: ")]


def test_each_event_once_also_one_that_commits_late(table: Table) -> None:
    async def run() -> None:
        table.say(1)
        stream = RoomStream()
        stream._last_id = 1
        await stream.poll()
        frames = stream.events(7, None)
        assert (await take(frames)).startswith(b"retry: ")
        table.say(3, text="hi")
        table.say(4, room_id=8)
        await stream.poll()
        assert ids(await take(frames)) == [3]
        table.say(2, kind="explain")
        await stream.poll()
        await stream.poll()
        late = await take(frames)
        assert (ids(late), b'"kind":"explain"' in late) == ([2], True)

    asyncio.run(run())


def test_a_broken_line_goes_on_where_it_was(table: Table) -> None:
    async def run() -> None:
        for pk in range(1, 400):
            table.say(pk)
        stream = RoomStream()
        again = stream.events(7, 390)
        await take(again)
        assert ids(await take(again)) == list(range(191, 400))
        for pk in range(400, 1200):
            table.say(pk)
        away = stream.events(7, 390)
        await take(away)
        assert await take(away) == b"event: reset\ndata: {}\n\n"

    asyncio.run(run())


def test_a_reader_that_stands_still_costs_a_ring_and_is_told_to_read_anew(table: Table) -> None:
    room = Room()
    for number in range(RING + 10):
        room.tell(b"%d;" % number)
    assert (len(room.frames), room.since(room.count), room.since(room.count - 2)) == (RING, b"", b"264;265;")
    assert room.since(5) is None


def test_a_flood_of_chat_is_thinned_for_screens_and_nothing_else_is(table: Table) -> None:
    for pk in range(1, 101):
        table.say(pk, kind="chat", host=pk == 5)
    table.say(101, kind="explain")
    shown = ids(edge.encode_events(table.rows))
    assert shown == [5, *range(81, 102)]
    assert len(ids(edge.encode_events(table.rows, all_lines=True))) == 101


def test_who_came_what_was_liked_and_how_many_are_there(table: Table) -> None:
    stream = RoomStream()
    app = Starlette(routes=[Route("/rt/live/{room_id:int}/likes", stream.like, methods=["POST"])])
    client = TestClient(app)

    async def run() -> None:
        frames = stream.events(7, None)
        await take(frames)
        assert client.post("/rt/live/7/likes", json={"count": 3}).status_code == 204
        assert client.post("/rt/live/9/likes", json={"count": 3}).status_code == 204
        for body in (b"{", b'{"count": 0}', b'{"count": 51}', b"[]", b"x" * 300, b'{"count": "many"}'):
            assert client.post("/rt/live/7/likes", content=body).status_code == 422
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert client.post("/rt/live/7/likes", json={"count": 3}, headers=elsewhere).status_code == 403
        stream._arrivals.append(Arrival(7, "p4"))
        await stream.tell_figures()
        told = orjson.loads((await take(frames)).split(b"data: ")[1])
        assert told == {"viewers": 3, "likes": 9, "stock": [{"product_id": 5, "available": 2}]}
        await stream.tell_figures()
        await stream.say_presence()
        assert (table.likes, table.arrivals, table.viewers) == ({7: 3}, [Arrival(7, "p4")], {7: 1})
        await frames.aclose()
        await stream.say_presence()
        assert (table.viewers, stream._rooms) == ({7: 0}, {})

    asyncio.run(run())


def test_a_room_that_is_not_there_has_no_stream(table: Table) -> None:
    app = Starlette(routes=[Route("/rt/live/{room_id:int}", RoomStream().__call__)])
    assert TestClient(app).get("/rt/live/8").status_code == 404


def test_segments_are_kept_and_playlists_asked_for_anew(tmp_path: Path) -> None:
    folder = tmp_path / "live" / "abc-1"
    folder.mkdir(parents=True)
    for name in ("index.m3u8", "s000001.m4s", ".ffmpeg.log", "note.txt"):
        (folder / name).write_bytes(b"#EXTM3U")
    client = TestClient(Starlette(routes=[Mount("/live-media", LiveFiles(directory=tmp_path / "live"))]))
    playlist, segment = (client.get(f"/live-media/abc-1/{name}") for name in ("index.m3u8", "s000001.m4s"))
    assert (playlist.status_code, playlist.headers["cache-control"], playlist.headers["content-type"]) == (
        200,
        "no-cache",
        "application/vnd.apple.mpegurl",
    )
    assert (segment.status_code, segment.headers["cache-control"]) == (200, "public, max-age=3600, immutable")
    for name in (".ffmpeg.log", "note.txt", "gone.m4s", ""):
        assert client.get(f"/live-media/abc-1/{name}").status_code == 404
