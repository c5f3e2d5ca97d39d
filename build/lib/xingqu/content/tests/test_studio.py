"""What a shop does with its contents, and that it never sees or touches another's."""

from typing import Any

import pytest

from xingqu.accounts import services as accounts
from xingqu.content import services
from xingqu.content.models import Content, ContentAnchor, CreatorCounts, MediaAsset
from xingqu.kit.models import OutboxFact

pytestmark = pytest.mark.django_db(transaction=True)


def facts() -> list[str]:
    return list(OutboxFact.objects.filter(name__startswith="Content").order_by("id").values_list("name", flat=True))


def test_from_draft_to_published_and_back(world: Any, shop: Any, owner: Any) -> None:
    product_id, asset_id = world.product(shop), world.asset(shop)
    made = owner.send(
        "POST",
        f"/shops/{shop.id}/contents",
        {
            "kind": "video",
            "title": "夜里的营地",
            "caption": "星空下",
            "tags": ["露营"],
            "asset_ids": [asset_id],
            "anchors": [{"product_id": product_id, "label": "同款", "show_from_ms": 2000}],
        },
    )
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["state"], body["version"], body["creator_id"]) == ("ready", 1, shop.creator_id)
    assert [(a["product"]["id"], a["label"], a["show_from_ms"]) for a in body["anchors"]] == [
        (product_id, "同款", 2000)
    ]
    path = f"/shops/{shop.id}/contents/{body['id']}"
    for _ in range(2):
        published = owner.send("POST", f"{path}/publish")
    assert (published.json()["state"], published.json()["poster_url"]) == (
        "published",
        f"/media/assets/{asset_id}/poster.webp",
    )
    assert CreatorCounts.objects.get(pk=shop.creator_id).work_count == 1
    for _ in range(2):
        taken = owner.send("POST", f"{path}/unpublish")
    assert taken.json()["state"] == "unpublished"
    assert CreatorCounts.objects.get(pk=shop.creator_id).work_count == 0
    assert owner.send("POST", f"{path}/publish").json()["published_at"] == published.json()["published_at"]
    assert facts() == ["ContentPublished", "ContentWithdrawn", "ContentPublished"]
    assert owner.send("DELETE", path).status_code == 204
    assert facts()[-1] == "ContentWithdrawn"
    assert (Content.objects.count(), MediaAsset.objects.count()) == (0, 1)


def test_publishing_waits_for_the_files(world: Any, shop: Any, owner: Any) -> None:
    waiting = world.asset(shop, state="transcoding")
    without = world.content(shop, published=False, asset_ids=[])
    processing = world.content(shop, published=False, asset_ids=[waiting])
    assert [Content.objects.get(pk=pk).state for pk in (without, processing)] == ["draft", "processing"]
    answer = owner.send("POST", f"/shops/{shop.id}/contents/{processing}/publish")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "assets_not_ready")
    assert answer.json()["error"]["data"] == {"assets": [{"id": waiting, "state": "transcoding"}]}
    assert owner.send("POST", f"/shops/{shop.id}/contents/{without}/publish").status_code == 409
    assert Content.objects.filter(state="published").count() == 0
    assert facts() == []


def test_edits_are_versioned(world: Any, shop: Any, owner: Any) -> None:
    content_id = world.content(shop)
    path = f"/shops/{shop.id}/contents/{content_id}"
    version = owner.get(path).json()["version"]
    edited = owner.send("PATCH", path, {"version": version, "title": "清晨的营地"})
    assert (edited.status_code, edited.json()["title"], edited.json()["version"]) == (200, "清晨的营地", version + 1)
    stale = owner.send("PATCH", path, {"version": version, "title": "谁都不该看到"})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "stale_version")
    assert stale.json()["error"]["data"] == {"version": version + 1}
    assert Content.objects.get(pk=content_id).title == "清晨的营地"
    emptied = owner.send("PATCH", path, {"version": version + 1, "asset_ids": []})
    assert (emptied.status_code, emptied.json()["error"]["code"]) == (409, "assets_not_ready")
    assert Content.objects.get(pk=content_id).assets.count() == 1


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("asset_ids.0", lambda w, mine, other: {"asset_ids": [w.asset(other)]}),
        ("asset_ids.0", lambda w, mine, other: {"asset_ids": [w.asset(mine, kind="picture")]}),
        ("asset_ids", lambda w, mine, other: {"asset_ids": [w.asset(mine), w.asset(mine)]}),
        ("creator_id", lambda w, mine, other: {"creator_id": other.creator_id}),
        ("anchors.0.product_id", lambda w, mine, other: {"anchors": [{"product_id": w.product(other)}]}),
        ("anchors.0.product_id", lambda w, mine, other: {"anchors": [{"product_id": 987654}]}),
        (
            "anchors.1.product_id",
            lambda w, mine, other: {"anchors": [{"product_id": p} for p in [w.product(mine)] * 2]},
        ),
        (
            "anchors.0.show_from_ms",
            lambda w, mine, other: {"anchors": [{"product_id": w.product(mine), "show_from_ms": 8000}]},
        ),
    ],
)
def test_what_is_not_the_shops_own_is_refused_by_field(
    world: Any, shop: Any, owner: Any, field: str, change: Any
) -> None:
    content_id = world.content(shop)
    before = owner.get(f"/shops/{shop.id}/contents/{content_id}").json()
    answer = owner.send(
        "PATCH",
        f"/shops/{shop.id}/contents/{content_id}",
        {"version": before["version"], "title": "改", **change(world, shop, world.shop())},
    )
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, field)
    assert owner.get(f"/shops/{shop.id}/contents/{content_id}").json() == before


def test_forbidden_texts_are_refused(world: Any, shop: Any, owner: Any) -> None:
    answer = owner.send("POST", f"/shops/{shop.id}/contents", {"kind": "video", "title": "露营", "caption": "加微信"})
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["error"]["field"]) == (
        422,
        "text_refused",
        "caption",
    )
    assert Content.objects.count() == 0


STUDIO = [
    ("GET", "/shops/{shop}/contents"),
    ("GET", "/shops/{shop}/contents/counts"),
    ("POST", "/shops/{shop}/contents"),
    ("GET", "/shops/{shop}/contents/{content}"),
    ("PATCH", "/shops/{shop}/contents/{content}"),
    ("DELETE", "/shops/{shop}/contents/{content}"),
    ("POST", "/shops/{shop}/contents/{content}/publish"),
    ("POST", "/shops/{shop}/contents/{content}/unpublish"),
    ("GET", "/shops/{shop}/assets"),
    ("GET", "/shops/{shop}/assets/{asset}"),
    ("POST", "/shops/{shop}/assets/{asset}/retry"),
    ("DELETE", "/shops/{shop}/assets/{asset}"),
    ("POST", "/shops/{shop}/uploads"),
    ("PATCH", "/shops/{shop}/uploads/{asset}"),
    ("DELETE", "/shops/{shop}/uploads/{asset}"),
]
BODIES = {"POST": {"kind": "video", "title": "别人的"}, "PATCH": {"version": 1, "title": "别人的"}}


def rows() -> list[Any]:
    return [
        list(Content.objects.order_by("id").values()),
        list(MediaAsset.objects.order_by("id").values()),
        list(ContentAnchor.objects.order_by("id").values()),
    ]


@pytest.mark.parametrize(("method", "template"), STUDIO)
def test_another_shop_finds_nothing_by_either_way_in(
    world: Any, shop: Any, caller: Any, method: str, template: str
) -> None:
    content_id, asset_id = world.content(shop), world.asset(shop, state="failed")
    stranger_shop = world.shop()
    stranger = caller(stranger_shop.owner_id)
    before = rows()
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "10", "Upload-Offset": "0"}
    body = b"0123456789" if "uploads" in template and method == "PATCH" else BODIES.get(method)
    doors = [shop.id] + ([stranger_shop.id] if "{content}" in template or "{asset}" in template else [])
    for door in doors:
        path = template.format(shop=door, content=content_id, asset=asset_id)
        answer = stranger.send(method, path, body, headers=tus if "uploads" in template else None)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path
    assert rows() == before


def test_a_viewer_may_look_but_not_touch(world: Any, shop: Any, caller: Any, guest: Any) -> None:
    content_id = world.content(shop)
    person_id = world.person()
    email = caller(person_id).session["person"]["email"]
    accounts.add_member(organisation_id=shop.id, email=email, role="viewer")
    viewer = caller(person_id)
    assert [c["id"] for c in viewer.get(f"/shops/{shop.id}/contents").json()["items"]] == [content_id]
    assert viewer.get(f"/shops/{shop.id}/contents/counts").json() == {"published": 1}
    refused = viewer.send("POST", f"/shops/{shop.id}/contents/{content_id}/unpublish")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")
    assert guest.get(f"/shops/{shop.id}/contents").status_code == 401
    assert Content.objects.get(pk=content_id).state == "published"


def test_lists_filter_and_page(world: Any, shop: Any, owner: Any) -> None:
    ids = [world.content(shop, published=place % 2 == 0, title=f"第{place}夜") for place in range(4)]
    path = f"/shops/{shop.id}/contents"
    assert [c["id"] for c in owner.get(f"{path}?state=published").json()["items"]] == [ids[2], ids[0]]
    assert [c["id"] for c in owner.get(f"{path}?q=第3夜").json()["items"]] == [ids[3]]
    page = owner.get(f"{path}?limit=3").json()
    assert [c["id"] for c in owner.get(f"{path}?limit=3&cursor={page['next_cursor']}").json()["items"]] == [ids[0]]
    assert owner.get(f"{path}?state=lost").status_code == 422


def test_a_file_in_use_stays(world: Any, shop: Any, owner: Any) -> None:
    content_id = world.content(shop)
    asset_id = Content.objects.get(pk=content_id).assets.get().asset_id
    answer = owner.send("DELETE", f"/shops/{shop.id}/assets/{asset_id}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "asset_in_use")
    assert answer.json()["error"]["data"] == {"content_ids": [content_id]}
    services.delete_content(shop_id=shop.id, content_id=content_id)
    assert owner.send("DELETE", f"/shops/{shop.id}/assets/{asset_id}").status_code == 204
    assert MediaAsset.objects.count() == 0
