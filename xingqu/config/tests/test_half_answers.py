"""The edge before a web process that ends in the middle of an answer."""

import socket
import threading

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from xingqu.config.edge.proxy import WebProxy


def half_answers(listener: socket.socket) -> None:
    """Answer each connection with a head that promises more than comes."""
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        connection.recv(65_536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 537\r\n\r\n{")
        connection.close()


def test_half_an_answer_is_told_as_a_site_that_is_starting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=half_answers, args=[listener], daemon=True).start()
        proxy = WebProxy(host="127.0.0.1", port=listener.getsockname()[1], body_limit_bytes=1_000)
        client = TestClient(Starlette(routes=[Route("/{path:path}", proxy.__call__, methods=["GET"])]))
        answer = client.get("/api/v1/orders")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "starting")
