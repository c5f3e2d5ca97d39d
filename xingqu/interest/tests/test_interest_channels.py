"""The channels' report: pages sampled in service, judged by what the same people took to later."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from xingqu.accounts.contracts import Actor
from xingqu.engine.columns import Signal
from xingqu.engine.evaluate.channel_samples import ChannelSample, Sampler
from xingqu.engine.state.items import ItemSnapshot
from xingqu.interest import services
from xingqu.interest.models import ChannelReport
from xingqu.interest.selectors import latest_channel_report
from xingqu.interest.services import channels
from xingqu.interest.tests.world import event, linger, tag_of
from xingqu.kit import clock
from xingqu.signals.services import open_log, seal_record


@pytest.fixture
def every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "_sampler", lambda pid: Sampler(1.0, 0.0))


def see_page(actor: Actor, surface: str = "for_you") -> list[int]:
    """A page of ten of which eight are shown."""
    page = services.recommend(actor=actor, size=10, surface=surface)
    shown = [item.content_id for item in page.items][:8]
    recorded = services.record_served(actor=actor, page=page, content_ids=shown)
    assert recorded.sample is None
    told = [event(Signal.IMPRESSION, content_id=pk) for pk in shown]
    services.observe(actor=actor, events=told, received_at_ms=clock.now_ms())
    return shown


def samples() -> list[tuple[int, ChannelSample]]:
    return channels._read_samples()


def figures(report: ChannelReport) -> dict[str, dict[str, object]]:
    return {told["channel"]: told for told in report.channels}


def test_pages_are_judged_by_what_was_taken_to_afterwards(world: ItemSnapshot, guest: Actor, every_page: None) -> None:
    fond = [pk for pk in range(1, 81) if tag_of(pk) == 1]
    linger(guest, fond[:4])
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        shown = see_page(guest)
        ((_, sample),) = samples()
        assert sample.shown_id.tolist() == shown
        assert set(shown) <= set(sample.item_id.tolist())
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        later = [pk for pk in fond[4:] if pk not in shown][:3]
        linger(guest, [fond[0], *later])  # what was met before the page is not counted
        clicked = [event(Signal.PRODUCT_CLICK, content_id=shown[0])]
        services.observe(actor=guest, events=clicked, received_at_ms=clock.now_ms())
    with clock.frozen(clock.now() + timedelta(days=2)):
        linger(guest, [fond[-1]])  # too late
        report = services.make_channel_report()
    assert report is not None
    assert latest_channel_report() == report
    assert (report.pages, report.people) == (1, 1)
    assert report.positives == {"any": 4, "watched": 3, "clicked": 1, "bought": 0, "beyond": 3}
    told = figures(report)
    assert set(told) >= {"interest_tags", "popular", "covisit", "taste"}
    assert told["interest_tags"]["recall"]["watched"] == 1.0  # type: ignore[index]
    assert "bought" not in told["interest_tags"]["recall"]  # type: ignore[operator]
    assert told["taste"]["candidates"] == 0
    assert told["interest_tags"]["took_p50_us"] > 0  # type: ignore[operator]
    assert sum(of["shown"] for of in report.channels) == 8
    out = StringIO()
    call_command("channels_report", "--outcome", "watched", stdout=out)
    assert "1 pages of 1 people; watched: 3 afterwards" in out.getvalue()
    assert ChannelReport.objects.count() == 2


def test_nobody_is_sampled_who_wishes_not_to_be_known_and_no_other_surface(
    world: ItemSnapshot, guest: Actor, every_page: None
) -> None:
    see_page(guest, surface="following")
    services.set_personalised(actor=guest, personalised=False)
    see_page(guest)
    assert samples() == []
    services.set_personalised(actor=guest, personalised=True)
    see_page(guest)
    assert len(samples()) == 1
    services.set_personalised(actor=guest, personalised=False)
    assert services.make_channel_report() is None  # nor judged afterwards
    assert ChannelReport.objects.count() == 0


def test_deleting_a_person_deletes_their_samples(world: ItemSnapshot, guest: Actor, every_page: None) -> None:
    other = Actor(person_id=None, guest_key=78)
    see_page(guest)
    see_page(other)
    assert len(samples()) == 2
    services.delete_everything(actor=guest)
    ((slot, _),) = samples()
    services.delete_everything(actor=other)
    assert samples() == []
    assert slot > 0


def test_pages_are_few_bounded_and_what_cannot_be_read_is_passed_over(
    world: ItemSnapshot, guest: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "_sampler", lambda pid, sampler=Sampler(1.0, 3_600_000.0): sampler)
    see_page(guest)
    see_page(guest)
    ((slot, _),) = samples()
    open_log(name=channels.SAMPLES).append(seal_record(slot=slot, data=b"\x09 of another release"))
    assert len(samples()) == 1
    monkeypatch.setattr(channels, "SAMPLES_JUDGED", 0 + 1)
    monkeypatch.setattr(channels, "REPORTS_KEPT", 2)
    for _ in range(4):
        services.make_channel_report()
    assert ChannelReport.objects.count() == 2
    open_log(name=channels.SAMPLES).roll()
    with clock.frozen(clock.now() + timedelta(days=15)):
        services.forget_old()
    assert samples() == []


def test_the_worker_makes_it_when_it_is_due(
    world: ItemSnapshot, guest: Actor, every_page: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(channels.subprocess, "run", lambda command, **_: commands.append(command))
    assert services.report_channels_if_due() is False  # nothing was sampled
    see_page(guest)
    assert services.report_channels_if_due() is True
    assert commands[0][1:] == ["-m", "xingqu", "channels_report", "--quiet"]
    services.make_channel_report()
    assert services.report_channels_if_due() is False
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert services.report_channels_if_due() is True
