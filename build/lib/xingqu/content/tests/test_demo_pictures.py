"""The pictures that come with the house: one for every product of the demo, small, and described by their manifest."""

from __future__ import annotations

import json
import re
from pathlib import Path

from PIL import Image

import xingqu.content.demo
from xingqu.catalogue.services import DEMO_SHOPS, demo_records
from xingqu.content.demo.plan import planned_creators, shipped_avatar, shipped_cover

DEMO = Path(str(xingqu.content.demo.__file__)).parent
COLOUR = re.compile(r"#[0-9a-f]{6}")


def read_manifest() -> dict[str, dict[str, object]]:
    manifest: dict[str, dict[str, object]] = json.loads((DEMO / "pictures.json").read_text("utf-8"))
    return manifest


def test_every_product_has_its_own_picture() -> None:
    manifest = read_manifest()
    assert set(manifest) == {str(record["id"]) for record in demo_records()}
    files = [str(entry["file"]) for entry in manifest.values()]
    assert sorted(files) == sorted(path.name for path in (DEMO / "pictures").glob("*.webp"))
    contents = {(DEMO / "pictures" / name).read_bytes() for name in files}
    assert len(contents) == 239


def test_pictures_are_upright_and_small() -> None:
    total = 0
    for path in (DEMO / "pictures").glob("*.webp"):
        assert path.stat().st_size <= 36_000, path.name
        total += path.stat().st_size
        with Image.open(path) as picture:
            assert (picture.format, picture.size) == ("WEBP", (720, 960)), path.name
    assert total <= 8_000_000


def test_colours_are_colours() -> None:
    for key, entry in read_manifest().items():
        palette = entry["palette"]
        assert isinstance(palette, list), key
        assert palette, key
        assert all(COLOUR.fullmatch(str(colour)) for colour in [entry["colour"], *palette]), key
        assert entry["archetype"], key


def test_every_account_has_a_face_and_every_category_a_cover() -> None:
    handles = [creator.handle for creator in planned_creators()] + [f"shop-{shop.slug}" for shop in DEMO_SHOPS]
    assert [handle for handle in handles if shipped_avatar(handle) is None] == []
    roots = json.loads((DEMO.parents[1] / "catalogue" / "data" / "categories.json").read_text("utf-8"))
    slugs = [one["slug"] for root in roots for one in (root, *root["children"])]
    assert [slug for slug in slugs if shipped_cover(slug) is None] == []
