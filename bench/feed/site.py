"""A throw-away installation for the benchmarks of the feed: a large world, states, one web process, a small HTTP client."""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.trade.site import wait_ready

CSRF = "b" * 32


def open_home(path: str | None) -> Path:
    """Set Django up over the home folder `path`, or over a new one that is deleted at the end."""
    home = Path(path or tempfile.mkdtemp(prefix="xingqu-bench-"))
    os.environ |= {
        "XINGQU_HOME": str(home),
        "XINGQU_SECRET_KEY": "benchmark",
        "XINGQU_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "xingqu.config.settings",
    }
    import django

    django.setup()
    return home


def seed(*, contents: int, users: int) -> None:
    """Tables, snapshot and user states; what is there already stays."""
    from django.core.management import call_command

    from bench.feed.states import make_states
    from bench.feed.world import World, build_world
    from xingqu.content.models import Content
    from xingqu.feed.services import rebuild_snapshot

    call_command("migrate", verbosity=0)
    if not Content.objects.exists():
        world = World(contents=contents, products=contents // 10)
        build_world(world)
        rebuild_snapshot()
        make_states(world, users)


@contextlib.contextmanager
def web_process(port: int) -> Iterator[None]:
    """One worker process of the web server, until the block ends."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "1", "--no-ws", "--log-level", "warning"]
    process = subprocess.Popen([*command, "xingqu.config.wsgi:application"])
    try:
        wait_ready(port)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def guest_cookie(guest_key: int) -> str:
    """The signed cookie of a guest, as the middleware makes it."""
    from django.core import signing

    from xingqu.accounts.http import GUEST_COOKIE

    return f"{GUEST_COOKIE}={signing.get_cookie_signer(salt=GUEST_COOKIE).sign(str(guest_key))}; csrftoken={CSRF}"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Connection:
    """A kept-alive HTTP connection without the weight of a client library: it would be measured too."""

    port: int
    reader: Any = field(default=None)
    writer: Any = field(default=None)

    async def ask(self, method: str, path: str, cookie: str, body: bytes = b"") -> Answer:
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nX-CSRFToken: {CSRF}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.writer.write(head.encode() + body)
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:] if line)}
        answer = await self.reader.readexactly(int(headers["content-length"]))
        return Answer(int(lines[0].split()[1]), headers, answer)
