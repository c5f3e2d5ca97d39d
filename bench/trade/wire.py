"""HTTP/1.1 over one kept-alive connection, as little of it as a buyer of a benchmark needs: the client shares the machine."""

import socket


class Wire:
    """A connection to a server on this machine. Raises ConnectionError when it breaks, ValueError for what is no answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket: socket.socket | None = None
        self._left = b""

    def ask(
        self, method: str, path: str, payload: bytes, headers: dict[str, str]
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """(status, headers with names in lower case, content) of the answer."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Length: {len(payload)}\r\n{lines}\r\n"
        )
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=120)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(head.encode() + payload)
        first, *rest = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(first[9:12])
        found = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in rest)]
        told = dict(found)
        if told.get("transfer-encoding") == "chunked":
            content = self._chunks()
        else:
            content = self._exactly(0 if status in (204, 304) else int(told["content-length"]))
        if told.get("connection", "").lower() == "close":
            self.close()
        return status, found, content

    def close(self) -> None:
        """Hang up; the next question connects anew."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._left = None, b""

    def _chunks(self) -> bytes:
        content = b""
        while size := int(self._until(b"\r\n").partition(b";")[0], 16):
            content += self._exactly(size)
            self._exactly(2)
        self._exactly(2)
        return content

    def _more(self) -> None:
        assert self._socket is not None
        got = self._socket.recv(1 << 18)
        if not got:
            self.close()
            raise ConnectionError("the server hung up")
        self._left += got

    def _until(self, mark: bytes) -> bytes:
        while (end := self._left.find(mark)) < 0:
            self._more()
        found, self._left = self._left[:end], self._left[end + len(mark) :]
        return found

    def _exactly(self, size: int) -> bytes:
        while len(self._left) < size:
            self._more()
        found, self._left = self._left[:size], self._left[size:]
        return found
