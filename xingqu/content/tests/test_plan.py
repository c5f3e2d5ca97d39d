"""The demo's plan is large and varied, says nothing that the catalogue does not, and is the same each time."""

import json
import re
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path

from xingqu.catalogue.domain.feature_tags import english_name, lexicon
from xingqu.catalogue.services import demo_records
from xingqu.content.demo.plan import POINT_LENGTH, Picture, plan_contents, planned_creators
from xingqu.content.domain import find_forbidden

RECORDS = list(demo_records())
PICTURES = {str(r["id"]): Picture(path=Path(f"/{r['id']}.webp"), colour="#8a7f72") for r in RECORDS}
PLAN = plan_contents(RECORDS, PICTURES)


def test_it_has_a_clip_a_product_sets_and_posts_that_sell_nothing() -> None:
    kinds = Counter(spec.key.split("-")[0] for spec in PLAN)
    assert kinds["clip"] == 239
    assert kinds["set"] >= 60
    assert kinds["idea"] >= 40
    assert all(spec.external_ids == () for spec in PLAN if spec.key.startswith("idea"))
    assert len({spec.key for spec in PLAN}) == len(PLAN)


def test_it_is_the_same_each_time() -> None:
    assert plan_contents(RECORDS, PICTURES) == PLAN


def test_the_first_page_is_varied() -> None:
    assert len({spec.creator_handle for spec in PLAN[:20]}) >= 6


def test_every_creator_publishes() -> None:
    assert {spec.creator_handle for spec in PLAN} == {"", *(creator.handle for creator in planned_creators())}
    assert 80 <= sum(spec.creator_handle == "" for spec in PLAN) <= 160  # the shops' own


def test_nothing_unprovable_is_said() -> None:
    names = "".join(record["name"] for record in RECORDS)
    for spec in PLAN:
        for text in (spec.title, spec.caption, *spec.points):
            claim = re.search("网易|热卖|神器|抗菌", text)
            assert claim is None or claim[0] in names, text
            assert find_forbidden(text) is None


def test_selling_points_are_the_records_own_words() -> None:
    by_id = {str(r["id"]): r for r in RECORDS}
    for spec in PLAN:
        if spec.clip is None:
            continue
        record = by_id[spec.external_ids[0]]
        said = {record["brief"].strip().rstrip("。！!，,;；")} | {
            f"{n} {v.strip().rstrip('。！!，,;；')}" for n, v in record["attributes"]
        }
        assert set(spec.clip.points) <= said
        assert all(len(point) <= POINT_LENGTH for point in spec.clip.points)


def test_a_product_without_a_picture_gets_no_content() -> None:
    few = {key: PICTURES[key] for key in list(PICTURES)[:5]}
    planned = plan_contents(RECORDS, few)
    assert {pk for spec in planned for pk in spec.external_ids} == set(few)


def test_every_topic_of_the_plan_has_an_english_name() -> None:
    topics = {topic for spec in PLAN for topic in spec.topics}
    assert [topic for topic in sorted(topics) if english_name(topic) == topic] == []


def test_no_two_interests_have_the_same_name() -> None:
    """Neither in Chinese nor in English: curated tags, the tags of categories, and topics of the demo's contents."""
    topics = {topic for spec in PLAN for topic in spec.topics}
    roots = json.loads(files("xingqu.catalogue").joinpath("data/categories.json").read_text(encoding="utf-8"))
    nodes = [node for root in roots for node in root.get("children", ())]
    names = {*topics, *lexicon()[0], *(tag for node in nodes for tag in node.get("tags", ()))}
    by_english: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        by_english[english_name(name).lower()].add(name)
    assert {english: same for english, same in by_english.items() if len(same) > 1} == {}
