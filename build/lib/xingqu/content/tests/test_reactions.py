"""Likes, saves, follows, shares and comments, of guests and people, and what becomes of them at sign-in."""

from typing import Any

import pytest

from xingqu.accounts import services as accounts
from xingqu.content import selectors, services
from xingqu.content.models import Comment, CommentLike, Content, ContentLike, CreatorCounts, CreatorFollow
from xingqu.kit.errors import NotFound
from xingqu.kit.models import OutboxFact

pytestmark = pytest.mark.django_db(transaction=True)


def counts(content_id: int) -> tuple[int, ...]:
    row = Content.objects.get(pk=content_id)
    return row.like_count, row.comment_count, row.save_count, row.share_count


def test_a_guest_likes_once_however_often_they_ask(world: Any, shop: Any, guest: Any) -> None:
    content_id = world.content(shop)
    for _ in range(3):
        answer = guest.send("PUT", f"/contents/{content_id}/like")
    assert answer.status_code == 200
    assert answer.json() == {
        "liked": True,
        "counts": {"likes": 1, "comments": 0, "saves": 0, "shares": 0, "views": 0},
    }
    assert CreatorCounts.objects.get(pk=shop.creator_id).like_count == 1
    assert guest.get(f"/contents/{content_id}").json()["viewer"] == {"liked": True, "saved": False, "followed": False}
    for _ in range(2):
        answer = guest.send("DELETE", f"/contents/{content_id}/like")
    assert answer.json()["counts"]["likes"] == 0
    assert CreatorCounts.objects.get(pk=shop.creator_id).like_count == 0


def test_nothing_happens_to_a_content_that_cannot_be_seen(world: Any, shop: Any, guest: Any) -> None:
    hidden = world.content(shop, published=False)
    for method, path in (("PUT", "like"), ("DELETE", "like"), ("PUT", "save"), ("POST", "share")):
        answer = guest.send(method, f"/contents/{hidden}/{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert guest.get(f"/contents/{hidden}").status_code == 404
    assert guest.get(f"/contents/{hidden}/comments").status_code == 404
    assert counts(hidden) == (0, 0, 0, 0)
    assert ContentLike.objects.count() == 0


def test_unsafe_calls_need_the_csrf_token(world: Any, shop: Any, guest: Any) -> None:
    content_id = world.content(shop)
    answer = guest.client.put(f"/api/v1/contents/{content_id}/like")
    assert answer.status_code == 403
    assert counts(content_id) == (0, 0, 0, 0)


def test_saves_shares_and_their_lists(world: Any, shop: Any, guest: Any) -> None:
    first, second = world.content(shop), world.content(shop)
    for pk in (first, second):
        assert guest.send("PUT", f"/contents/{pk}/save").json()["saved"] is True
    assert guest.send("PUT", f"/contents/{first}/like").status_code == 200
    page = guest.get("/me/saved?limit=1").json()
    assert [c["id"] for c in page["items"]] == [second]
    rest = guest.get(f"/me/saved?limit=1&cursor={page['next_cursor']}").json()
    assert ([c["id"] for c in rest["items"]], rest["next_cursor"]) == ([first], None)
    assert [c["id"] for c in guest.get("/me/liked").json()["items"]] == [first]
    services.unpublish_content(shop_id=shop.id, content_id=second)
    assert [c["id"] for c in guest.get("/me/saved").json()["items"]] == [first]
    for _ in range(2):
        shared = guest.send("POST", f"/contents/{first}/share").json()
    assert shared["counts"]["shares"] == 1
    assert shared["share_url"].endswith(f"/v/{first}")


def test_follow_is_told_once_as_a_fact(world: Any, shop: Any, guest: Any) -> None:
    world.content(shop)
    for _ in range(2):
        answer = guest.send("PUT", f"/creators/{shop.creator_id}/follow")
    assert answer.json() == {"followed": True, "followers": 1}
    page = guest.get(f"/creators/{shop.creator_id}").json()
    assert (page["followers"], page["works"], page["likes"], page["followed"], page["shop_id"]) == (
        1,
        1,
        0,
        True,
        shop.id,
    )
    assert [c["id"] for c in guest.get("/me/following").json()["items"]] == [shop.creator_id]
    assert selectors.followed_creator_ids(actor=guest.actor) == [shop.creator_id]
    assert guest.send("DELETE", f"/creators/{shop.creator_id}/follow").json() == {"followed": False, "followers": 0}
    assert list(OutboxFact.objects.filter(name__contains="ollow").values_list("name", flat=True)) == [
        "CreatorFollowed",
        "CreatorUnfollowed",
    ]
    assert guest.send("PUT", "/creators/999999/follow").status_code == 404
    assert CreatorFollow.objects.count() == 0


def test_merging_a_guest_is_a_union_with_right_counters(world: Any, shop: Any, guest: Any, caller: Any) -> None:
    person_id = world.person()
    person = caller(person_id)
    both, only_guest = world.content(shop), world.content(shop)
    comment_id = services.post_comment(person_id=person_id, content_id=both, text="好看")
    for who in (guest, person):
        for path in (f"/contents/{both}/like", f"/contents/{both}/save", f"/creators/{shop.creator_id}/follow"):
            assert who.send("PUT", path).status_code == 200
        who.send("POST", f"/contents/{both}/share")
        who.send("PUT", f"/comments/{comment_id}/like")
    guest.send("PUT", f"/contents/{only_guest}/like")
    assert counts(both) == (2, 1, 2, 2)
    guest_key = guest.actor.guest_key
    accounts.merge_guest(guest_key=guest_key, person_id=person_id)
    for _ in range(2):  # the outbox may deliver twice
        services.merge_guest_marks(guest_key=guest_key, person_id=person_id)
    assert counts(both) == (1, 1, 1, 1)
    assert counts(only_guest) == (1, 0, 0, 0)
    assert ContentLike.objects.filter(actor_key=f"p{person_id}").count() == 2
    assert ContentLike.objects.filter(actor_key__startswith="g").count() == 0
    assert Comment.objects.get(pk=comment_id).like_count == CommentLike.objects.count() == 1
    totals = CreatorCounts.objects.get(pk=shop.creator_id)
    assert (totals.follower_count, totals.like_count) == (1, 2)


def test_signing_in_delivers_the_merge(world: Any, shop: Any, guest: Any) -> None:
    content_id = world.content(shop)
    guest.send("PUT", f"/contents/{content_id}/like")
    person_id = world.person()
    accounts.merge_guest(guest_key=guest.actor.guest_key, person_id=person_id)
    assert list(ContentLike.objects.values_list("actor_key", flat=True)) == [f"p{person_id}"]


def test_comments_need_a_person(world: Any, shop: Any, guest: Any) -> None:
    content_id = world.content(shop)
    answer = guest.send("POST", f"/contents/{content_id}/comments", {"text": "好看"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "sign_in_required")
    assert Comment.objects.count() == 0


def test_comment_answer_like_and_delete(world: Any, shop: Any, caller: Any) -> None:
    content_id = world.content(shop)
    one, other = caller(world.person()), caller(world.person())
    top = one.send("POST", f"/contents/{content_id}/comments", {"text": " 这顶帐篷防雨吗? "})
    assert top.status_code == 201
    top_id = top.json()["id"]
    assert (top.json()["text"], top.json()["mine"], top.json()["author_name"]) == ("这顶帐篷防雨吗?", True, "青禾")
    reply = other.send("POST", f"/contents/{content_id}/comments", {"text": "防", "reply_to_id": top_id}).json()
    deeper = one.send("POST", f"/contents/{content_id}/comments", {"text": "谢谢", "reply_to_id": reply["id"]}).json()
    assert (deeper["reply_to_id"], deeper["reply_to_name"]) == (reply["id"], "青禾")
    assert counts(content_id)[1] == 3
    listed = one.get(f"/contents/{content_id}/comments").json()["items"]
    assert [(c["id"], c["reply_count"], [r["id"] for r in c["replies"]]) for c in listed] == [
        (top_id, 2, [reply["id"], deeper["id"]])
    ]
    thread = one.get(f"/contents/{content_id}/comments?thread_id={top_id}").json()["items"]
    assert [c["id"] for c in thread] == [reply["id"], deeper["id"]]
    for _ in range(2):
        liked = other.send("PUT", f"/comments/{top_id}/like").json()
    assert liked == {"liked": True, "likes": 1}
    assert other.send("DELETE", f"/comments/{top_id}").status_code == 404
    assert one.send("DELETE", f"/comments/{top_id}").status_code == 204
    assert one.send("DELETE", f"/comments/{top_id}").status_code == 404
    assert counts(content_id)[1] == 2
    place = one.get(f"/contents/{content_id}/comments").json()["items"][0]
    assert (place["deleted"], place["text"], place["author_name"]) == (True, "", "")
    assert Comment.objects.get(pk=top_id).text == ""
    assert other.send("PUT", f"/comments/{top_id}/like").status_code == 404


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("", 422, "invalid_input"),
        ("x" * 501, 422, "invalid_input"),
        ("加我微信 abc12345", 422, "text_refused"),
        ("打 13812345678 找我", 422, "text_refused"),
        ("代 开-发 票", 422, "text_refused"),
        ("a\u0000b", 422, "invalid_input"),
    ],
)
def test_unfit_comments_are_refused(world: Any, shop: Any, caller: Any, text: str, status: int, code: str) -> None:
    content_id = world.content(shop)
    answer = caller(world.person()).send("POST", f"/contents/{content_id}/comments", {"text": text})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert Comment.objects.count() == 0
    assert counts(content_id)[1] == 0


def test_an_answer_belongs_below_the_same_content(world: Any, shop: Any) -> None:
    one, other = world.content(shop), world.content(shop)
    person_id = world.person()
    comment_id = services.post_comment(person_id=person_id, content_id=one, text="好看")
    with pytest.raises(NotFound):
        services.post_comment(person_id=person_id, content_id=other, text="好", reply_to_id=comment_id)
    assert Comment.objects.count() == 1


def test_comments_have_a_pace(world: Any, shop: Any, caller: Any) -> None:
    content_id = world.content(shop)
    person = caller(world.person())
    answers = [person.send("POST", f"/contents/{content_id}/comments", {"text": f"第{i}条"}) for i in range(21)]
    assert [a.status_code for a in answers] == [201] * 20 + [429]
    assert answers[-1].json()["error"]["code"] == "too_many_comments"
    assert answers[-1]["Retry-After"] == "60"
    assert counts(content_id)[1] == 20
