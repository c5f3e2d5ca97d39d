"""A creator's workplace: its works show what the creator has the right to show, and no more once that right has ended."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from xingqu.accounts.models import Creator, Organisation
from xingqu.content import services
from xingqu.content.models import AnchorRight, ContentAnchor
from xingqu.content.selectors import cards, creator_page, may_show
from xingqu.content.tests.conftest import Shop
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def studio(world: Any) -> Shop:
    owner_id = world.person()
    studio_id = services.open_studio(owner_id=owner_id, handle="qinghe", display_name="青禾的厨房", bio="")
    return Shop(studio_id, owner_id, Creator.objects.get(organisation_id=studio_id).pk)


def anchored(content_id: int) -> list[int]:
    return [anchor.product.id for anchor in cards(ids=[content_id])[content_id].anchors]


def test_a_studio_shows_what_was_granted(world: Any, shop: Any, studio: Any, caller: Any) -> None:
    product, other = world.product(shop), world.product(shop)
    me, path = caller(studio.owner_id), f"/shops/{studio.id}/contents"
    body = {
        "kind": "video",
        "title": "十分钟早餐",
        "asset_ids": [world.asset(studio)],
        "anchors": [{"product_id": product}],
    }
    refused = me.send("POST", path, body)
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "anchors.0.product_id")
    assert ContentAnchor.objects.count() == 0
    services.grant_anchor(creator_id=studio.creator_id, product_id=product)
    made = me.send("POST", path, body).json()
    me.send("POST", f"{path}/{made['id']}/publish")
    assert anchored(made["id"]) == [product]
    picked = me.get(f"/shops/{studio.id}/anchor-products").json()["items"]
    assert [each["id"] for each in picked] == [product]
    assert me.get(f"/shops/{studio.id}/anchor-products?q=no-such").json()["items"] == []
    with pytest.raises(InvalidInput):
        world.content(studio, products=(product, other))


def test_a_right_that_ended_shows_no_more(world: Any, shop: Any, studio: Any) -> None:
    product = world.product(shop)
    services.grant_anchor(creator_id=studio.creator_id, product_id=product)
    content_id = world.content(studio, products=(product,))
    tomorrow = clock.now() + timedelta(days=1)
    services.revoke_anchor(creator_id=studio.creator_id, product_id=product, until=tomorrow)
    assert anchored(content_id) == [product]
    with clock.frozen(tomorrow):
        assert anchored(content_id) == []
        services.grant_anchor(creator_id=studio.creator_id, product_id=product)
        assert anchored(content_id) == [product]
        assert AnchorRight.objects.get().since == tomorrow
    services.revoke_anchor(creator_id=studio.creator_id, product_id=product)
    assert anchored(content_id) == []
    ended = AnchorRight.objects.get().until
    services.revoke_anchor(creator_id=studio.creator_id, product_id=product)  # ends once, and no later than it did
    assert AnchorRight.objects.get().until == ended


def test_an_end_that_has_not_come_is_taken_back_by_granting(world: Any, shop: Any, studio: Any) -> None:
    product = world.product(shop)
    services.grant_anchor(creator_id=studio.creator_id, product_id=product)
    begun = AnchorRight.objects.get().since
    services.revoke_anchor(creator_id=studio.creator_id, product_id=product, until=clock.now() + timedelta(hours=1))
    services.grant_anchor(creator_id=studio.creator_id, product_id=product)
    assert AnchorRight.objects.values_list("since", "until").get() == (begun, None)


def test_a_right_that_has_not_begun_is_none(world: Any, shop: Any, studio: Any) -> None:
    product = world.product(shop)
    services.grant_anchor(creator_id=studio.creator_id, product_id=product, since=clock.now() + timedelta(hours=1))
    with pytest.raises(InvalidInput):
        world.content(studio, products=(product,))


def test_a_shop_still_shows_its_own_only(world: Any, shop: Any, studio: Any) -> None:
    foreign = world.product(world.shop())
    services.grant_anchor(creator_id=studio.creator_id, product_id=foreign)  # to another account
    with pytest.raises(InvalidInput):
        world.content(shop, products=(foreign,))
    assert may_show(creator_id=shop.creator_id, shop_id=None, products={}) == set()


def test_the_page_of_a_creator_leads_to_no_shop(studio: Any, shop: Any) -> None:
    page = creator_page(creator_id=studio.creator_id, viewer=None)
    assert (page.is_shop, page.shop_id) == (False, None)
    assert creator_page(creator_id=shop.creator_id, viewer=None).shop_id == shop.id


def test_profile_and_picture(studio: Any, caller: Any, world: Any) -> None:
    me, path = caller(studio.owner_id), f"/shops/{studio.id}/profile"
    changed = me.send("PATCH", path, {"display_name": "青禾", "bio": "一日三餐"})
    assert (changed.status_code, changed.json()["display_name"], changed.json()["bio"]) == (200, "青禾", "一日三餐")
    refused = me.send("PATCH", path, {"bio": "加我微信 abcde123"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "text_refused")
    assert Creator.objects.get(pk=studio.creator_id).bio == "一日三餐"
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "#336699").save(picture, "PNG")
    sent = {"X-CSRFToken": me.client.cookies["csrftoken"].value}
    file = SimpleUploadedFile("a.png", picture.getvalue(), "image/png")
    answer = me.client.post(f"/api/v1{path}/avatar", {"file": file}, headers=sent)
    assert answer.status_code == 200, answer.content
    assert Organisation.objects.get(pk=studio.id).avatar_url == answer.json()["avatar_url"]
    text = SimpleUploadedFile("a.png", b"no picture", "image/png")
    assert me.client.post(f"/api/v1{path}/avatar", {"file": text}, headers=sent).status_code == 422
    stranger = caller(world.person())
    assert (stranger.get(path).status_code, caller().get(path).status_code) == (404, 401)


def test_becoming_refuses_words(world: Any, caller: Any) -> None:
    me = caller(world.person())
    answer = me.send("POST", "/studios", {"handle": "abc", "display_name": "青禾", "bio": "加微信 abcde123"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "text_refused")
    assert Organisation.objects.count() == 0
