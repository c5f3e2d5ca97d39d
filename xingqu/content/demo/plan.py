"""The demo's contents, planned from the catalogue's own words: a clip a product, matched sets, and posts that sell nothing.

Everything said of a product is its own name, brief or attribute, without claims that nobody here could prove; the rest speaks
of scenes, not of the goods. Half the clips are the selling shop's own. The same records and pictures give the same plan.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from xingqu.catalogue.selectors import canonical_name
from xingqu.content.demo.making import SeedSpec
from xingqu.content.media.clips import ClipSpec
from xingqu.content.media.stills import PicturePostSpec

Record = Mapping[str, Any]
POINT_LENGTH = 14
HEADLINE_LENGTH = 18
AGE_HOURS_MAX = 24 * 30
SETS_PER_CATEGORY = 6
IDEAS_PER_CATEGORY = 6
SHOWN_FROM_MS = 1_200
SHOPS_SHARE = 0.5
# Words of a name that people follow as an interest; each becomes a topic when the name has it.
STYLES = (
    "日式", "北欧", "法式", "美式", "简欧", "简约", "复古", "格纹", "条纹", "绣花", "刺绣", "纯棉", "全棉", "水洗棉", "亚麻", "羊毛",
    "真丝", "蚕丝", "羽绒", "记忆棉", "记忆绵", "实木", "珐琅", "不粘", "婴童",
)  # fmt: skip
THINGS = (
    "猫", "礼盒", "曲奇", "粽", "永生花", "登机箱", "拉杆箱", "钢笔", "中性笔", "抱枕", "地毯", "窗帘", "浴巾", "四件套", "夏凉被",
    "凉席", "台灯", "部落", "联盟",
)  # fmt: skip


@dataclass(frozen=True)
class PlannedCreator:
    """A publishing account of the demo. Not a person: an account named after what it shows."""

    handle: str
    name: str
    name_en: str
    bio: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A product's shipped picture."""

    path: Path
    colour: str


@cache
def _words() -> Any:
    return json.loads((_folder() / "data" / "words.json").read_text(encoding="utf-8"))


def _folder() -> Path:
    return Path(str(resources.files("xingqu.content.demo")))


@cache
def shipped_pictures() -> Mapping[str, Picture]:
    """External product id -> its shipped picture."""
    path = _folder() / "pictures.json"
    manifest = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {
        key: Picture(path=_folder() / "pictures" / row["file"], colour=row["colour"])
        for key, row in manifest.items()
        if (_folder() / "pictures" / row["file"]).exists()
    }


def shipped_avatar(handle: str) -> Path | None:
    """The shipped avatar of a creator or a shop, if there is one."""
    path = _folder() / "avatars" / f"{handle}.webp"
    return path if path.exists() else None


def shipped_cover(slug: str) -> Path | None:
    """The shipped cover of a category, if there is one."""
    path = _folder() / "covers" / f"{slug}.webp"
    return path if path.exists() else None


def planned_creators() -> tuple[PlannedCreator, ...]:
    """The demo's publishing accounts."""
    return tuple(
        PlannedCreator(
            handle=row["handle"],
            name=row["name"],
            name_en=row["name_en"],
            bio=row["bio"],
            categories=tuple(row["categories"]),
        )
        for row in _words()["creators"]
    )


def plan_contents(records: Sequence[Record], pictures: Mapping[str, Picture]) -> tuple[SeedSpec, ...]:
    """Every content in the order of making: categories take turns, so that the first few are already varied.

    Products without a picture get no content.
    """
    shown = [record for record in records if str(record["id"]) in pictures]
    by_category: dict[str, list[Record]] = defaultdict(list)
    for record in shown:
        by_category[record["category"][-1]].append(record)
    queues: list[list[SeedSpec]] = []
    for category, members in by_category.items():
        draw = _seeded(category)
        clips = [_clip(record, pictures) for record in members]
        posts = [_set(category, n, members, pictures) for n in range(min(SETS_PER_CATEGORY, len(members) // 2))]
        ideas = [_idea(category, n, members, pictures) for n in range(min(IDEAS_PER_CATEGORY, len(members) // 2))]
        draw.shuffle(clips)
        queues += [clips, posts, ideas]
    return tuple(_take_turns(queues))


def _clip(record: Record, pictures: Mapping[str, Picture]) -> SeedSpec:
    key = str(record["id"])
    draw, category, picture = _seeded(key), record["category"][-1], pictures[key]
    points = _points(record)
    return SeedSpec(
        key=f"clip-{key}",
        creator_handle="" if draw.random() < SHOPS_SHARE else _creator_of(category).handle,
        title=_title(record, draw),
        caption=_caption(record, draw),
        topics=_topics(record["name"], category),
        external_ids=(key,),
        age_hours=_age(draw),
        clip=ClipSpec(
            key=key,
            pictures=(picture.path,),
            headline=_short(record["name"]),
            points=points[:3],
            eyebrow=category,
            accent=picture.colour,
        ),
        points=points,
        label="同款",
        show_from_ms=SHOWN_FROM_MS,
    )


def _set(category: str, number: int, members: Sequence[Record], pictures: Mapping[str, Picture]) -> SeedSpec:
    """Two to four products of one category in one post, all anchored."""
    key = f"set-{category}-{number}"
    draw, words = _seeded(key), _words()
    chosen = draw.sample(list(members), min(len(members), draw.randint(2, 4)))
    theme = _theme(chosen, category)
    names = "、".join(_short(record["name"]) for record in chosen)
    return SeedSpec(
        key=key,
        creator_handle=_creator_of(category).handle,
        title=draw.choice(words["set_titles"]).format(theme=theme),
        caption=draw.choice(words["set_captions"]).format(names=names),
        topics=_topics("".join(record["name"] for record in chosen), category)[:4],
        external_ids=tuple(str(record["id"]) for record in chosen),
        age_hours=_age(draw),
        post=PicturePostSpec(
            key=key,
            pictures=tuple(pictures[str(record["id"])].path for record in chosen),
            headline=theme,
            subtitle=draw.choice(words["scenes"][category]),
            facts=tuple((_short(record["name"], 8), _points(record)[0]) for record in chosen if _points(record)),
            eyebrow="搭配",
            accent=pictures[str(chosen[0]["id"])].colour,
        ),
        label="搭配",
    )


def _idea(category: str, number: int, members: Sequence[Record], pictures: Mapping[str, Picture]) -> SeedSpec:
    """Something to look at, with nothing to buy: what people came for."""
    key = f"idea-{category}-{number}"
    draw, words = _seeded(key), _words()
    chosen = draw.sample(list(members), min(len(members), draw.randint(2, 3)))
    idea = words["ideas"][(number + draw.randrange(5)) % len(words["ideas"])]
    theme = _theme(chosen, category)
    title = idea["title"].format(theme=theme)
    return SeedSpec(
        key=key,
        creator_handle=_creator_of(category).handle,
        title=title,
        caption=idea["caption"],
        topics=_topics("".join(record["name"] for record in chosen), category)[:4],
        external_ids=(),
        age_hours=_age(draw),
        post=PicturePostSpec(
            key=key,
            pictures=tuple(pictures[str(record["id"])].path for record in chosen),
            headline=title,
            eyebrow=idea["eyebrow"],
            accent=pictures[str(chosen[-1]["id"])].colour,
        ),
    )


def _title(record: Record, draw: random.Random) -> str:
    brief = _brief(record)
    scene = draw.choice(_scenes(record))
    return str(draw.choice([record["name"], brief or record["name"], scene]))[:60]


def _caption(record: Record, draw: random.Random) -> str:
    words = _words()
    scene = draw.choice(_scenes(record))
    brief = _brief(record) or _short(record["name"])
    text = draw.choice(words["leads"]).format(scene=scene, brief=brief, name=record["name"])
    return str(text) + str(draw.choice(words["closing"]))


def _points(record: Record) -> tuple[str, ...]:
    """Short selling points: the brief and those attributes that fit on one line."""
    found = [_brief(record)] if 0 < len(_brief(record)) <= POINT_LENGTH else []
    for name, value in record["attributes"]:
        text = f"{name} {_clean(value)}"
        if "\n" not in value and len(text) <= POINT_LENGTH and "标准" not in name and text not in found:
            found.append(text)
    return tuple(found[:3])


def _topics(text: str, category: str) -> tuple[str, ...]:
    words = (category, *(word for word in STYLES + THINGS if word in text))
    # One interest has one name, however a product's name spells it.
    return tuple(dict.fromkeys(canonical_name(word) for word in words))[:5]


def _theme(chosen: Sequence[Record], category: str) -> str:
    """What most of the chosen share: a thing by its own name, a style together with the category."""
    words = STYLES + THINGS
    counts = {word: sum(word in record["name"] for record in chosen) for word in words}
    best = max(words, key=lambda word: counts[word])
    if counts[best] < 2 or best in category:
        return category
    return best if best in THINGS else f"{best}{category}"


@cache
def _creators_by_category() -> Mapping[str, PlannedCreator]:
    return {category: creator for creator in planned_creators() for category in creator.categories}


def _creator_of(category: str) -> PlannedCreator:
    return _creators_by_category()[category]


def _short(name: str, length: int = HEADLINE_LENGTH) -> str:
    text = name.split("（")[0].split(" ")[0] if len(name) > length else name
    return text[:length]


def _scenes(record: Record) -> Sequence[str]:
    """Scenes of what the product is by its name; of its category when the name tells nothing."""
    for kind in _words()["kinds"]:
        if re.search(kind["match"], record["name"]) and not re.search(kind.get("not", "(?!)"), record["name"]):
            return list(kind["scenes"])
    return list(_words()["scenes"][record["category"][-1]])


def _brief(record: Record) -> str:
    """The product's own line, or nothing when it claims what could not be proved (the advertising law asks for that)."""
    brief = _clean(record["brief"])
    return "" if re.search(_words()["unprovable"], brief) else brief


def _clean(text: str) -> str:
    return text.strip().rstrip("。！!，,;；")


def _age(draw: random.Random) -> float:
    return round(draw.uniform(0.5, 1.0) ** 3 * AGE_HOURS_MAX if draw.random() < 0.8 else draw.uniform(0.2, 48), 2)


def _seeded(key: str) -> random.Random:
    return random.Random(hashlib.blake2b(key.encode(), digest_size=8).digest())


def _take_turns(queues: Sequence[Sequence[SeedSpec]]) -> list[SeedSpec]:
    found: list[SeedSpec] = []
    for turn in range(max((len(queue) for queue in queues), default=0)):
        found += [queue[turn] for queue in queues if turn < len(queue)]
    return found
