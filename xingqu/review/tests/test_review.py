"""Reviews: after receipt, by the buyer, one a line; the shop answers once; names are masked."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from xingqu.catalogue.selectors import cards
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.review import services
from xingqu.review.domain import mask_name, score_hundredths
from xingqu.review.models import ProductScore, Review, ReviewPicture
from xingqu.review.services import pictures
from xingqu.review.tests.house import line, received
from xingqu.trade.models import ShopOrder
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    """Where files are kept in this test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def test_a_review_and_its_way_to_the_card(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = received(buyer, shop, sku)
    written = buyer.post(f"/orders/{order_no}/reviews", {"lines": [line(sku, 4)]}, status=201)["items"][0]
    assert (written["score"], written["goods_score"], written["reply"]) == (4.0, 4, None)
    assert written["author_name"].startswith("买***")
    order = buyer.get(f"/orders/{order_no}")
    assert (order["can"], order["next_step"]["code"]) == (["buy_again"], "none")
    deliver_due()
    product_id = written["product_id"]
    card = cards([product_id])[product_id]
    assert (card.score, card.review_count, card.sold_count) == (4.0, 1, 1)
    assert "review_new" in [notice["kind"] for notice in shop.member().get("/notices")["items"]]
    found = Caller().get(f"/products/{product_id}/reviews")
    assert found["summary"] == {
        "count": 1,
        "score": 4.0,
        "histogram": {"5": 0, "4": 1, "3": 0, "2": 0, "1": 0},
        "pictures": 0,
        "follow_ups": 0,
        "defaults": 0,
        "aspects": [],
    }


def test_each_line_once(buyer: Caller, sku: int, shop: Shop) -> None:
    other = make_sku(shop, price_minor=100)
    order_no = received(buyer, shop, sku, other)
    buyer.post(f"/orders/{order_no}/reviews", {"lines": [line(sku)]}, status=201)
    assert ShopOrder.objects.get().reviewed is False
    error = buyer.error("POST", f"/orders/{order_no}/reviews", {"lines": [line(other), line(sku)]}, status=409)
    assert (error["code"], error["data"]) == ("already_reviewed", {"sku_id": sku})
    assert Review.objects.count() == 1
    assert ProductScore.objects.count() == 1
    buyer.post(f"/orders/{order_no}/reviews", {"lines": [line(other)]}, status=201)
    assert ShopOrder.objects.get().reviewed is True


@pytest.mark.parametrize("state", ["unpaid", "paid", "shipped", "cancelled", "refunding", "refunded"])
def test_not_before_receipt(buyer: Caller, sku: int, state: str) -> None:
    order_no = buyer.buy((sku, 1))
    ShopOrder.objects.update(state=state)
    error = buyer.error("POST", f"/orders/{order_no}/reviews", {"lines": [line(sku)]}, status=409)
    assert (error["code"], error["data"]) == ("not_received", {"state": state})
    assert (Review.objects.count(), ProductScore.objects.count()) == (0, 0)


def test_only_by_the_buyer_and_only_of_what_was_bought(buyer: Caller, guest: Caller, sku: int, shop: Shop) -> None:
    order_no = received(buyer, shop, sku)
    path, body = f"/orders/{order_no}/reviews", {"lines": [line(sku)]}
    assert Caller.new_person().error("POST", path, body, status=404)["code"] == "not_found"
    assert guest.error("POST", path, body, status=401)["code"] == "sign_in_required"
    for lines in ([line(9999)], [line(sku), line(sku)], [], [line(sku, 0)], [line(sku, 6)], [line(sku, 5, "x" * 1001)]):
        assert buyer.error("POST", path, {"lines": lines}, status=422)["code"] == "invalid_input"
    assert Review.objects.count() == 0


def test_the_shop_answers_once(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = received(buyer, shop, sku)
    review = buyer.post(f"/orders/{order_no}/reviews", {"lines": [line(sku, 2)]}, status=201)["items"][0]
    path = f"/reviews/{review['id']}/reply"
    stranger = make_shop()
    for shop_id in (shop.id, stranger.id):
        error = stranger.member().error("POST", f"/shops/{shop_id}{path}", {"text": "x"}, status=404)
        assert error["code"] == "not_found"
    member = shop.member()
    assert [r["order_no"] for r in member.get(f"/shops/{shop.id}/reviews?answered=false")["items"]] == [order_no]
    member.post(f"/shops/{shop.id}{path}", {"text": "谢谢"}, status=204)
    assert member.error("POST", f"/shops/{shop.id}{path}", {"text": "再谢"}, status=409)["code"] == "already_replied"
    assert member.get(f"/shops/{shop.id}/reviews?answered=false")["items"] == []
    assert member.get(f"/shops/{shop.id}/reviews?max_score=1")["items"] == []
    assert Caller().get(f"/products/{review['product_id']}/reviews")["items"][0]["reply"]["text"] == "谢谢"


@pytest.mark.parametrize("sort", ["new", "score_high", "score_low"])
def test_pages_show_every_review_once(buyer: Caller, sku: int, shop: Shop, sort: str) -> None:
    order_no = received(buyer, shop, sku)
    review = buyer.post(f"/orders/{order_no}/reviews", {"lines": [line(sku, 3)]}, status=201)["items"][0]
    first = Review.objects.get()
    for number, score in enumerate([5, 1, 3, 5, 3]):
        first.pk, first.order_no, first.goods_score = None, f"S{number}", score
        first.save()
    path = f"/products/{review['product_id']}/reviews?limit=2&sort={sort}"
    scores, cursor = [], ""
    for _ in range(3):
        page = buyer.get(path + (f"&cursor={cursor}" if cursor else ""))
        scores += [(row["goods_score"], row["id"]) for row in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    key = {"new": lambda r: -r[1], "score_high": lambda r: (-r[0], -r[1]), "score_low": lambda r: (r[0], -r[1])}
    assert len(set(scores)) == 6
    assert scores == sorted(scores, key=key[sort])


@given(st.lists(st.integers(1, 5), min_size=1, max_size=50))
def test_the_average_is_rounded_half_up(scores: list[int]) -> None:
    exact = sum(scores) / len(scores)
    found = score_hundredths(sum(scores), len(scores))
    assert abs(found - exact * 100) <= 0.5 + 1e-9
    assert 100 <= found <= 500


def test_names_are_masked() -> None:
    assert [mask_name(name) for name in ("李小雨", "李", "", "Anna Lee")] == ["李***雨", "李***", "***", "A***e"]


def photo(side_px: int = 80, form: str = "JPEG") -> SimpleUploadedFile:
    """A phone's photo, with the place in its metadata."""
    out, place = io.BytesIO(), Image.Exif()
    place[0x010E] = "taken at home"
    Image.new("RGB", (side_px, side_px), "teal").save(out, form, exif=place)
    return SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg")


def upload(caller: Caller, order_no: str, file: SimpleUploadedFile, status: int = 201) -> Any:
    answer = caller.client.post(f"/api/v1/orders/{order_no}/review-pictures", {"file": file})
    assert answer.status_code == status, answer.content
    return answer.json()


def test_pictures_of_a_review_without_what_the_phone_wrote_beside_them(
    buyer: Caller, sku: int, shop: Shop, media: Path
) -> None:
    order_no = received(buyer, shop, sku)
    first, second, left = (upload(buyer, order_no, photo(side)) for side in (80, 90, 100))
    assert (first["width"], second["height"]) == (80, 90)
    body = {"lines": [{**line(sku), "picture_ids": [second["id"], first["id"]]}]}
    written = buyer.post(f"/orders/{order_no}/reviews", body, status=201)["items"][0]
    assert written["pictures"] == [second["url"], first["url"]]
    shown = Caller().get(f"/products/{written['product_id']}/reviews")["items"][0]
    assert shown["pictures"] == [second["url"], first["url"]]
    path = media / first["url"].removeprefix("/media/")
    assert b"taken at home" not in path.read_bytes()
    with Image.open(path) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("WEBP", (80, 80), {})
    assert ReviewPicture.objects.filter(review__isnull=True).values_list("id", flat=True)[0] == left["id"]


def test_pictures_are_ones_own_of_this_order_and_each_once(buyer: Caller, sku: int, shop: Shop, media: Path) -> None:
    order_no, other_no = received(buyer, shop, sku), received(buyer, shop, sku)
    mine, others = upload(buyer, order_no, photo())["id"], upload(buyer, other_no, photo())["id"]
    for picture_ids in ([others], [mine, mine], [mine, 999_999]):
        body = {"lines": [{**line(sku), "picture_ids": picture_ids}]}
        error = buyer.error("POST", f"/orders/{order_no}/reviews", body, status=422)
        assert (error["code"], error["field"]) == ("invalid_input", "picture_ids")
    assert (Review.objects.count(), ReviewPicture.objects.filter(review__isnull=True).count()) == (0, 2)
    buyer.post(f"/orders/{order_no}/reviews", {"lines": [{**line(sku), "picture_ids": [mine]}]}, status=201)
    error = buyer.error(
        "POST", f"/orders/{other_no}/reviews", {"lines": [{**line(sku), "picture_ids": [mine]}]}, status=422
    )
    assert error["field"] == "picture_ids"


def test_what_is_no_picture_or_no_received_order_of_ones_own_is_refused(
    buyer: Caller, guest: Caller, sku: int, shop: Shop, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_no = received(buyer, shop, sku)
    text = SimpleUploadedFile("photo.jpg", b"<html>" * 100, "image/jpeg")
    assert upload(buyer, order_no, text, status=422)["error"]["code"] == "bad_file"
    assert upload(guest, order_no, photo(), status=401)["error"]["code"] == "sign_in_required"
    assert upload(shop.member(), order_no, photo(), status=404)["error"]["code"] == "not_found"
    unpaid = buyer.buy((sku, 1))
    assert upload(buyer, unpaid, photo(), status=409)["error"]["code"] == "not_received"
    monkeypatch.setattr(pictures, "PICTURES_A_LINE", 1)
    upload(buyer, order_no, photo())
    assert upload(buyer, order_no, photo(), status=409)["error"]["code"] == "too_many_pictures"
    assert ReviewPicture.objects.count() == 1
    assert len(list(media.rglob("*.webp"))) == 1


def test_a_picture_that_no_review_took_is_deleted_after_a_day(buyer: Caller, sku: int, shop: Shop, media: Path) -> None:
    order_no = received(buyer, shop, sku)
    taken, left, fresh = (upload(buyer, order_no, photo()) for _ in range(3))
    buyer.post(f"/orders/{order_no}/reviews", {"lines": [{**line(sku), "picture_ids": [taken["id"]]}]}, status=201)
    day_ago = clock.now() - timedelta(days=1, seconds=1)
    ReviewPicture.objects.filter(pk__in=[taken["id"], left["id"]]).update(created_at=day_ago)
    assert services.sweep_pictures() == 1
    assert set(ReviewPicture.objects.values_list("id", flat=True)) == {taken["id"], fresh["id"]}
    assert not (media / left["url"].removeprefix("/media/")).exists()
    assert (media / taken["url"].removeprefix("/media/")).exists()


def test_a_review_with_contact_details_is_refused(buyer: Caller, sku: int, shop: Shop) -> None:
    order_no = received(buyer, shop, sku)
    body = {"lines": [line(sku, text="好用，加微信 abc12345")]}
    assert buyer.error("POST", f"/orders/{order_no}/reviews", body, status=422)["code"] == "text_refused"
    assert Review.objects.count() == 0
