"""A PostgreSQL of its own for a test or a benchmark: a throwaway cluster in a temporary folder, reached by a socket there.

    python -m bench.postgresql COMMAND ...

runs a command with `XINGQU_DATABASE_URL` naming a database of such a cluster, and ends the cluster with it. Debian's package
`postgresql` suffices. The server refuses to be root's; started by root it belongs to the package's own user, `postgres`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

START_TIMEOUT_S = 60.0
OWNER = "postgres"


def find_programs() -> Path:
    """Folder of `initdb` and `postgres`. Raises FileNotFoundError when PostgreSQL is not installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = debian[-1] if debian else shutil.which("initdb")
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return Path(found).parent


class Cluster:
    """A server with its files; `durable` False does not wait for the disk, which only a power cut could tell."""

    def __init__(self, *, durable: bool = True) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="xq-pg-"))
        self.programs = find_programs()
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self._owner: dict[str, Any] = {}
        if os.geteuid() == 0:
            entry = pwd.getpwnam(OWNER)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            self._owner = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def __enter__(self) -> "Cluster":
        try:
            self._run("initdb", "-D", "data", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
            self.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def start(self) -> None:
        """Start the server; returns when it answers. Raises RuntimeError with its log when it does not."""
        until = time.monotonic() + START_TIMEOUT_S
        settings = ["listen_addresses=", f"unix_socket_directories={self.folder}", "max_connections=200"]
        if not self.durable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        command = [str(self.programs / "postgres"), "-D", str(self.folder / "data")]
        command += [part for setting in settings for part in ("-c", setting)]
        log_path = self.folder / "log"
        while True:
            with log_path.open("ab") as log:
                self.process = subprocess.Popen(
                    command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True, **self._owner
                )
            while self.process.poll() is None:
                if self._answers():
                    return
                if time.monotonic() > until:
                    raise RuntimeError(log_path.read_text("utf-8")[-2000:])
                time.sleep(0.05)
            if time.monotonic() > until:  # processes of a killed server need a moment to notice and end
                raise RuntimeError(log_path.read_text("utf-8")[-2000:])
            time.sleep(0.2)

    def kill(self) -> None:
        """`kill -9` of the server, as a crash would; its sessions end by themselves."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def revive(self) -> None:
        """Start the server should it have given up, as it does when it can't write its log."""
        if self.process is not None and self.process.poll() is not None:
            self.start()

    def stop(self) -> None:
        """End the server, breaking open sessions off."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()

    def remove(self) -> None:
        """Stop, and delete the files."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str = "xingqu") -> str:
        """Address of a database of this cluster."""
        return f"postgresql://{OWNER}@/{name}?host={quote(str(self.folder), safe='')}"

    def create_database(self, name: str = "xingqu") -> str:
        """Make an empty database; returns its address."""
        self._run("createdb", "-h", str(self.folder), "-U", OWNER, name)
        return self.url(name)

    def cpu_s(self) -> float:
        """Processor seconds used so far by the server with all its processes, ended sessions included."""
        assert self.process is not None
        tick = os.sysconf("SC_CLK_TCK")
        used = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = path.read_text("utf-8").rpartition(")")[2].split()
                if path.parent.name == str(self.process.pid):
                    used += sum(map(int, fields[11:15]))
                elif int(fields[1]) == self.process.pid:
                    used += int(fields[11]) + int(fields[12])
        return used / tick

    def _answers(self) -> bool:
        command = [str(self.programs / "pg_isready"), "-q", "-h", str(self.folder)]
        return subprocess.run(command, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            **self._owner,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout.decode(errors='replace')[-2000:]}")


def main() -> int:
    """Run a command with a PostgreSQL of its own. Returns what it returned."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Cluster(durable="--durable" in sys.argv[1:2]) as cluster:
        command = sys.argv[2:] if sys.argv[1] == "--durable" else sys.argv[1:]
        environment = {**os.environ, "XINGQU_DATABASE_URL": cluster.create_database()}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
