"""People who chat: lines at a steady rate over kept-alive connections, whatever the answers take.

    python -m bench.live.speakers PORT ROOM RATE SECONDS < sessions.json       (started by `python -m bench.live`)

Every hundredth line holds a word that the room does not allow. Prints one line of JSON.
"""

import asyncio
import gc
import json
import sys
import time
from collections import Counter
from typing import Any

import uvloop

from bench.live.crowd import cpu_s

LINES = 48
REFUSED_EVERY = 100


class Line:
    """One kept-alive connection; answers come in order."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, path: str, session: str, text: str) -> int:
        """Status of the answer."""
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        body = json.dumps({"text": text}).encode()
        token = "a" * 32
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nOrigin: http://127.0.0.1:{self.port}\r\n"
            f"Cookie: sessionid={session}; csrftoken={token}\r\nX-CSRFToken: {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        lower = answer.lower()
        at = lower.index(b"content-length: ") + 16
        await reader.readexactly(int(lower[at : lower.index(b"\r", at)]))
        return int(answer[9:12])


async def main() -> None:
    """Speak and print what came of it."""
    port, room, rate, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    sessions: list[str] = json.loads(sys.stdin.readline())
    free: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(LINES):
        free.put_nowait(Line(port))
    told: Counter[int] = Counter()
    took_ms: list[float] = []
    started = time.perf_counter()

    async def say(number: int, due_s: float) -> None:
        line = await free.get()
        text = f"badword {number}" if number % REFUSED_EVERY == 0 else f"看起来不错 {number}"
        status = await line.post(f"/api/v1/live/rooms/{room}/chat", sessions[number % len(sessions)], text)
        told[status] += 1
        took_ms.append((time.perf_counter() - started - due_s) * 1000)
        free.put_nowait(line)

    tasks: list[asyncio.Task[Any]] = []
    for number in range(int(rate * seconds)):
        due_s = number / rate
        wait_s = due_s - (time.perf_counter() - started)
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        tasks.append(asyncio.create_task(say(number, due_s)))
    await asyncio.gather(*tasks)
    elapsed_s = time.perf_counter() - started
    print(json.dumps({"told": told, "took_ms": took_ms, "elapsed_s": elapsed_s, "cpu_s": cpu_s()}))


if __name__ == "__main__":
    gc.disable()
    uvloop.run(main())
