"""``Engine``: the interest engine beside a shop, in one object."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from xingqu.engine.columns import Surface
from xingqu.engine.evaluate.channel_samples import ChannelSample, Sampler
from xingqu.engine.params import EngineParams
from xingqu.engine.recommend import Request, recommend
from xingqu.engine.state.user import UserState, block_tag, pin_tag, set_personalised, unblock_tag, unpin_tag
from xingqu.engine.warming import warm_up
from xingqu.standalone.building import DAY_MS, Builder, give_numbers
from xingqu.standalone.codec import decode_item, encode_item, encode_page, encode_sample, recommended_of
from xingqu.standalone.contracts import Event, Explanation, Item, Observed, Page, PutResult
from xingqu.standalone.errors import Busy, InvalidInput, NotFound, TooLarge
from xingqu.standalone.explaining import explain_item, interests_of
from xingqu.standalone.intake import Intake
from xingqu.standalone.measure import Measures
from xingqu.standalone.names import Names
from xingqu.standalone.schema import ID_LENGTH, is_text, read_all, read_event, read_item
from xingqu.standalone.settings import Settings
from xingqu.standalone.stores.lmdb_store import LmdbStore
from xingqu.standalone.stores.ports import PersonWrite, Store, StoreBusy
from xingqu.standalone.transfer import export_store, import_store

log = logging.getLogger(__name__)


class Engine:
    """Open one per process with ``Engine.open``; safe for several threads. Close it, or use it as a context manager."""

    def __init__(
        self, folder: Path, store: Store, *, settings: Settings, params: EngineParams, seed: int | None = None
    ) -> None:
        self.folder, self.store, self.settings, self.params = folder, store, settings, params
        self.measures = Measures()
        self.names = Names(store)
        self._builder = Builder(
            folder,
            store,
            self.names,
            settings=settings,
            params=params,
            measures=self.measures,
            now_ms=lambda: self.now_ms(),
        )
        self._intake = Intake(self.names, settings, params)
        self._seeds, self._drawing = np.random.SeedSequence(seed), threading.Lock()
        self._sampler = Sampler(settings.channel_sample_share, 1_000 * settings.channel_sample_gap_s)
        self._pages: list[tuple[str, bytes]] = []
        self._writing = threading.Lock()  # pages, and the deletion that must not be followed by one
        self._stopping = threading.Event()
        self._keeper: threading.Thread | None = None
        self._scrub_wanted = False

    @classmethod
    def open(
        cls,
        folder: str | Path,
        *,
        redis_url: str | None = None,
        settings: Settings | None = None,
        params: EngineParams | None = None,
        background: bool = True,
        seed: int | None = None,
    ) -> Self:
        """The engine over ``folder``, made when it is not there; with ``redis_url`` people and items stand in Redis and
        the folder holds what was learned. ``background=False``: nothing is built unless ``refresh`` is called.

        Raises Busy when another process serves the folder.
        """
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        engine_params = params or EngineParams()
        warm_up(engine_params)
        engine = cls(
            path, open_store(path, redis_url), settings=settings or Settings(), params=engine_params, seed=seed
        )
        if background:
            engine._start()
        return engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what waits, save what was learned, and close the store."""
        self._stopping.set()
        if self._keeper is not None:
            self._keeper.join()
        self.flush()
        self._builder.stop()
        if self._scrub_wanted:
            self.store.scrub()
        self.store.close()

    def now_ms(self) -> int:
        """The clock; a test may replace it."""
        return int(time.time() * 1000)

    # --- items -------------------------------------------------------------------------------------------------

    def put_items(self, items: Iterable[Item | Mapping[str, Any]]) -> PutResult:
        """Add or replace items; durable when this returns, recommended about a second later (``refresh`` waits for it).

        What is not valid is left out and told. Raises TooLarge.
        """
        given = self._batch(items, self.settings.batch_items)
        taken, rejected = read_all(given, read_item)
        latest = {item.id: item for _, item in taken}
        self.names.give("item", latest)
        dated = self._dated(list(latest.values()))
        give_numbers(self.names, dated)
        if dated:
            self.store.change_items({self.names.known("item", item.id): encode_item(item) for item in dated}, ())
            self._builder.want()
        self.measures.happened("items_put", count=len(dated))
        return PutResult(accepted=len(taken), rejected=tuple(rejected))

    def delete_item(self, item: str) -> bool:
        """Take an item away. What people did with it stays in their states until it fades."""
        number = self.names.known("item", item)
        if not number or self.store.read_items([number])[0] is None:
            return False
        self.store.change_items({}, [number])
        self._builder.want()
        return True

    # --- people ------------------------------------------------------------------------------------------------

    def observe(self, events: Iterable[Event | Mapping[str, Any]]) -> Observed:
        """Apply events, each once for its id and person; the next page knows them and no crash loses them.

        What is not valid is left out and told. Raises TooLarge, Busy.
        """
        started_s = time.perf_counter()
        taken, rejected = read_all(self._batch(events, self.settings.batch_events), read_event)
        now_ms = self.now_ms()
        intake = self._intake.sort(taken, now_ms)
        writes = self._intake.writes_of(intake.by_person, now_ms, self._builder.current)
        try:
            applied = self.store.apply(writes, day=now_ms // DAY_MS) if writes else []
        except StoreBusy as error:
            raise Busy(str(error)) from error
        accepted = sum(len(fresh) for fresh in applied)
        self.measures.took("observe", time.perf_counter() - started_s)
        self.measures.happened("events", count=accepted)
        rejected = sorted([*rejected, *intake.rejected], key=lambda rejection: rejection.index)
        return Observed(accepted, intake.count - accepted, intake.unknown, tuple(rejected))

    def recommend(
        self,
        person: str = "",
        size: int = 10,
        *,
        surface: str = "for_you",
        seed_item: str = "",
        exclude: Sequence[str] = (),
        previous: Sequence[str] = (),
    ) -> Page:
        """The next page. Nobody in particular when ``person`` is empty.

        ``surface``: for_you, following, or similar (to ``seed_item``). ``exclude``: what the client holds already;
        ``previous``: what stands just above the page, the newest last. Raises InvalidInput, NotFound.
        """
        started_s = time.perf_counter()
        kind, seed = self._asked(person, size, surface, seed_item)
        state = self._state(person)
        self.measures.took("read_state", time.perf_counter() - started_s)
        snapshot, now_ms = self._builder.current, self.now_ms()
        logged = bool(person) and self.settings.log_pages and state.personalised
        request = Request(
            size=size,
            now_ms=now_ms,
            exclude_item_ids=self._known_items(exclude),
            previous_item_ids=self._known_items(previous),
            surface=kind,
            seed_item_id=seed,
            trace=logged and kind == Surface.FOR_YOU and self._sampler.takes(now_ms),
        )
        slate = recommend(snapshot, state, request, self._generator(), self.params)
        for stage, spent_ns in slate.stage_ns.items():
            self.measures.took(stage, spent_ns / 1e9)
        if logged and len(slate):
            with self._writing:
                page = encode_page(slate, at_ms=now_ms, version=snapshot.version, surface=kind)
                self._pages.append((person, page))
                if slate.trace is not None:
                    self._pages.append((person, encode_sample(ChannelSample.of(slate.trace, now_ms))))
        items = recommended_of(slate, [self.names.name("item", int(n)) for n in slate.item_id], self._tag_names())
        self.measures.took("recommend", time.perf_counter() - started_s)
        return Page(person, surface, now_ms, snapshot.version, slate.personalised, items)

    def explain(self, person: str, item: str = "") -> Explanation:
        """What the engine believes of a person and, with ``item``, what it expects of that item. Raises NotFound."""
        self._check_id("person", person)
        state, now_ms = self._state(person), self.now_ms()
        about = None
        if item:
            row = int(self._builder.current.rows_of([self.names.known("item", item)])[0])
            if row < 0:
                raise NotFound("there is no such item", field="item", expected="the id of an item that was put")
            about = explain_item(
                self._builder.current, state, row, item, now_ms=now_ms, params=self.params, tags=self._tag_names()
            )
        return Explanation(
            person=person,
            known=bool(self.store.slot_of(person)),
            personalised=state.personalised,
            events=state.events_total,
            interests=interests_of(state, now_ms, self.params, self._tag_names()),
            item=about,
        )

    def set_preferences(
        self,
        person: str,
        *,
        personalised: bool | None = None,
        pin: Sequence[str] = (),
        block: Sequence[str] = (),
        reset: Sequence[str] = (),
    ) -> None:
        """What a person sets by hand: personalisation on or off, tags to pin, to block, or to leave to the engine again.

        Raises InvalidInput for a tag that no item carries.
        """
        self._check_id("person", person)
        changes = [(block_tag, block), (pin_tag, pin), (unpin_tag, reset), (unblock_tag, reset)]
        numbers = {tag: self.names.known("tag", tag) for _, tags in changes for tag in tags}
        for tag, number in numbers.items():
            if not number:
                raise InvalidInput(f"no item carries the tag {tag}", field="tag", expected="a tag of an item")

        def change(stored: bytes | None, _: list[int]) -> tuple[bytes, bytes]:
            state = UserState.decode(stored) if stored else UserState.empty()
            for apply, tags in changes:
                for tag in tags:
                    apply(state, numbers[tag])
            if personalised is not None:
                set_personalised(state, personalised)
            return state.encode(), b""

        self.store.apply([PersonWrite(person, (), change)], day=self.now_ms() // DAY_MS)

    def delete_person(self, person: str) -> bool:
        """Erase everything of a person: state, event ids, journal. False when there was nothing."""
        self._check_id("person", person)
        with self._writing:
            self._pages = [page for page in self._pages if page[0] != person]
            slot = self.store.slot_of(person)
            deleted = self.store.delete_person(person)
        if deleted:
            self._builder.forget(slot)
            self._scrub_wanted = True
        return deleted

    # --- upkeep ------------------------------------------------------------------------------------------------

    def refresh(self) -> int:
        """Build the snapshot from all that is known now, and wait; returns its version."""
        self.flush()
        return self._builder.refresh()

    def flush(self) -> None:
        """Write the served pages that wait."""
        with self._writing:
            pages, self._pages = self._pages, []
            if pages:
                self.store.append(pages, day=self.now_ms() // DAY_MS)

    def maintain(self) -> dict[str, int]:
        """Forget idle people and old journal entries; returns how many of each."""
        today = self.now_ms() // DAY_MS
        idle = self.store.expire_people(before_day=today - self.settings.idle_days)
        old = self.store.forget(before_day=today - self.settings.journal_days)
        self._scrub_wanted |= bool(idle or old)
        return {"people": len(idle), "journal_entries": old}

    def metrics(self) -> str:
        """Prometheus' text format: stage times, counts, sizes."""
        snapshot = self._builder.current
        age_s = (self.now_ms() - snapshot.built_at_ms) / 1000
        gauges = {"items": float(len(snapshot)), "snapshot_age_seconds": age_s, "build_seconds": self._builder.build_s}
        return self.measures.text(gauges | {"models": float(len(snapshot.models.present()))})

    def health(self) -> dict[str, Any]:
        """Raises the store's error when it does not answer."""
        self.store.check()
        snapshot = self._builder.current
        return {"status": "ok", "items": len(snapshot), "snapshot_version": snapshot.version}

    def export(self, path: str | Path) -> dict[str, int]:
        """Write everything to one file; see ``transfer``."""
        self.flush()
        return export_store(self.store, Path(path))

    def import_(self, path: str | Path) -> dict[str, int]:
        """Read a file of ``export`` into an empty engine. Raises Conflict when this one is not empty."""
        counts = import_store(self.store, Path(path))
        self.names.reload()
        self.refresh()
        return counts

    # --- inside ------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self._builder.start()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._keeper.start()

    def _keep(self) -> None:
        maintained_s = scrubbed_s = time.monotonic()
        while not self._stopping.wait(self.settings.flush_pages_s):
            try:
                self.flush()
                if self._scrub_wanted and time.monotonic() - scrubbed_s >= self.settings.scrub_every_s:
                    self._scrub_wanted, scrubbed_s = False, time.monotonic()
                    self.store.scrub()
                if time.monotonic() - maintained_s >= self.settings.maintain_every_s:
                    maintained_s = time.monotonic()
                    self.maintain()
            except Exception:  # a store that does not answer now may answer in a second
                log.exception("upkeep failed")

    def _batch(self, given: Iterable[Any], limit: int) -> list[Any]:
        batch = list(given)
        if len(batch) > limit:
            raise TooLarge(f"{len(batch)} at once", field="", expected=f"at most {limit}")
        return batch

    def _dated(self, items: list[Item]) -> list[Item]:
        """An item without a date was published when it was first put."""
        undated = [item for item in items if not item.published_at_ms]
        before = self.store.read_items([self.names.known("item", item.id) for item in undated])
        first_ms = {
            item.id: decode_item(data).published_at_ms if data else self.now_ms()
            for item, data in zip(undated, before, strict=True)
        }
        return [replace(item, published_at_ms=first_ms.get(item.id, item.published_at_ms)) for item in items]

    def _check_id(self, field: str, value: str) -> None:
        if not value or not is_text(value, ID_LENGTH):
            raise InvalidInput(f"{field} is not an id", field=field, expected=f"1 to {ID_LENGTH} characters")

    def _asked(self, person: str, size: int, surface: str, seed_item: str) -> tuple[Surface, int]:
        if person:
            self._check_id("person", person)
        if not 1 <= size <= self.settings.page_size:
            raise InvalidInput("size is out of range", field="size", expected=f"1 to {self.settings.page_size}")
        if surface not in tuple(Surface):
            raise InvalidInput("no such surface", field="surface", expected=", ".join(Surface))
        seed = self.names.known("item", seed_item)
        if surface == Surface.SIMILAR and not seed:
            raise NotFound("there is no such item", field="seed_item", expected="the id of an item that was put")
        return Surface(surface), seed

    def _state(self, person: str) -> UserState:
        stored = self.store.read_state(person) if person else None
        return UserState.decode(stored) if stored else UserState.empty()

    def _generator(self) -> np.random.Generator:
        with self._drawing:
            return np.random.default_rng(self._seeds.spawn(1)[0])

    def _known_items(self, items: Sequence[str]) -> NDArray[np.int64]:
        numbers = [self.names.known("item", item) for item in items]
        return np.array([number for number in numbers if number], dtype=np.int64)

    def _tag_names(self) -> dict[int, str]:
        return self.names.of("tag")


def open_store(folder: Path, redis_url: str | None, *, readonly: bool = False) -> Store:
    """Raises Busy when another process serves the folder."""
    if redis_url:
        from xingqu.standalone.stores.redis_store import RedisStore

        return RedisStore(redis_url)
    try:
        return LmdbStore(folder / "store", readonly=readonly)
    except StoreBusy as error:
        raise Busy(str(error)) from error
