"""Run ffmpeg as a limited child process: a deadline, a CPU and file-size ceiling, progress, and a clean
kill.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from xingqu.content.media.errors import MediaCancelled, MediaTimeout, ToolFailed

STDERR_TAIL_BYTES = 32_768
POLL_S = 0.2
OUTPUT_FILE_MAX_BYTES = 2_000_000_000

ProgressCallback = Callable[[float], None]
"""Called with a fraction from 0.0 to 1.0 that never falls."""

CancelCheck = Callable[[], bool]
"""Polled several times a second; True kills the child process."""


@dataclass(frozen=True)
class ToolLimits:
    """What one child process may use. `timeout_s` is wall time; `niceness` yields the CPU to the web
    process.
    """

    timeout_s: float = 600.0
    threads: int = 2
    niceness: int = 5


@dataclass(frozen=True)
class ToolResult:
    """Exit status, the tail of what ffmpeg said, and the last output time it reported."""

    returncode: int
    log: str
    out_time_ms: int


@cache
def find_ffmpeg() -> str:
    """Path of the ffmpeg that imageio-ffmpeg carries.

    Raises:
        ToolFailed: the package has no binary for this machine.
    """
    try:
        return str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())
    except RuntimeError as error:
        raise ToolFailed(f"no ffmpeg for this machine: {error}") from error


def _limit_child(pid: int, limits: ToolLimits) -> None:
    """The kernel ends a child whose parent died before the deadline, and a file that grows without end."""
    cpu_s = int(limits.timeout_s * max(1, limits.threads)) + 5
    with contextlib.suppress(OSError, AttributeError):
        resource.prlimit(pid, resource.RLIMIT_CPU, (cpu_s, cpu_s))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (OUTPUT_FILE_MAX_BYTES, OUTPUT_FILE_MAX_BYTES))
        os.setpriority(os.PRIO_PROCESS, pid, limits.niceness)


def kill_child(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and its whole process group, and reap it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _read_tail(log: IO[bytes]) -> str:
    size = log.seek(0, os.SEEK_END)
    log.seek(max(0, size - STDERR_TAIL_BYTES))
    return log.read().decode("utf-8", "replace")


@contextlib.contextmanager
def start_tool(
    arguments: list[str], *, log: IO[bytes], limits: ToolLimits, piped_in: bool
) -> Iterator[subprocess.Popen[bytes]]:
    """Start ffmpeg with `arguments`, limited; whatever happens inside the block, no child survives it."""
    command = [find_ffmpeg(), "-hide_banner", *arguments]
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if piped_in else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        )
    except OSError as error:
        raise ToolFailed(f"ffmpeg did not start: {error}") from error
    try:
        _limit_child(child.pid, limits)
        yield child
    finally:
        if child.poll() is None:
            kill_child(child)
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


class _Progress:
    """Reads `-progress` lines and turns output time into a fraction of `expected_ms`."""

    def __init__(self, expected_ms: int, callback: ProgressCallback | None) -> None:
        self.out_time_ms = 0
        self._expected_ms = expected_ms
        self._callback = callback
        self._told = -1.0
        self._rest = b""

    def feed(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"out_time_us="):
                with contextlib.suppress(ValueError):  # "N/A" until the first packet
                    self.out_time_ms = max(self.out_time_ms, int(line[12:]) // 1000)
        if self._callback and self._expected_ms > 0:
            fraction = min(1.0, self.out_time_ms / self._expected_ms)
            if fraction > self._told:
                self._told = fraction
                self._callback(fraction)


def run_tool(
    arguments: list[str],
    *,
    limits: ToolLimits,
    expected_ms: int = 0,
    on_progress: ProgressCallback | None = None,
    should_cancel: CancelCheck | None = None,
) -> ToolResult:
    """Run ffmpeg to its end and return what it said; a non-zero exit is the caller's to judge.

    Raises:
        MediaTimeout: the deadline passed; the child was killed.
        MediaCancelled: `should_cancel` returned True; the child was killed.
        ToolFailed: ffmpeg could not be started.
    """
    deadline = time.monotonic() + limits.timeout_s
    progress = _Progress(expected_ms, on_progress)
    full = ["-nostdin", "-progress", "pipe:1", "-nostats", "-stats_period", "0.25", *arguments]
    with (
        tempfile.TemporaryFile() as log,
        start_tool(full, log=log, limits=limits, piped_in=False) as child,
        selectors.DefaultSelector() as selector,
    ):
        assert child.stdout is not None
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if should_cancel is not None and should_cancel():
                raise MediaCancelled("stopped because the caller asked")
            if time.monotonic() > deadline:
                raise MediaTimeout(f"not finished after {limits.timeout_s:g} s")
            if selector.select(POLL_S):
                data = os.read(child.stdout.fileno(), 65536)
                if not data:
                    break
                progress.feed(data)
        child.wait(timeout=30)
        return ToolResult(child.returncode, _read_tail(log), progress.out_time_ms)


def link_source(source: Path) -> str:
    """The source as ffmpeg's `file:` address, so that a name with a colon or a leading dash stays a name."""
    return f"file:{source.resolve()}"
