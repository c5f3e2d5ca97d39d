"""Comments below a creator's works: hidden, pinned, blocked words and people; everywhere they are read."""

from typing import Any

import pytest

from xingqu.content import services
from xingqu.content.models import BlockedPerson, Comment, Content

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def content_id(world: Any, shop: Any) -> int:
    return int(world.content(shop))


def say(world: Any, content_id: int, text: str, **more: Any) -> tuple[int, int]:
    """(comment, person)"""
    person = more.pop("person_id", None) or world.person()
    return services.post_comment(person_id=person, content_id=content_id, text=text, **more), person


def shown(caller: Any, content_id: int, sort: str = "new") -> list[str]:
    return [row["text"] for row in caller.get(f"/contents/{content_id}/comments?sort={sort}").json()["items"]]


def count(content_id: int) -> int:
    return Content.objects.values_list("comment_count", flat=True).get(pk=content_id)


def test_a_hidden_comment_is_seen_by_its_writer_only(
    world: Any, shop: Any, owner: Any, guest: Any, caller: Any, content_id: int
) -> None:
    first, writer = say(world, content_id, "第一条")
    say(world, content_id, "第二条")
    say(world, content_id, "回复", reply_to_id=first)
    assert count(content_id) == 3
    path = f"/shops/{shop.id}/comments/{first}"
    for _ in range(2):
        assert owner.send("POST", f"{path}/hide").json()["hidden"] == "hand"
    assert (shown(guest, content_id), count(content_id)) == (["第二条"], 1)
    assert shown(caller(writer), content_id) == ["第二条", "第一条"]
    below = f"/contents/{content_id}/comments?thread_id={first}"
    assert guest.get(below).json()["items"] == []
    assert len(caller(writer).get(below).json()["items"]) == 1
    assert owner.send("POST", f"{path}/show").json()["hidden"] == ""
    assert (shown(guest, content_id), count(content_id)) == (["第二条", "第一条"], 3)


def test_words_hide_what_is_there_and_what_comes(
    world: Any, shop: Any, owner: Any, guest: Any, content_id: int
) -> None:
    say(world, content_id, "太贵了 Rubbish")
    say(world, content_id, "好看")
    path = f"/shops/{shop.id}/comment-rules"
    assert owner.send("PUT", path, {"words": ["rubbish", " RUBBISH ", "骗"]}).json()["words"] == ["rubbish", "骗"]
    assert shown(guest, content_id) == ["好看"]
    later, _ = say(world, content_id, "都是骗人的")
    assert (shown(guest, content_id), count(content_id)) == (["好看"], 1)
    by_hand, _ = say(world, content_id, "别的")
    owner.send("POST", f"/shops/{shop.id}/comments/{by_hand}/hide")
    owner.send("PUT", path, {"words": ["骗"]})
    assert shown(guest, content_id) == ["好看", "太贵了 Rubbish"]
    owner.send("PUT", path, {"words": []})
    assert (shown(guest, content_id), count(content_id)) == (["都是骗人的", "好看", "太贵了 Rubbish"], 3)
    assert Comment.objects.get(pk=later).hidden == ""
    assert Comment.objects.get(pk=by_hand).hidden == "hand"


def test_a_blocked_person_writes_no_more(world: Any, shop: Any, owner: Any, guest: Any, content_id: int) -> None:
    comment, person = say(world, content_id, "捣乱")
    say(world, content_id, "好看")
    assert owner.send("POST", f"/shops/{shop.id}/comments/{comment}/block").json()["author_blocked"] is True
    assert (shown(guest, content_id), count(content_id)) == (["好看"], 1)
    with pytest.raises(services.CommentsBlocked):
        say(world, content_id, "又来", person_id=person)
    assert Comment.objects.count() == 2
    elsewhere = world.content(world.shop())
    say(world, elsewhere, "在别处可以", person_id=person)
    rules = owner.send("DELETE", f"/shops/{shop.id}/comment-rules/people/{person}").json()
    assert (rules["people"], shown(guest, content_id)) == ([], ["好看", "捣乱"])
    assert shown(guest, elsewhere) == ["在别处可以"]
    assert BlockedPerson.objects.count() == 0


def test_pinned_comments_stand_first(world: Any, shop: Any, owner: Any, guest: Any, content_id: int) -> None:
    ids = [say(world, content_id, f"第{n}条")[0] for n in range(5)]
    base = f"/shops/{shop.id}/comments"
    for pk in ids[:3]:
        assert owner.send("POST", f"{base}/{pk}/pin").json()["pinned"] is True
    assert owner.send("POST", f"{base}/{ids[3]}/pin").status_code == 422
    reply, _ = say(world, content_id, "回复", reply_to_id=ids[0])
    assert owner.send("POST", f"{base}/{reply}/pin").status_code == 422
    for sort in ("hot", "new"):
        assert shown(guest, content_id, sort) == ["第2条", "第1条", "第0条", "第4条", "第3条"]
    owner.send("POST", f"{base}/{ids[2]}/hide")
    assert shown(guest, content_id) == ["第1条", "第0条", "第4条", "第3条"]
    assert owner.send("POST", f"{base}/{ids[2]}/pin").status_code == 422
    owner.send("POST", f"{base}/{ids[1]}/unpin")
    assert shown(guest, content_id)[0] == "第0条"


def test_an_answer_in_the_accounts_name(world: Any, shop: Any, owner: Any, guest: Any, content_id: int) -> None:
    comment, _ = say(world, content_id, "多少钱？")
    base = f"/shops/{shop.id}/comments"
    assert [row["id"] for row in owner.get(f"{base}?state=unanswered").json()["items"]] == [comment]
    made = owner.send("POST", f"{base}/{comment}/replies", {"text": "看左下角"})
    assert (made.status_code, made.json()["as_creator"]) == (201, True)
    reply = guest.get(f"/contents/{content_id}/comments").json()["items"][0]["replies"][0]
    account = guest.get(f"/creators/{shop.creator_id}").json()
    assert (reply["by_creator"], reply["author_name"]) == (True, account["display_name"])
    assert owner.get(f"{base}?state=unanswered").json()["items"] == []
    assert owner.send("POST", f"{base}/{made.json()['id']}/block").status_code == 422


def test_deleting_erases_and_counts(
    world: Any, shop: Any, owner: Any, guest: Any, caller: Any, content_id: int
) -> None:
    comment, person = say(world, content_id, "不当")
    hidden, _ = say(world, content_id, "藏起来的", person_id=person)
    base = f"/shops/{shop.id}/comments"
    owner.send("POST", f"{base}/{hidden}/hide")
    assert caller(person).send("DELETE", f"/comments/{hidden}").status_code == 204
    assert count(content_id) == 1  # what was hidden had left the count already
    assert owner.send("DELETE", f"{base}/{comment}").status_code == 204
    assert (count(content_id), Comment.objects.get(pk=comment).text, shown(guest, content_id)) == (0, "", [])
    assert owner.send("DELETE", f"{base}/{comment}").status_code == 404


def test_another_shop_touches_nothing(world: Any, caller: Any, content_id: int) -> None:
    comment, _ = say(world, content_id, "好看")
    other = world.shop()
    theirs, base = caller(other.owner_id), f"/shops/{other.id}/comments"
    for step in ("hide", "show", "pin", "unpin", "block"):
        assert theirs.send("POST", f"{base}/{comment}/{step}").status_code == 404
    assert theirs.send("DELETE", f"{base}/{comment}").status_code == 404
    assert theirs.send("POST", f"{base}/{comment}/replies", {"text": "x"}).status_code == 404
    assert theirs.get(base).json()["items"] == []
    row = Comment.objects.get()
    assert (row.text, row.hidden, row.pinned_at) == ("好看", "", None)
