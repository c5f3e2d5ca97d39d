"""The edge's live rooms: every event to everybody once, in order, again after a broken line, and never without end."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from xingqu.config.edge import rooms as edge
from xingqu.config.edge.frames import RESET, encode_events
from xingqu.config.edge.listeners import RING, Listener, Room
from xingqu.config.edge.memory import LINES_REPLAYED, Memory
from xingqu.config.edge.rooms import RoomStream
from xingqu.config.edge.segments import LiveFiles
from xingqu.kit import clock
from xingqu.live import selectors, services
from xingqu.live.contracts import Arrival, RoomEventRow, RoomFigures


class Table:
    """What the database would say."""

    def __init__(self) -> None:
        self.rows: list[RoomEventRow] = []
        self.figures = {7: RoomFigures(7, 3, 9, ((5, 2),))}
        self.arrivals: list[Arrival] = []
        self.likes: dict[int, int] = {}
        self.viewers: dict[int, int] = {}
        self.asked_after: list[int] = []

    def say(self, pk: int, kind: str = "state", room_id: int = 7, **data: Any) -> RoomEventRow:
        self.rows.append(RoomEventRow(pk, room_id, kind, "p1", data, clock.now_ms()))  # type: ignore[arg-type]
        return self.rows[-1]

    def new_events(self, *, last_id: int, missing: Sequence[int] = ()) -> list[RoomEventRow]:
        return [row for row in self.rows if row.id > last_id or row.id in missing]

    def events_after(self, *, last_id: int, room_id: int, limit: int = 2000) -> list[RoomEventRow]:
        self.asked_after.append(last_id)
        found = [row for row in self.rows if row.id > last_id and row.room_id == room_id and not row.is_hidden]
        return sorted(found, key=lambda row: row.id)[:limit]

    def latest_events(self, *, room_id: int, limit: int) -> list[RoomEventRow]:
        return self.events_after(last_id=0, room_id=room_id, limit=1 << 30)[-limit:]


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Table:
    table = Table()
    reads = {
        "new_events": table.new_events,
        "events_after": table.events_after,
        "latest_events": table.latest_events,
        "newest_event_ids": lambda limit: sorted(row.id for row in table.rows)[-limit:],
        "room_figures": lambda room_ids: {pk: table.figures[pk] for pk in room_ids},
        "is_known": lambda room_id: room_id == 7,
    }
    for name, call in reads.items():
        monkeypatch.setattr(selectors, name, call)
    monkeypatch.setattr(services, "record_arrivals", lambda arrivals: table.arrivals.extend(arrivals))
    monkeypatch.setattr(services, "record_likes", lambda likes: table.likes.update(likes))
    monkeypatch.setattr(services, "record_presence", lambda edge, viewers: table.viewers.update(viewers))
    monkeypatch.setattr(edge, "close_old_connections", lambda: None)
    return table


class Viewer:
    """The other end of a connection: `said` is what it was sent, while `stands_still` nothing more is taken."""

    def __init__(self, stream: RoomStream, cursor: int | None = None, *, watches: bool = True) -> None:
        self.said = b""
        self.can_take = asyncio.Event()
        self.can_take.set()
        self._gone = asyncio.Event()
        self._listening = asyncio.create_task(stream.listen(7, cursor, self._receive, self._send, watches=watches))

    async def _send(self, message: Any) -> None:
        await self.can_take.wait()
        self.said += message["body"]

    async def _receive(self) -> Any:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def until(self, words: bytes) -> bytes:
        """Everything that was said, once these words were among it."""
        async with asyncio.timeout(20):
            while words not in self.said:
                await asyncio.sleep(0.001)
        said, self.said = self.said, b""
        return said

    async def leave(self) -> None:
        self._gone.set()
        await self._listening


async def start(stream: RoomStream) -> None:
    """What `run` does first."""
    stream._tail.begin(selectors.newest_event_ids(limit=200))


def ids(frames: bytes) -> list[int]:
    return [int(line[4:]) for line in frames.split(b"\n") if line.startswith(b"id: ")]


def test_each_event_once_also_one_that_commits_late(table: Table) -> None:
    async def run() -> None:
        table.say(1)
        stream = RoomStream()
        await start(stream)
        viewer = Viewer(stream)
        await viewer.until(b"retry: ")
        table.say(3, text="hi")
        table.say(5, room_id=8)
        await stream.poll()
        assert ids(await viewer.until(b"id: 3")) == [3]
        table.say(2, kind="explain")
        table.say(4, kind="explain", room_id=8)
        await stream.poll()
        await stream.poll()
        late = await viewer.until(b"id: 2")
        assert (ids(late), b'"kind":"explain"' in late, b'"late":true' in late) == ([2], True, True)
        await viewer.leave()

    asyncio.run(run())


def test_what_was_taken_back_before_it_was_told_is_not_told(table: Table) -> None:
    async def run() -> None:
        stream = RoomStream()
        viewer = Viewer(stream)
        await viewer.until(b"retry: ")
        table.rows.append(replace(table.say(1, kind="chat"), is_hidden=True))
        del table.rows[0]
        table.say(2, kind="explain")
        await stream.poll()
        assert ids(await viewer.until(b"id: 2")) == [2]
        await viewer.leave()

    asyncio.run(run())


def test_a_broken_line_goes_on_where_it_was(table: Table) -> None:
    async def run() -> None:
        for pk in range(1, 401):
            table.say(pk)
        table.rows[:] = [replace(row, at_ms=row.at_ms - (400 - row.id) * 900) for row in table.rows]
        stream = RoomStream()
        await start(stream)
        again = Viewer(stream, 390)
        # What was told in the two seconds before it as well: another process may have told them in another order.
        assert ids(await again.until(b"id: 400")) == list(range(388, 401))
        assert table.asked_after == [0]  # the room's memory was filled once, and knows
        for pk in range(401, 1200):
            table.say(pk)
        await stream.poll()
        away = Viewer(stream, 390)
        assert RESET in await away.until(RESET)
        newest = Viewer(stream, 1_199)
        assert 1_199 in ids(await newest.until(b"id: 1199"))
        for viewer in (again, away, newest):
            await viewer.leave()

    asyncio.run(run())


def test_who_comes_back_misses_nothing_and_hears_nothing_twice(table: Table) -> None:
    async def run() -> None:
        stream = RoomStream()
        viewer, heard = Viewer(stream, 0), []
        await viewer.until(b"retry: ")
        table.say(1)
        await stream.poll()
        heard += ids(await viewer.until(b"id: 1"))
        await viewer.leave()
        for pk in (2, 3):
            table.say(pk)
            await stream.poll()
        viewer = Viewer(stream, heard[-1])
        table.say(4)
        await asyncio.sleep(0)
        await stream.poll()
        told = ids(await viewer.until(b"id: 4"))
        assert [pk for pk in told if pk > heard[-1]] == [2, 3, 4]
        assert len(told) == len(set(told))
        await viewer.leave()

    asyncio.run(run())


def test_a_reader_that_stands_still_costs_a_ring_and_is_told_to_read_anew(table: Table) -> None:
    async def run() -> None:
        stream = RoomStream()
        still, other = Viewer(stream), Viewer(stream)
        for viewer in (still, other):
            await viewer.until(b"retry: ")
        room = stream._rooms[7]
        still.can_take.clear()
        for number in range(3):
            await room.tell(b"%d;" % number)
        assert await other.until(b"2;") == b"0;1;2;"
        still.can_take.set()
        assert await still.until(b"2;") == b"0;1;2;"
        still.can_take.clear()
        for number in range(RING + 10):
            await room.tell(b"%d;" % number)
        still.can_take.set()
        assert await still.until(RESET) == b"0;" + RESET
        await room.tell(b"again;")
        assert await still.until(b"again;") == b"again;"
        assert len(room.frames) == RING
        for viewer in (still, other):
            await viewer.leave()

    asyncio.run(run())


def test_a_connection_that_breaks_leaves_the_others_alone(table: Table) -> None:
    async def run() -> None:
        room, heard = Room(), []

        async def broken(message: Any) -> None:
            raise OSError

        async def whole(message: Any) -> None:
            heard.append(message["body"])

        room.listeners = {Listener(broken, 0), Listener(whole, 0)}
        for listener in room.listeners:
            listener.is_busy = False
        for frame in (b"a", b"b"):
            await room.tell(frame)
        assert (heard, len(room.listeners)) == ([b"a", b"b"], 1)

    asyncio.run(run())


def test_a_flood_of_chat_is_thinned_for_screens_and_nothing_else_is(table: Table) -> None:
    for pk in range(1, 101):
        table.say(pk, kind="chat", host=pk == 5)
    table.say(101, kind="explain")
    assert ids(encode_events(table.rows)) == [5, *range(81, 102)]
    memory = Memory()
    memory.fill(table.rows, now_ms=clock.now_ms(), complete=True)
    assert ids(memory.after(0) or b"") == [5, *range(101 - LINES_REPLAYED, 102)]


def test_chat_comes_in_turns_and_what_is_done_at_once(table: Table) -> None:
    async def run() -> None:
        stream = RoomStream()
        viewer = Viewer(stream)
        await viewer.until(b"retry: ")
        room = stream._rooms[7]
        room.told_at_s, room.took_s = time.monotonic(), 100.0
        table.say(1, kind="chat")
        await stream.poll()
        assert (viewer.said, len(room.waiting)) == (b"", 1)
        table.say(2, kind="explain")
        await stream.poll()
        assert ids(await viewer.until(b"id: 2")) == [1, 2]
        await viewer.leave()

    asyncio.run(run())


def test_told_by_another_process_in_order_once(table: Table) -> None:
    async def run() -> None:
        stream = RoomStream()
        viewer = Viewer(stream)
        await viewer.until(b"retry: ")
        await stream.take_told([table.say(1)])
        assert ids(await viewer.until(b"id: 1")) == [1]
        first, second = table.say(2), table.say(3)
        await stream.take_told([second])  # overtook the first, which is read in the table
        await stream.take_told([first])
        await stream.poll()
        table.say(4)
        await stream.poll()
        assert ids(await viewer.until(b"id: 4")) == [2, 3, 4]
        await viewer.leave()

    asyncio.run(run())


def test_who_came_what_was_liked_and_how_many_are_there(table: Table) -> None:
    stream = RoomStream()
    app = Starlette(routes=[Route("/rt/live/{room_id:int}/likes", stream.like, methods=["POST"])])
    client = TestClient(app)

    async def run() -> None:
        viewer, desk = Viewer(stream), Viewer(stream, watches=False)
        await viewer.until(b"retry: ")
        assert client.post("/rt/live/7/likes", json={"count": 3}).status_code == 204
        assert client.post("/rt/live/9/likes", json={"count": 3}).status_code == 204
        for body in (b"{", b'{"count": 0}', b'{"count": 51}', b"[]", b"x" * 300, b'{"count": "many"}'):
            assert client.post("/rt/live/7/likes", content=body).status_code == 422
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert client.post("/rt/live/7/likes", json={"count": 3}, headers=elsewhere).status_code == 403
        stream._arrivals.append(Arrival(7, "p4"))
        await stream.tell_figures()
        await stream.poll()
        told = orjson.loads((await viewer.until(b"figures")).split(b"data: ")[1])
        assert abs(told.pop("at_ms") - clock.now_ms()) < 60_000
        assert told == {"viewers": 3, "likes": 9, "stock": [{"product_id": 5, "available": 2}]}
        await stream.tell_figures()
        await stream.say_presence()
        assert (table.likes, table.arrivals, table.viewers) == ({7: 3}, [Arrival(7, "p4")], {7: 1})
        await viewer.leave()
        await desk.leave()
        await stream.say_presence()
        assert (table.viewers, list(stream._rooms)) == ({7: 0}, [7])
        stream._rooms[7].empty_since_s -= 1_000
        await stream.say_presence()
        assert stream._rooms == {}

    asyncio.run(run())


def test_a_room_that_is_not_there_has_no_stream(table: Table) -> None:
    app = Starlette(routes=[Route("/rt/live/{room_id:int}", RoomStream())])
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
