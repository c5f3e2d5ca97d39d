"""Captions: what is read, what is refused, and that they reach the player."""

from typing import Any

import pytest

from xingqu.content.media.captions import BadCaptions, Cue, check_cues, parse_captions, write_webvtt
from xingqu.content.models import ContentCaption

SRT = (
    "\ufeff1\r\n00:00:00,500 --> 00:00:02,000\r\n<i>夜里的营地</i>\r\n第二行\r\n\r\n"
    "2\r\n00:01:02,5 --> 00:01:04,250\r\n{\\an8}星空\r\n"
)
VTT = "WEBVTT - x\n\nNOTE hello\n\ncue-1\n00:00.500 --> 00:02.000 align:start\n夜里\n"


def test_subrip_and_webvtt_are_read() -> None:
    assert parse_captions(SRT) == [Cue(500, 2000, "夜里的营地\n第二行"), Cue(62_500, 64_250, "星空")]
    assert parse_captions(VTT) == [Cue(500, 2000, "夜里")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("no captions", 0),
        ("00:00:02,000 --> 00:00:01,000\nback", 1),
        ("00:xx --> 00:00:01,000\nx", 1),
        ("00:00:00,000 --> 00:00:01,000\n" + "长" * 201, 1),
    ],
)
def test_what_cannot_be_read_says_where(text: str, line: int) -> None:
    with pytest.raises(BadCaptions) as refused:
        parse_captions(text)
    assert refused.value.line == line


def test_what_is_written_is_read_again_and_harms_nobody() -> None:
    cues = check_cues([Cue(3_600_000, 3_601_000, "b"), Cue(0, 900, "<script> & a --> b")])
    text = write_webvtt(cues)
    assert "<script>" not in text
    assert text.count("-->") == 2
    assert [cue.start_ms for cue in parse_captions(text)] == [0, 3_600_000]


@pytest.mark.django_db(transaction=True)
def test_from_the_workbench_to_the_player(world: Any, shop: Any, owner: Any, guest: Any) -> None:
    content_id = world.content(shop)
    path = f"/shops/{shop.id}/contents/{content_id}/captions/zh-CN"
    public = f"/contents/{content_id}/captions/zh-CN.vtt"
    assert owner.get(path).json() == {"language": "zh-CN", "cues": []}
    assert guest.get(public).status_code == 404
    saved = owner.send("PUT", path, {"cues": [{"start_ms": 0, "end_ms": 900, "text": "夜里的营地"}]})
    assert (saved.status_code, saved.json()["cues"][0]["text"]) == (200, "夜里的营地")
    assert guest.get(f"/contents/{content_id}").json()["captions"] == [
        {"language": "zh-CN", "url": f"/api/v1{public}?v=1"}
    ]
    answer = guest.get(public)
    assert (answer["Content-Type"], "夜里的营地" in answer.content.decode()) == ("text/vtt; charset=utf-8", True)
    owner.send("PUT", path, {"text": SRT.replace("00:01:02,5 --> 00:01:04,250", "00:00:02,5 --> 00:00:04,250")})
    assert guest.get(f"/contents/{content_id}").json()["captions"][0]["url"].endswith("?v=2")
    for body, code in (
        ({"text": "x"}, "invalid_input"),
        ({"cues": [{"start_ms": 9_000, "end_ms": 9_500, "text": "晚了"}]}, "invalid_input"),
        ({"cues": [{"start_ms": 0, "end_ms": 500, "text": "加我微信 abcde123"}]}, "text_refused"),
    ):
        refused = owner.send("PUT", path, body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, code)
    assert ContentCaption.objects.values_list("version", flat=True).get() == 2
    owner.send("POST", f"/shops/{shop.id}/contents/{content_id}/unpublish")
    assert guest.get(public).status_code == 404
    assert owner.send("DELETE", path).status_code == 204
    assert owner.get(f"/shops/{shop.id}/contents/{content_id}").json()["caption_languages"] == []
