"""The demo's contents: made from the plan, once, visible only when their files are ready."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django_tasks_db.models import DBTaskResult
from PIL import Image

from xingqu.catalogue.models import Product
from xingqu.content import selectors, services
from xingqu.content.demo.making import SeedSpec
from xingqu.content.media.clips import ClipSpec
from xingqu.content.media.stills import PicturePostSpec
from xingqu.content.models import Content, MediaAsset
from xingqu.content.services import processing, seeding
from xingqu.kit import clock

pytestmark = pytest.mark.django_db(transaction=True)
Plan = Callable[[], tuple[SeedSpec, ...]]


@pytest.fixture
def plan(world: Any, shop: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[SeedSpec]:
    picture = tmp_path / "product.png"
    Image.effect_noise((400, 400), 80).convert("RGB").save(picture)
    Product.objects.filter(pk=world.product(shop)).update(external_id="1001")

    def spec(key: str, **what: Any) -> SeedSpec:
        return SeedSpec(
            key=key,
            creator_handle="",
            title="清晨的厨房",
            caption="",
            topics=("早餐",),
            external_ids=("1001",),
            age_hours=5,
            show_from_ms=300,
            **what,
        )

    made = [
        spec("clip-1", clip=ClipSpec("clip-1", (picture,), "清晨的厨房", seconds_max=0.5)),
        spec("clip-2", clip=ClipSpec("clip-2", (picture,), "夜里的厨房", seconds_max=0.5)),
        spec("post-1", post=PicturePostSpec("post-1", (picture,), "清晨的厨房")),
    ]
    monkeypatch.setattr(seeding, "planned_contents", lambda: tuple(made))
    monkeypatch.setattr(seeding, "ensure_creators", lambda: None)
    return made


def test_the_first_are_made_at_once_and_only_once(plan: list[SeedSpec], shop: Any, guest: Any) -> None:
    said: list[str] = []
    progress = services.seed_first(clips=1, pictures=1, workers=1, say=said.append)
    assert (progress.made, progress.planned) == (2, 3)
    assert said == ["Content: making 2 of 3 ...", "Content: 2 of 2 made"]
    clip = Content.objects.get(spec_key="clip-1")
    card = guest.get(f"/contents/{clip.pk}").json()
    assert (card["kind"], card["width"], card["height"], len(card["anchors"])) == ("video", 720, 1280, 1)
    assert (Path(django_settings.MEDIA_ROOT) / card["hls_url"].removeprefix("/media/")).exists()
    post = guest.get(f"/contents/{Content.objects.get(spec_key='post-1').pk}").json()
    assert len(post["pictures"]) >= 2
    assert (
        timedelta(hours=4.9) < clock.now() - Content.objects.get(spec_key="clip-1").published_at < timedelta(hours=5.1)
    )
    before = list(Content.objects.order_by("id").values())
    assert services.seed_first(clips=1, pictures=1, say=said.append) == progress
    assert list(Content.objects.order_by("id").values()) == before
    assert len(said) == 2


def test_the_rest_is_queued_once_and_pictures_go_first(plan: list[SeedSpec], shop: Any) -> None:
    services.seed_first(clips=1, pictures=0, workers=1, say=lambda text: None)
    assert services.seed_rest(clips_max=10) == 2
    assert services.seed_rest(clips_max=10) == 0
    queued = DBTaskResult.objects.order_by("-priority").values_list("args_kwargs", flat=True)
    assert [arguments["args"] for arguments in queued] == [["post-1"], ["clip-2"]]
    DBTaskResult.objects.all().delete()
    assert services.seed_rest(clips_max=0) == 1
    assert services.seed_content(key="post-1") is True
    assert services.seed_content(key="post-1") is False
    assert services.seed_content(key="unknown") is False
    assert services.seed_progress().made == 2


def test_a_killed_seed_is_invisible_and_goes_on(plan: list[SeedSpec], shop: Any, settings: Any) -> None:
    prepared = seeding._prepare(plan[2])
    assert prepared is not None
    content = Content.objects.get(spec_key="post-1")
    assert (content.state, selectors.visible_ids(ids=[content.pk])) == ("processing", set())
    assert services.seed_content(key="post-1") is False
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert processing.requeue_stalled() == 0  # generated ones have a queue of their own
        assert services.seed_content(key="post-1") is True
    assert selectors.visible_ids(ids=[content.pk]) == {content.pk}
    assert MediaAsset.objects.get().attempts == 2


def test_what_a_shop_deleted_stays_away(plan: list[SeedSpec], shop: Any, settings: Any) -> None:
    settings.DEMO = True
    services.seed_content(key="post-1")
    services.delete_content(shop_id=shop.id, content_id=Content.objects.get(spec_key="post-1").pk)
    assert services.requeue_seeds() == 2
    assert services.seed_content(key="post-1") is False
    assert Content.objects.filter(spec_key="post-1").count() == 0


def test_a_plan_that_cannot_be_made_is_given_up(plan: list[SeedSpec], shop: Any, tmp_path: Path) -> None:
    (tmp_path / "product.png").unlink()
    assert [services.seed_content(key="post-1") for _ in range(3)] == [False] * 3
    assert MediaAsset.objects.get().attempts == 3
    assert services.seed_rest(clips_max=0) == 0
    assert Content.objects.filter(state="published").count() == 0
