"""The demo's contents: planned in `content.demo`, made from product pictures, published when their files are ready.

Every step is idempotent by the plan's key, so an interrupted seed goes on where it stopped. The first few are made before the
page opens, by a pool of processes; the rest by the media queue at low priority, picture posts first because they cost least.
"""

import logging
import multiprocessing
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from xingqu.accounts.selectors import creator_id_by_handle, creators_by_ids, creators_of
from xingqu.catalogue.selectors import ids_by_external_id, shop_id_of_product
from xingqu.content.demo.making import MadeMedia, SeedSpec, make_media
from xingqu.content.media.errors import MediaCancelled, MediaError
from xingqu.content.models import Content, ContentAsset, MediaAsset, PlannedContent
from xingqu.content.services.planning import ensure_creators, planned_contents
from xingqu.content.services.processing import ATTEMPTS_MAX, UNFINISHED, Lease, asset_folder, take_lease
from xingqu.content.services.rights import grant_anchor
from xingqu.content.services.studio import AnchorSpec, ContentChanges, create_content, publish_content, refresh_media
from xingqu.kit import clock
from xingqu.kit.processes import end_with_parent

log = logging.getLogger(__name__)
Say = Callable[[str], object]
CREATIVE_PRIORITY = {"picture": -40, "video": -50}
TASK_PATH = f"{__name__}.seed_content_task"


@dataclass(frozen=True, slots=True)
class SeedProgress:
    made: int
    planned: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A planned content that has its rows but not its files."""

    spec: SeedSpec
    content_id: int
    lease: Lease


def seed_progress() -> SeedProgress:
    """How many of the planned contents have been made."""
    keys = [spec.key for spec in planned_contents()]
    return SeedProgress(made=PlannedContent.objects.filter(pk__in=keys).count(), planned=len(keys))


def seed_first(*, clips: int, pictures: int, workers: int = 2, say: Say = log.info) -> SeedProgress:
    """Make the plan's first clips and picture posts now; those that are there already cost nothing."""
    ensure_creators()
    wanted = _first("video", clips) + _first("picture", pictures)
    # This runs before the house does: a lease that is still held is that of a process which was killed.
    prepared = [ready for spec in wanted if (ready := _prepare(spec, take_over=True)) is not None]
    if prepared:
        say(f"Content: making {len(prepared)} of {len(planned_contents())} ...")
        # Fresh processes, not forks: a fork would share this one's database connection.
        fresh = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=fresh, initializer=end_with_parent) as pool:
            jobs = {pool.submit(make_media, p.spec, asset_folder(p.lease.asset_id)): p for p in prepared}
            for done, job in enumerate(as_completed(jobs), 1):
                _finish_or_give_back(jobs[job], job, say)
                for waiting in prepared:
                    waiting.lease.beat()
                if done % 6 == 0 or done == len(jobs):
                    say(f"Content: {done} of {len(jobs)} made")
    return seed_progress()


def seed_rest(*, clips_max: int) -> int:
    """Put what is not made yet into the media queue, at most `clips_max` clips; returns how many were added."""
    ensure_creators()
    done = set(PlannedContent.objects.values_list("key", flat=True)) | _hopeless_keys()
    waiting = DBTaskResult.objects.filter(status="READY", task_path=TASK_PATH)
    queued = {arguments["args"][0] for arguments in waiting.values_list("args_kwargs", flat=True)}
    missing = [spec for spec in planned_contents() if spec.key not in done]
    clips = [spec for spec in missing if spec.kind == "video"][:clips_max]
    added = [s for s in missing if s.kind == "picture" and s.key not in queued]
    added += [s for s in clips if s.key not in queued]
    with transaction.atomic():
        for spec in added:
            seed_content_task.using(priority=CREATIVE_PRIORITY[spec.kind]).enqueue(spec.key)
    return len(added)


def requeue_seeds() -> int:
    """On a demo, put what a killed process left unmade back into the queue. For the worker."""
    if not settings.DEMO or not PlannedContent.objects.exists():
        return 0
    return seed_rest(clips_max=settings.ENVIRONMENT.demo_later_clips)


@task(queue_name="media")
def seed_content_task(key: str) -> None:
    """The media queue's work on one planned content."""
    seed_content(key=key)


def seed_content(*, key: str) -> bool:
    """Make and publish one planned content; returns whether this call did it."""
    spec = next((spec for spec in planned_contents() if spec.key == key), None)
    prepared = _prepare(spec) if spec is not None else None
    if prepared is None:
        return False
    lease = prepared.lease
    try:
        made = make_media(prepared.spec, asset_folder(lease.asset_id), on_progress=lease.tell, should_cancel=lease.beat)
    except MediaCancelled:
        return False
    except (MediaError, ValueError, OSError):
        log.exception("the demo's content %s was not made", key)
        lease.rows().update(lease_token="", lease_until=None)
        return False
    finished = _finish(prepared, made)
    progress = seed_progress()
    log.info("demo content: %s of %s", progress.made, progress.planned)
    return finished


def _hopeless_keys() -> set[str | None]:
    """Keys whose making failed too often to go on trying."""
    rows = MediaAsset.objects.filter(is_generated=True, state__in=UNFINISHED, attempts__gte=ATTEMPTS_MAX)
    return set(rows.values_list("contents__content__spec_key", flat=True))


def _finish_or_give_back(prepared: Prepared, job: Future[MadeMedia], say: Say) -> None:
    try:
        made = job.result()
    except (MediaError, ValueError, OSError) as error:
        say(f"Content: {prepared.spec.key} was not made: {error}")
        prepared.lease.rows().update(lease_token="", lease_until=None)
        return
    _finish(prepared, made)


def _first(kind: str, count: int) -> list[SeedSpec]:
    return [spec for spec in planned_contents() if spec.kind == kind][:count]


def _prepare(spec: SeedSpec, *, take_over: bool = False) -> Prepared | None:
    """The rows of a planned content, with the right to make its files; None when it is made or being made."""
    with transaction.atomic():
        if PlannedContent.objects.filter(pk=spec.key).exists():
            return None
        found = Content.objects.filter(spec_key=spec.key).values_list("id", flat=True).first()
        content_id = found if found is not None else _create(spec)
        asset_id = ContentAsset.objects.values_list("asset_id", flat=True).get(content_id=content_id)
        lease = take_lease(asset_id=asset_id, take_over=take_over)
    return Prepared(spec, content_id, lease) if lease is not None else None


def _create(spec: SeedSpec) -> int:
    known = ids_by_external_id(external_ids=spec.external_ids)
    product_ids = [known[pk] for pk in spec.external_ids if pk in known]
    shop_id = None
    if spec.creator_handle:
        creator_id = creator_id_by_handle(handle=spec.creator_handle)
        shop_id = _workplace(creator_id, product_ids) if creator_id is not None else None
    else:
        shop_id = shop_id_of_product(product_id=product_ids[0]) if product_ids else None
        creators = creators_of(organisation_id=shop_id) if shop_id is not None else []
        creator_id = creators[0].id if creators else None
    if creator_id is None:
        raise LookupError(f"{spec.key}: its product has not been imported, or its creator not been made")
    content_id = create_content(
        shop_id=shop_id,
        author_id=None,
        kind=spec.kind,
        changes=ContentChanges(
            title=spec.title,
            caption=spec.caption,
            topics=list(spec.topics),
            creator_id=creator_id,
            anchors=[
                AnchorSpec(product_id=pk, label=spec.label, show_from_ms=spec.show_from_ms if place == 0 else None)
                for place, pk in enumerate(product_ids)
            ],
        ),
        spec_key=spec.key,
    )
    asset = MediaAsset.objects.create(
        shop_id=shop_id,
        kind=spec.kind,
        filename=f"{spec.key}.{'mp4' if spec.kind == 'video' else 'webp'}",
        state=MediaAsset.State.CHECKING,
        is_generated=True,
        created_at=clock.now(),
    )
    ContentAsset.objects.create(content_id=content_id, asset=asset, position=0)
    refresh_media(content=Content.objects.get(pk=content_id))
    return content_id


def _workplace(creator_id: int, product_ids: list[int]) -> int | None:
    """Where a creator of the plan works, if anywhere; from there they may show the products that they are planned to."""
    workplace_id = creators_by_ids(ids=[creator_id])[creator_id].organisation_id
    for product_id in product_ids if workplace_id is not None else ():
        grant_anchor(creator_id=creator_id, product_id=product_id)
    return workplace_id


@transaction.atomic
def _finish(prepared: Prepared, made: MadeMedia) -> bool:
    asset_id = prepared.lease.asset_id
    size_bytes = sum(path.stat().st_size for path in asset_folder(asset_id).rglob("*") if path.is_file())
    done = prepared.lease.rows().update(
        state=MediaAsset.State.READY,
        progress_percent=100,
        size_bytes=size_bytes,
        lease_until=None,
        lease_token="",
        **made.columns(f"assets/{asset_id}"),
    )
    if not done:
        return False
    shop_id = Content.objects.values_list("shop_id", flat=True).get(pk=prepared.content_id)
    published_at = clock.now() - timedelta(hours=prepared.spec.age_hours)
    publish_content(shop_id=shop_id, content_id=prepared.content_id, published_at=published_at)
    PlannedContent.objects.create(key=prepared.spec.key, made_at=clock.now())
    return True
