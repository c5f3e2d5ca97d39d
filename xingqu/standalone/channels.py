"""What each channel of recommendations is worth, from the pages whose candidates the journal keeps."""

from __future__ import annotations

from pathlib import Path

from xingqu.engine.evaluate.channels import Outcome, channel_table, count_positives, report_channels, what_followed
from xingqu.engine.params import EngineParams
from xingqu.engine.state.items import ItemSnapshot
from xingqu.engine.state.user import UserState
from xingqu.standalone.building import catalogue_columns
from xingqu.standalone.codec import decode_events, decode_sample
from xingqu.standalone.engine import open_store
from xingqu.standalone.names import Names
from xingqu.standalone.ranking import batch_of


def channels_of_store(folder: Path, redis_url: str | None, outcome: Outcome) -> str:
    """A table for people, by what was taken to within a day after each sampled page; beside a server that runs."""
    params, pages, people = EngineParams(), [], 0
    store = open_store(folder, redis_url, readonly=True)
    try:
        columns = catalogue_columns(store, Names(store))
        snapshot = ItemSnapshot.build(version=0, built_at_ms=0, params=params.snapshot, **columns)
        for record in store.people():
            journal = store.person_journal(record.person)
            samples = [sample for sample in map(decode_sample, journal) if sample is not None]
            state = UserState.decode(record.state) if record.state else UserState.empty()
            if not samples or not state.personalised:
                continue
            people += 1
            told = batch_of([decode_events(data) for data in journal])
            pages += [
                sample.recorded(what_followed(told, sample.at_ms, sample.shown_id, snapshot, params))
                for sample in samples
            ]
    finally:
        store.close()
    if not pages:
        return "no page was sampled yet"
    head = f"{len(pages)} pages of {people} people; {outcome}: {count_positives(pages)[outcome]} afterwards"
    return f"{head}\n\n{channel_table(report_channels(pages), outcome)}"
