"""Resumable uploads by tus: offsets, breaks, locks, limits, checksums, strangers, expiry."""

import base64
import fcntl
import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.http import UnreadablePostError
from django_tasks_db.models import DBTaskResult
from PIL import Image

from xingqu.content import selectors, services
from xingqu.content.models import MediaAsset
from xingqu.kit import clock

pytestmark = pytest.mark.django_db(transaction=True)
TUS = {"Tus-Resumable": "1.0.0"}


def picture() -> bytes:
    out = BytesIO()
    noise = Image.effect_noise((400, 500), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "camera maker"
    noise.save(out, "JPEG", quality=95, exif=exif)
    return out.getvalue()


def begin(owner: Any, shop: Any, length: int, name: str = "片子.mp4", **headers: str) -> Any:
    metadata = f"filename {base64.b64encode(name.encode()).decode()},filetype {base64.b64encode(b'video/mp4').decode()}"
    return owner.send(
        "POST",
        f"/shops/{shop.id}/uploads",
        headers={**TUS, "Upload-Length": str(length), "Upload-Metadata": metadata, **headers},
    )


def path_of(answer: Any) -> str:
    return str(answer["Location"]).removeprefix("/api/v1")


def append(owner: Any, path: str, offset: int, data: bytes, **headers: str) -> Any:
    return owner.send("PATCH", path, data, headers={**TUS, "Upload-Offset": str(offset), **headers})


def head(owner: Any, path: str) -> Any:
    return owner.send("HEAD", path, headers=TUS)


def test_options_says_what_the_server_can(owner: Any, shop: Any, settings: Any) -> None:
    answer = owner.send("OPTIONS", f"/shops/{shop.id}/uploads")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == answer["Tus-Resumable"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,termination,expiration,checksum"
    assert answer["Tus-Max-Size"] == str(settings.ENVIRONMENT.upload_limit_bytes)


def test_a_file_in_pieces_becomes_an_asset(owner: Any, shop: Any) -> None:
    data = picture()
    made = begin(owner, shop, len(data), "../../etc/猫.jpg")
    assert (made.status_code, made["Upload-Offset"], made["Tus-Resumable"]) == (201, "0", "1.0.0")
    assert "Upload-Expires" in made
    path = path_of(made)
    asset_id = int(path.rsplit("/", 1)[1])
    middle = len(data) // 2
    first = append(owner, path, 0, data[:middle])
    assert (first.status_code, first["Upload-Offset"]) == (204, str(middle))
    asked = head(owner, path)
    assert (asked.status_code, asked["Upload-Offset"], asked["Upload-Length"]) == (200, str(middle), str(len(data)))
    assert asked["Cache-Control"] == "no-store"
    shown = owner.get(f"/shops/{shop.id}/assets/{asset_id}").json()
    assert (shown["state"], shown["received_bytes"], shown["filename"], shown["kind"]) == (
        "uploading",
        middle,
        "猫.jpg",
        "picture",
    )
    assert DBTaskResult.objects.count() == 0
    assert append(owner, path, middle, data[middle:])["Upload-Offset"] == str(len(data))
    assert owner.get(f"/shops/{shop.id}/assets/{asset_id}").json()["state"] == "checking"
    assert selectors.upload_path(asset_id).read_bytes() == data
    assert [t.queue_name for t in DBTaskResult.objects.all()] == ["media"]
    assert head(owner, path)["Upload-Offset"] == str(len(data))
    assert append(owner, path, len(data), b"x").status_code == 410
    assert services.process_asset(asset_id=asset_id) == "ready"
    done = owner.get(f"/shops/{shop.id}/assets/{asset_id}").json()
    assert (done["state"], done["progress_percent"], done["width"], done["height"]) == ("ready", 100, 400, 500)
    assert done["poster_url"] == f"/media/assets/{asset_id}/w400.webp"
    assert not selectors.upload_path(asset_id).exists()


def test_a_wrong_offset_says_where_to_go_on(owner: Any, shop: Any) -> None:
    path = path_of(begin(owner, shop, 9000))
    append(owner, path, 0, b"\xff\xd8\xff" + b"0" * 97)
    for offset in (0, 50, 101):
        answer = append(owner, path, offset, b"x")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "offset_mismatch")
        assert answer.json()["error"]["data"] == {"offset": 100}
        assert answer["Tus-Resumable"] == "1.0.0"
    assert head(owner, path)["Upload-Offset"] == "100"


class Broken:
    """A body whose client goes away after some bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def read(self, size: int, /) -> bytes:
        if not self.data:
            raise UnreadablePostError("gone")
        part, self.data = self.data[:size], b""
        return part


def test_what_arrived_before_a_break_stays(owner: Any, shop: Any) -> None:
    asset_id, _ = services.begin_upload(shop_id=shop.id, uploader_id=shop.owner_id, length=9000, metadata="")
    reached, _ = services.append_bytes(
        shop_id=shop.id, asset_id=asset_id, offset=0, stream=Broken(b"\xff\xd8\xff" + b"1" * 500), announced=9000
    )
    assert (reached, selectors.received_bytes(asset_id)) == (503, 503)


def test_a_second_writer_is_refused(owner: Any, shop: Any) -> None:
    path = path_of(begin(owner, shop, 9000))
    asset_id = int(path.rsplit("/", 1)[1])
    with selectors.upload_path(asset_id).open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        answer = append(owner, path, 0, b"x" * 10)
        assert (answer.status_code, answer.json()["error"]["code"]) == (423, "upload_locked")
        assert owner.send("DELETE", path, headers=TUS).status_code == 423
    assert append(owner, path, 0, b"\xff\xd8\xff").status_code == 204
    assert MediaAsset.objects.count() == 1


def test_more_than_announced_is_refused(owner: Any, shop: Any) -> None:
    path = path_of(begin(owner, shop, 10))
    answer = append(owner, path, 0, b"x" * 11)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert head(owner, path)["Upload-Offset"] == "0"


def test_a_stranger_stops_at_its_first_bytes_whatever_its_name(owner: Any, shop: Any) -> None:
    path = path_of(begin(owner, shop, 1_000_000, "film.mp4"))
    asset_id = int(path.rsplit("/", 1)[1])
    answer = append(owner, path, 0, b"#!/bin/sh\n" + b"echo\n" * 2000)
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_media_type")
    assert not selectors.upload_path(asset_id).exists()
    shown = owner.get(f"/shops/{shop.id}/assets/{asset_id}").json()
    assert (shown["state"], shown["failure"]["code"], shown["failure"]["retryable"]) == (
        "failed",
        "unsupported_media_type",
        False,
    )
    assert head(owner, path).status_code == 410
    assert DBTaskResult.objects.count() == 0
    retried = owner.send("POST", f"/shops/{shop.id}/assets/{asset_id}/retry")
    assert (retried.status_code, retried.json()["error"]["code"]) == (409, "nothing_to_retry")


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_checksums(owner: Any, shop: Any, algorithm: str) -> None:
    path = path_of(begin(owner, shop, 9000))
    data = b"\xff\xd8\xff" + b"2" * 200
    right = base64.b64encode(hashlib.new(algorithm, data).digest()).decode()
    wrong = append(owner, path, 0, data[:-1] + b"3", **{"Upload-Checksum": f"{algorithm} {right}"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (460, "checksum_mismatch")
    assert head(owner, path)["Upload-Offset"] == "0"
    assert append(owner, path, 0, data, **{"Upload-Checksum": f"{algorithm} {right}"}).status_code == 204
    assert append(owner, path, 203, data, **{"Upload-Checksum": "crc32 AAAA"}).status_code == 422
    assert head(owner, path)["Upload-Offset"] == "203"


@pytest.mark.parametrize(
    ("headers", "status", "field"),
    [
        ({"Upload-Length": "0"}, 422, "Upload-Length"),
        ({"Upload-Length": "-5"}, 422, "Upload-Length"),
        ({"Upload-Length": "9" * 30}, 422, "Upload-Length"),
        ({"Upload-Length": "1099511627776"}, 413, "Upload-Length"),
        ({"Upload-Metadata": "filename ***"}, 422, "Upload-Metadata"),
        ({"Upload-Metadata": "filename /w=="}, 422, "Upload-Metadata"),
        ({"Tus-Resumable": "0.2.2"}, 412, "Tus-Resumable"),
    ],
)
def test_bad_beginnings_are_refused(owner: Any, shop: Any, headers: dict[str, str], status: int, field: str) -> None:
    answer = begin(owner, shop, 100, **headers)
    assert (answer.status_code, answer.json()["error"]["field"]) == (status, field)
    assert MediaAsset.objects.count() == 0


def test_bad_appends_are_refused(owner: Any, shop: Any) -> None:
    path = path_of(begin(owner, shop, 100))
    assert append(owner, path, 0, b"x", **{"Upload-Offset": "x"}).status_code == 422
    form = owner.send("PATCH", path, {"a": 1}, headers={**TUS, "Upload-Offset": "0"})
    assert (form.status_code, form.json()["error"]["code"]) == (415, "wrong_content_type")
    assert head(owner, path)["Upload-Offset"] == "0"


def test_a_shop_has_so_many_unfinished_uploads(owner: Any, shop: Any) -> None:
    answers = [begin(owner, shop, 100) for _ in range(21)]
    assert [a.status_code for a in answers] == [201] * 20 + [409]
    assert answers[-1].json()["error"]["code"] == "too_many_uploads"
    path = path_of(answers[0])
    assert owner.send("DELETE", path, headers=TUS).status_code == 204
    assert not selectors.upload_path(int(path.rsplit("/", 1)[1])).exists()
    assert owner.send("DELETE", path, headers=TUS).status_code == 404
    assert begin(owner, shop, 100).status_code == 201


def test_abandoned_uploads_go_and_complete_ones_are_finished(owner: Any, shop: Any) -> None:
    abandoned = int(path_of(begin(owner, shop, 100)).rsplit("/", 1)[1])
    complete = int(path_of(begin(owner, shop, 5)).rsplit("/", 1)[1])
    selectors.upload_path(complete).write_bytes(b"12345")  # written, then the process was killed
    assert services.sweep_uploads() == 1
    assert MediaAsset.objects.get(pk=complete).state == "checking"
    with clock.frozen(clock.now() + timedelta(hours=25)):
        gone = append(owner, f"/shops/{shop.id}/uploads/{abandoned}", 0, b"x")
        assert (gone.status_code, gone.json()["error"]["code"]) == (410, "upload_gone")
        assert services.sweep_uploads() == 1
    assert list(MediaAsset.objects.values_list("id", flat=True)) == [complete]
    assert not selectors.upload_path(abandoned).exists()
