"""The server as a process of its own: no Django in it, nothing lost by kill -9, a clean end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from xingqu.standalone.http.openapi import document
from xingqu.standalone.settings import Settings
from xingqu.standalone.tests.conftest import free_port
from xingqu.standalone.tests.world import items, likes

ROOT = Path(__file__).resolve().parents[3]
KEY = "open sesame"


class Server:
    """`xingqu-engine serve` in a process of its own."""

    def __init__(self, folder: Path, *, key: str = "") -> None:
        self.folder, self.port, self.key = folder, free_port(), key
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> httpx.Client:
        arguments = ["serve", "--data", str(self.folder), "--port", str(self.port)]
        code = f"import sys; from xingqu.standalone.command import main; sys.exit(main({arguments!r}))"
        environment = os.environ | {"PYTHONPATH": str(ROOT), "XINGQU_ENGINE_KEY": self.key}
        environment.pop("XINGQU_ENGINE_REDIS", None)
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], env=environment, stderr=subprocess.PIPE, text=True
        )
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        self.client = client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=30)
        for _ in range(600):
            try:
                if client.get("/health").status_code == 200:
                    return client
            except httpx.TransportError:
                assert self.process.poll() is None, self.process.stderr.read() if self.process.stderr else ""
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def end(self, how: int = signal.SIGTERM) -> int:
        assert self.process is not None
        self.client.close()
        self.process.send_signal(how)
        code = self.process.wait(30)
        if self.process.stderr is not None:
            self.process.stderr.close()
        self.process = None
        return code


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "engine")
    yield started
    if started.process is not None:
        started.end(signal.SIGKILL)


def wait_for_items(client: httpx.Client, count: int) -> None:
    deadline = time.monotonic() + 60
    while client.get("/health").json()["items"] < count:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def error_of(response: httpx.Response) -> tuple[int, str, str | None]:
    error = response.json()["error"]
    assert set(error) == {"code", "message", "field", "expected"}
    return response.status_code, error["code"], error["field"]


@pytest.mark.slow
def test_a_shop_over_http(server: Server) -> None:
    client = server.start()
    assert client.put("/items", json={"items": items()}).json() == {"accepted": 240, "rejected": []}
    wait_for_items(client, 240)
    told = {"accepted": 3, "duplicates": 0, "unknown_items": 0, "rejected": []}
    assert client.post("/events", json={"events": likes("anna", 2)}).json() == told
    again = client.post("/events", json=likes("anna", 2)).json()
    assert (again["accepted"], again["duplicates"]) == (0, 3)
    page = client.get("/recommend", params={"person": "anna", "size": 5}).json()
    assert len(page["items"]) == 5
    assert page["personalised"] is True
    explained = client.get("/explain", params={"person": "anna", "item": page["items"][0]["item"]}).json()
    assert explained["interests"][0]["tag"].startswith("running")
    assert 0 < explained["item"]["predictions"]["watch"] < 1
    assert client.patch("/people/anna", json={"block": ["running"]}).json()["known"] is True
    assert 'stage="recommend"' in client.get("/metrics").text
    assert client.delete("/people/anna").json() == {"deleted": True}
    assert client.delete("/people/anna").json() == {"deleted": False}
    assert client.get("/explain", params={"person": "anna"}).json()["known"] is False
    assert client.delete("/items/item-1").json() == {"deleted": True}
    assert [
        error_of(client.post("/events", content=b"{")),
        error_of(client.post("/events", json={"event": []})),
        error_of(client.put("/items", content=b"[" + b" " * (17 << 20))),
        error_of(client.get("/recommend", params={"size": "many"})),
        error_of(client.get("/recommend", params={"sise": "5"})),
        error_of(client.get("/recommend", params={"surface": "similar", "seed_item": "none"})),
        error_of(client.get("/explain")),
        error_of(client.get("/nowhere")),
        error_of(client.post("/items", json=[])),
    ] == [
        (422, "invalid_input", ""),
        (422, "invalid_input", "events"),
        (413, "too_large", ""),
        (422, "invalid_input", "size"),
        (422, "invalid_input", "sise"),
        (404, "not_found", "seed_item"),
        (422, "invalid_input", "person"),
        (404, "not_found", None),
        (405, "method_not_allowed", None),
    ]
    assert server.end() == 0
    assert (server.folder / "learned.npz").exists()


@pytest.mark.slow
def test_what_was_acknowledged_survives_kill_9(server: Server) -> None:
    client = server.start()
    client.put("/items", json={"items": items()})
    wait_for_items(client, 240)
    acknowledged = 0
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        answer = client.post("/events", json=likes("anna", acknowledged % 6, count=1, first=acknowledged // 6 % 40))
        acknowledged += answer.json()["accepted"]
    assert acknowledged > 20
    server.end(signal.SIGKILL)
    client = server.start()
    assert client.get("/explain", params={"person": "anna"}).json()["events"] == acknowledged
    events = [event for k in range(acknowledged) for event in likes("anna", k % 6, count=1, first=k // 6 % 40)]
    assert client.post("/events", json=events).json()["accepted"] == 0
    wait_for_items(client, 240)


@pytest.mark.slow
def test_callers_show_the_key(server: Server) -> None:
    server.key = KEY
    client = server.start()
    assert client.put("/items", json=items(3)).json()["accepted"] == 3
    assert client.get("/recommend", headers={"Authorization": "", "X-API-Key": KEY}).status_code == 200
    for headers in (
        {"Authorization": ""},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer schlüssel".encode()},
    ):
        assert error_of(client.get("/recommend", headers=headers)) == (401, "key_required", "Authorization")
    assert client.get("/health", headers={"Authorization": ""}).status_code == 200


def run(code: str) -> Any:
    """What a fresh interpreter prints, as JSON."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def test_no_framework_of_the_platform_is_imported(tmp_path: Path) -> None:
    code = f"""
import json, sys
from xingqu.standalone import Engine
from xingqu.standalone.command import build_parser
from xingqu.standalone.http.app import build_app
with Engine.open({str(tmp_path)!r}, background=False) as engine:
    build_app(engine)
    engine.put_items([{{"id": "a", "tags": ["b"]}}])
    engine.refresh()
    assert engine.recommend("anna").items[0].item == "a"
print(json.dumps(sorted({{"django", "ninja", "pydantic", "torch", "redis"}} & set(sys.modules))))
"""
    assert run(code) == []


def test_the_document_names_every_field_that_is_checked() -> None:
    found = document(Settings())
    assert set(found["paths"]) == {
        "/items",
        "/items/{id}",
        "/events",
        "/recommend",
        "/explain",
        "/people/{id}",
        "/health",
        "/metrics",
        "/openapi.json",
    }
    schemas = found["components"]["schemas"]
    assert schemas["Event"]["required"] == ["id", "person", "kind"]
    assert schemas["Page"]["properties"]["items"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Recommended"},
    }
    references = json.dumps(found).split('"#/components/schemas/')[1:]
    assert {reference.split('"')[0] for reference in references} <= set(schemas)


@pytest.mark.slow
def test_the_wheel_serves_with_the_base_dependencies_alone(tmp_path: Path) -> None:
    wheels, venv = tmp_path / "wheels", tmp_path / "venv"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", str(wheels), str(ROOT)], check=True, cwd=tmp_path)
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    python, wheel = venv / "bin" / "python", next(wheels.glob("xingqu-*.whl"))
    subprocess.run([python, "-m", "pip", "--disable-pip-version-check", "-q", "install", str(wheel)], check=True)
    code = "import importlib.util as u, json; print(json.dumps([n for n in ('django', 'redis', 'torch') if u.find_spec(n)]))"
    bare = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    done = subprocess.run([python, "-c", code], env=bare, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert json.loads(done.stdout) == []
    file = tmp_path / "decisions.jsonl"
    file.write_text('{"propensity": 0.5, "target_propensity": 0.25, "reward": 1}\n' * 4)
    told = [venv / "bin" / "xingqu-engine", "evaluate-policy", "--file", file]
    report = subprocess.run(told, env=bare, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert "effective sample size 4" in report
    served = subprocess.run(
        [python, "-c", "from xingqu.standalone import Engine; Engine.open('e').close(); print('closed')"],
        env=bare,
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert served.stdout == "closed\n"
