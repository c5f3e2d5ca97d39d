"""Viewers of one room: so many connections of server-sent events held by one process, as lean as they can be.

    python -m bench.live.crowd PORT ROOM VIEWERS NUMBER      (started by `python -m bench.live`, told what to do line by line)

Commands: `open CURSOR SECONDS`, `mark`, `report`, `drop`, `back SECONDS`, `quit`. Each is answered by one line of JSON. A viewer
knows what it has seen by the ids of events, as the page does.
"""

import asyncio
import gc
import json
import random
import re
import resource
import sys
import time
from collections import Counter
from typing import Any

import uvloop

EVENT = re.compile(rb'id: (\d+)\nevent: room\ndata: \{"id":\d+,"kind":"(\w+)","at_ms":(\d+)')
# Of so many viewers one writes down when each line of chat came.
SAMPLE = 50
CONNECT_AT_ONCE = 200


class Viewer(asyncio.Protocol):
    """One connection. `last` is its cursor, `deeds` the ids of everything but chat that it has seen."""

    __slots__ = ("closed", "crowd", "deeds", "delays_ms", "is_sampled", "last", "rest", "told_again", "transport")

    def __init__(self, crowd: "Crowd", number: int) -> None:
        self.crowd = crowd
        self.transport: asyncio.Transport | None = None
        self.last = 0
        self.rest = b""
        self.deeds: set[int] = set()
        self.told_again = 0
        self.is_sampled = number % SAMPLE == 0
        self.delays_ms: list[float] = []
        self.closed = True

    def connection_made(self, transport: Any) -> None:
        self.transport, self.rest, self.closed = transport, b"", False
        resumed = f"Last-Event-ID: {self.last}\r\n" if self.last > self.crowd.cursor else ""
        cursor = self.crowd.cursor
        head = f"GET /rt/live/{self.crowd.room}?cursor={cursor} HTTP/1.1\r\nHost: 127.0.0.1\r\n{resumed}\r\n"
        transport.write(head.encode())

    def data_received(self, data: bytes) -> None:
        now = time.time()
        data = self.rest + data
        cut = data.rfind(b"\n\n")
        self.rest, data = data[cut + 1 :], data[: cut + 1]
        for found in EVENT.finditer(data):
            event_id = int(found[1])
            self.last = max(self.last, event_id)
            if found[2] == b"chat":
                self.crowd.lines += 1
                if self.is_sampled:
                    self.delays_ms.append(now * 1000 - int(found[3]))
            elif event_id in self.deeds:
                self.told_again += 1
            else:
                self.deeds.add(event_id)
                self.crowd.arrived.append((event_id, now))

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = True
        if not self.crowd.is_dropping:
            self.crowd.broken += 1


class Crowd:
    """All viewers of this process."""

    def __init__(self, port: int, room: int, viewers: int, number: int) -> None:
        self.port, self.room, self.number = port, room, number
        self.cursor = 0
        self.viewers = [Viewer(self, place) for place in range(viewers)]
        self.arrived: list[tuple[int, float]] = []
        self.lines = 0
        self.broken = 0
        self.is_dropping = False
        self.door = asyncio.Semaphore(CONNECT_AT_ONCE)

    async def come(self, viewer: Viewer, after_s: float) -> None:
        """Connect, again until it succeeds."""
        await asyncio.sleep(after_s)
        # Of an address of its own for each few thousand, for there are only so many ports.
        source = f"127.0.0.{2 + self.number}"
        while viewer.closed:
            async with self.door:
                try:
                    loop = asyncio.get_running_loop()
                    await loop.create_connection(lambda: viewer, "127.0.0.1", self.port, local_addr=(source, 0))
                except OSError:
                    await asyncio.sleep(0.2)

    async def open(self, cursor: int, seconds: float) -> dict[str, Any]:
        self.cursor = cursor
        await asyncio.gather(*(self.come(viewer, random.uniform(0, seconds)) for viewer in self.viewers))
        return {"open": len(self.viewers)}

    async def drop(self) -> dict[str, Any]:
        """All lines break at once."""
        self.is_dropping = True
        for viewer in self.viewers:
            if viewer.transport is not None:
                viewer.transport.abort()
        await asyncio.sleep(0.2)
        return {"open": sum(not viewer.closed for viewer in self.viewers)}

    async def back(self, seconds: float) -> dict[str, Any]:
        """All come back within `seconds`."""
        self.is_dropping = False
        started = time.time()
        await asyncio.gather(*(self.come(viewer, random.uniform(0, seconds)) for viewer in self.viewers))
        return {"took_s": time.time() - started}

    def mark(self) -> dict[str, Any]:
        """Forget what has been written down so far, but not what was seen."""
        self.arrived.clear()
        self.lines = self.broken = 0
        for viewer in self.viewers:
            viewer.delays_ms.clear()
            viewer.told_again = 0
        return {"cpu_s": cpu_s()}

    def report(self) -> dict[str, Any]:
        """What came since the mark."""
        return {
            "arrived": self.arrived,
            "lines": self.lines,
            "broken": self.broken,
            "open": sum(not viewer.closed for viewer in self.viewers),
            "delays_ms": [round(delay) for viewer in self.viewers for delay in viewer.delays_ms],
            "told_again": sum(viewer.told_again for viewer in self.viewers),
            "seen": Counter(event_id for viewer in self.viewers for event_id in viewer.deeds),
            "cpu_s": cpu_s(),
        }


def cpu_s() -> float:
    """Processor seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def main() -> None:
    """Do what the lines on stdin say until `quit` or their end."""
    crowd = Crowd(*map(int, sys.argv[1:5]))
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := (await reader.readline()).decode().split():
        name, *values = line
        if name == "quit":
            return
        answer: Any
        if name == "open":
            answer = await crowd.open(int(values[0]), float(values[1]))
        elif name == "back":
            answer = await crowd.back(float(values[0]))
        elif name == "drop":
            answer = await crowd.drop()
        else:
            answer = {"mark": crowd.mark, "report": crowd.report}[name]()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    gc.disable()
    uvloop.run(main())
