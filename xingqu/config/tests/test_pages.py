"""The edge's own files: packed for who takes it, and the guest's key that comes with the first page."""

import gzip
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from xingqu.accounts.http import GUEST_COOKIE, GuestMiddleware
from xingqu.config.edge.app import name_guest
from xingqu.config.edge.files import FrontEnd, accepted_codings

SCRIPT = "export const words = 'interest '; " * 100
PACKED = b"packed by the build"  # the edge passes on what the build wrote, whatever it is


@pytest.fixture
def site(tmp_path: Path) -> TestClient:
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>page</title>", encoding="utf-8")
    (assets / "app-1.js").write_text(SCRIPT, encoding="utf-8")
    (assets / "app-1.js.br").write_bytes(PACKED)
    (assets / "lone-1.js").write_text(SCRIPT, encoding="utf-8")
    front = FrontEnd(tmp_path)

    async def page(request: Request) -> Response:
        return name_guest(request, front.response(request, request.url.path.lstrip("/")))

    return TestClient(Starlette(routes=[Route("/{path:path}", page)]))


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", PACKED),
        ("gzip, br;q=0", "gzip", gzip.compress(SCRIPT.encode(), 9, mtime=0)),
        ("gzip", "gzip", gzip.compress(SCRIPT.encode(), 9, mtime=0)),
        ("identity", None, SCRIPT.encode()),
    ],
)
def test_the_smallest_form_that_a_browser_takes(
    site: TestClient, accepted: str, coding: str | None, body: bytes
) -> None:
    with site.stream("GET", "/assets/app-1.js", headers={"accept-encoding": accepted}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == coding
    assert len(raw) == len(body)
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert GUEST_COOKIE not in answer.cookies


def test_a_file_that_was_not_packed_by_the_build_is_packed_here(site: TestClient) -> None:
    answer = site.get("/assets/lone-1.js", headers={"accept-encoding": "br, gzip"})
    assert (answer.headers["content-encoding"], answer.text) == ("gzip", SCRIPT)


def test_packed_files_have_no_address_of_their_own(site: TestClient) -> None:
    assert site.get("/assets/app-1.js.br").status_code == 404


def test_accept_encoding_is_read_as_the_standard_says() -> None:
    assert accepted_codings("GZip ; q=0.5, br; q=0,  zstd") == {"gzip", "zstd"}
    assert accepted_codings("") == set()


def test_a_new_browser_gets_a_guest_key_with_the_page_that_the_api_knows(site: TestClient) -> None:
    answer = site.get("/content/5")
    assert answer.headers["cache-control"] == "private, no-cache"
    request = HttpRequest()
    request.COOKIES[GUEST_COOKIE] = answer.cookies[GUEST_COOKIE].strip('"')
    seen: list[int] = []

    def view(asked: HttpRequest) -> HttpResponse:
        seen.append(asked.guest_key)  # type: ignore[attr-defined]
        return HttpResponse()

    assert GUEST_COOKIE not in GuestMiddleware(view)(request).cookies  # it is known, so no other one is made
    assert 0 < seen[0] < 2**53
    again = site.get("/content/5")
    assert GUEST_COOKIE not in again.cookies
    assert again.headers["cache-control"] == "no-cache"
