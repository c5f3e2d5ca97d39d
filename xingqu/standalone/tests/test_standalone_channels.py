"""``xingqu-engine channels``: pages sampled in service, judged from the journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from xingqu.standalone import Engine
from xingqu.standalone.codec import CHANNELS, decode_events, decode_page, decode_sample
from xingqu.standalone.command import main
from xingqu.standalone.settings import Settings
from xingqu.standalone.tests.world import items, likes

EVERY = Settings(channel_sample_share=1.0, channel_sample_gap_s=0.0)


def told(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["channels", "--data", str(folder), *options]) == 0
    return capsys.readouterr().out


def test_sources_are_told_with_what_they_alone_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Engine.open(tmp_path, background=False, settings=EVERY, seed=1) as engine:
        engine.put_items(items())
        engine.refresh()
        engine.observe(likes("anna", 2, count=3))
        now_ms = engine.now_ms()
        engine.now_ms = lambda: now_ms + 60_000  # type: ignore[method-assign]
        engine.recommend("anna", size=8)
        engine.recommend("anna", size=8, surface="following")  # not sampled
        engine.recommend("", size=8)
        engine.now_ms = lambda: now_ms + 120_000  # type: ignore[method-assign]
        later = [event | {"at_ms": now_ms + 90_000} for event in likes("anna", 2, count=4, first=10)]
        assert engine.observe(later).accepted == 4
        engine.flush()
        samples = [sample for sample in map(decode_sample, engine.store.person_journal("anna")) if sample is not None]
        assert len(samples) == 1
        assert samples[0].shown_id.size == 8
    out = told(tmp_path, capsys)
    assert "1 pages of 1 people; any: 4 afterwards" in out
    (row,) = (line for line in out.splitlines() if line.startswith("| interest_tags |"))
    assert row.split("|")[7].strip() == "1.000"
    assert "bought: 0 afterwards" in told(tmp_path, capsys, "--outcome", "bought")
    with Engine.open(tmp_path, background=False, settings=EVERY) as engine:
        assert engine.delete_person("anna")
    assert "no page was sampled yet" in told(tmp_path, capsys)


def test_who_wishes_not_to_be_known_is_not_sampled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Engine.open(tmp_path, background=False, settings=EVERY) as engine:
        engine.put_items(items(40))
        engine.refresh()
        engine.set_preferences("bo", personalised=False)
        engine.recommend("bo", size=5)
    assert "no page was sampled yet" in told(tmp_path, capsys)


def test_a_sample_of_another_release_is_no_page_and_no_event() -> None:
    data = bytes([CHANNELS, 99]) + b"x" * 40
    assert decode_sample(data) is None
    assert decode_page(data) is None
    assert decode_events(data).size == 0
