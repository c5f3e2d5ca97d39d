"""Conversations: said once, read by the two sides only, and the response figure of persons."""

import io
import uuid
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from xingqu.accounts.services import add_member, create_person
from xingqu.catalogue.models import Sku
from xingqu.kit import clock
from xingqu.support import selectors, services
from xingqu.support.domain import Hours, foreign_link
from xingqu.support.models import BuyerTurn, Conversation, Message, QuickReply
from xingqu.trade.tests.house import Caller, Shop, make_shop, make_sku

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def shop() -> Shop:
    return make_shop()


@pytest.fixture
def buyer() -> Caller:
    return Caller.new_person()


@pytest.fixture
def chat(buyer: Caller, shop: Shop) -> int:
    return int(buyer.call("PUT", f"/chats/shops/{shop.id}")["id"])


def say(
    caller: Caller, path: str, text: str = "你好", *, key: str | None = None, status: int = 201, **fields: Any
) -> Any:
    body = {"key": key or uuid.uuid4().hex, "text": text, **fields}
    return caller.post(f"{path}/messages", body, status=status)


def texts(caller: Caller, path: str) -> list[str]:
    return [row["text"] for row in caller.get(f"{path}/messages")["items"]]


def test_both_sides_talk_and_counters_follow(buyer: Caller, shop: Shop, chat: int) -> None:
    own, theirs, member = f"/chats/{chat}", f"/shops/{shop.id}/chats/{chat}", shop.member()
    assert buyer.get("/chats")["items"] == []
    first = say(buyer, own, "有货吗")
    say(buyer, own, "白色的")
    desk = member.get(f"/shops/{shop.id}/chats")["items"]
    assert [(row["id"], row["shop_unread"], row["last_text"]) for row in desk] == [(chat, 2, "白色的")]
    assert member.get(f"/shops/{shop.id}/chats/counts") == {"unread": 1, "waiting": 1, "late": 0, "mine": 0}
    answer = say(member, theirs, "有的")
    assert (answer["sender"], answer["member_name"]) == ("shop", "店主")
    assert texts(buyer, own) == texts(member, theirs) == ["有的", "白色的", "有货吗"]
    assert buyer.get("/chats")["unread"] == 1
    member.post(f"{theirs}/read", {"up_to_id": first["id"]}, status=204)
    assert member.get(theirs)["conversation"]["shop_unread"] == 1
    member.post(f"{theirs}/read", {"up_to_id": 2**53 - 1}, status=204)
    buyer.post(f"{own}/read", {"up_to_id": answer["id"]}, status=204)
    shown = buyer.get(own)
    assert (shown["shop_unread"], shown["buyer_unread"], shown["shop_read_id"]) == (0, 0, answer["id"])
    member.post(f"{theirs}/read", {"up_to_id": 1}, status=204)
    assert buyer.get(own)["shop_read_id"] == answer["id"]


def test_sent_twice_it_is_said_once(buyer: Caller, shop: Shop, chat: int) -> None:
    one = say(buyer, f"/chats/{chat}", "在吗", key="abcdefgh1")
    other = say(buyer, f"/chats/{chat}", "在吗", key="abcdefgh1")
    assert one["id"] == other["id"]
    assert (Message.objects.count(), Conversation.objects.get().shop_unread, BuyerTurn.objects.count()) == (1, 1, 1)


def test_a_conversation_is_of_the_two_alone(buyer: Caller, shop: Shop, chat: int) -> None:
    say(buyer, f"/chats/{chat}", "秘密")
    other, stranger, guest = make_shop(), Caller.new_person(), Caller()
    key = uuid.uuid4().hex
    for caller in (stranger, guest, shop.member(), other.member()):
        for path in (f"/chats/{chat}", f"/chats/{chat}/messages"):
            assert caller.error("GET", path, status=404)["code"] == "not_found"
        body = {"key": key, "text": "偷看"}
        assert caller.error("POST", f"/chats/{chat}/messages", body, status=404)["code"] == "not_found"
        assert caller.error("POST", f"/chats/{chat}/read", {"up_to_id": 9}, status=404)["code"] == "not_found"
    for member, base in ((other.member(), shop.id), (other.member(), other.id)):
        path = f"/shops/{base}/chats/{chat}"
        calls: list[tuple[str, str, Any]] = [
            ("GET", path, None),
            ("GET", f"{path}/messages", None),
            ("POST", f"{path}/messages", {"key": key, "text": "x"}),
            ("POST", f"{path}/read", {"up_to_id": 9}),
            ("PUT", f"{path}/assigned", {"person_id": None}),
        ]
        for method, address, body_or_none in calls:
            assert member.error(method, address, body_or_none, status=404)["code"] == "not_found", address
    for address in ("", "/counts", "/figures", "/hours", "/quick-replies"):
        assert other.member().error("GET", f"/shops/{shop.id}/chats{address}", status=404)["code"] == "not_found"
    assert other.member().get(f"/shops/{other.id}/chats")["items"] == []
    assert (Message.objects.count(), Conversation.objects.get(pk=chat).shop_read_id) == (1, 0)


def test_cards_are_of_this_shop_and_this_buyer(buyer: Caller, shop: Shop, chat: int) -> None:
    sku = make_sku(shop)
    product_id = Sku.objects.get(pk=sku).product_id
    order_no = buyer.buy((sku, 1))
    shown = say(buyer, f"/chats/{chat}", "", kind="product", product_id=product_id)
    assert shown["product"]["id"] == product_id
    shown = say(buyer, f"/chats/{chat}", "", kind="order", order_no=order_no)
    assert shown["order"]["order_no"] == order_no
    foreign = make_shop()
    foreign_product = Sku.objects.get(pk=make_sku(foreign)).product_id
    foreign_order = Caller.new_person().buy((sku, 1))
    for fields in ({"kind": "product", "product_id": foreign_product}, {"kind": "order", "order_no": foreign_order}):
        for caller, path in ((buyer, f"/chats/{chat}"), (shop.member(), f"/shops/{shop.id}/chats/{chat}")):
            body = {"key": uuid.uuid4().hex, **fields}
            assert caller.error("POST", f"{path}/messages", body, status=404)["code"] == "not_found"
    assert Message.objects.count() == 2
    side = shop.member().get(f"/shops/{shop.id}/chats/{chat}")
    assert [order["order_no"] for order in side["orders"]] == [order_no]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("看这里 https://evil.example/x", "link_refused"),
        ("加 www.evil.top 领券", "link_refused"),
        ("代 开-发 票", "text_refused"),
        ("x" * 1001, "invalid_input"),
    ],
)
def test_texts_are_checked(buyer: Caller, chat: int, text: str, code: str) -> None:
    body = {"key": uuid.uuid4().hex, "text": text}
    assert buyer.error("POST", f"/chats/{chat}/messages", body, status=422)["code"] == code
    assert not Message.objects.exists()


def test_links_to_the_site_itself_and_numbers_pass() -> None:
    assert foreign_link("见 http://shop.example/product/3，尺寸 3.5 米，v1.0", "shop.example") is None
    assert foreign_link("shop.example.evil.com", "shop.example") == "shop.example.evil.com"
    assert foreign_link("HTTPS://shop.example@evil.com/", "shop.example") is not None


def test_the_pace_is_limited_a_side(buyer: Caller, shop: Shop, chat: int, settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"chat_messages_per_minute": 3})
    for _ in range(3):
        say(buyer, f"/chats/{chat}")
    body = {"key": uuid.uuid4().hex, "text": "快点"}
    assert buyer.error("POST", f"/chats/{chat}/messages", body, status=429)["code"] == "too_many_messages"
    say(shop.member(), f"/shops/{shop.id}/chats/{chat}", "来了")
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        say(buyer, f"/chats/{chat}")
    assert Message.objects.count() == 5


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (200, 200), "teal").save(file, "PNG")
    file.seek(0)
    file.name = "a.png"
    return file


def test_a_picture_is_seen_by_the_two_sides_only(buyer: Caller, shop: Shop, chat: int) -> None:
    sent = buyer.client.post(f"/api/v1/chats/{chat}/pictures", {"key": "picture-1", "file": picture()})
    assert sent.status_code == 201
    url = sent.json()["picture_url"]
    for caller in (buyer, shop.member()):
        answer = caller.client.get(url)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert b"".join(answer.streaming_content)[:4] == b"RIFF"
    assert [caller.client.get(url).status_code for caller in (make_shop().member(), Caller.new_person(), Caller())] == [
        404,
        404,
        401,
    ]
    wrong = buyer.client.post(f"/api/v1/chats/{chat}/pictures", {"key": "picture-2", "file": io.BytesIO(b"x")})
    assert wrong.status_code == 422
    assert Message.objects.count() == 1


def test_members_assign_among_themselves(buyer: Caller, shop: Shop, chat: int) -> None:
    say(buyer, f"/chats/{chat}")
    member, stranger = shop.member(), Caller.new_person()
    path = f"/shops/{shop.id}/chats/{chat}/assigned"
    assert member.error("PUT", path, {"person_id": stranger.person_id}, status=422)["code"] == "invalid_input"
    assert member.call("PUT", path, {"person_id": shop.owner_id})["assigned_to"]["person_id"] == shop.owner_id
    assert [row["id"] for row in member.get(f"/shops/{shop.id}/chats?queue=mine")["items"]] == [chat]
    viewer = create_person(email="viewer@shop.example", password=None)
    add_member(organisation_id=shop.id, email="viewer@shop.example", role="viewer")
    body = {"key": uuid.uuid4().hex, "text": "我只看"}
    forbidden = Caller.signed_in(viewer).error("POST", f"/shops/{shop.id}/chats/{chat}/messages", body, status=403)
    assert forbidden["code"] == "forbidden"
    assert Message.objects.count() == 1


def figures(shop: Shop) -> list[tuple[int, int, float | None]]:
    rows = selectors.response_figures(shop_id=shop.id, days=2)
    return [(row["turns"], row["fast"], row["rate"]) for row in rows]


def speak(chat: int, sender: str, at: datetime, person_id: int | None = None) -> None:
    with clock.frozen(at):
        outgoing = services.Outgoing(kind="text", key=uuid.uuid4().hex, text="话")
        services.send_message(conversation_id=chat, sender=sender, outgoing=outgoing, person_id=person_id)


def test_the_figure_counts_turns_in_hours_answered_in_three_minutes(shop: Shop, chat: int) -> None:
    speak(chat, "buyer", NOON)
    speak(chat, "buyer", NOON + timedelta(seconds=100))
    with clock.frozen(NOON + timedelta(seconds=120)):
        assert figures(shop)[0] == (0, 0, None)
    speak(chat, "shop", NOON + timedelta(seconds=180), shop.owner_id)
    speak(chat, "buyer", NOON + timedelta(minutes=10))
    speak(chat, "shop", NOON + timedelta(minutes=13, seconds=1), shop.owner_id)
    speak(chat, "buyer", NOON.replace(hour=23, minute=30))
    with clock.frozen(NOON.replace(hour=23, minute=40)):
        assert figures(shop) == [(2, 1, 0.5), (0, 0, None)]
    speak(chat, "shop", NOON + timedelta(days=1), shop.owner_id)
    speak(chat, "buyer", NOON + timedelta(days=1, minutes=1))
    with clock.frozen(NOON + timedelta(days=1, minutes=5)):
        assert figures(shop) == [(1, 0, 0.0), (2, 1, 0.5)]


def test_hours_are_half_open() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    hours = Hours(720, 721)
    assert [hours.hold(NOON + timedelta(seconds=s), zone) for s in (-1, 0, 59, 60)] == [False, True, True, False]


def test_hours_are_the_shops_own(shop: Shop) -> None:
    member = shop.member()
    path = f"/shops/{shop.id}/chats/hours"
    assert member.get(path) == {"start_minute": 480, "end_minute": 1380}
    assert member.call("PUT", path, {"start_minute": 600, "end_minute": 1200}) == {
        "start_minute": 600,
        "end_minute": 1200,
    }
    assert member.error("PUT", path, {"start_minute": 900, "end_minute": 900}, status=422)["code"] == "invalid_input"
    assert member.get(path)["start_minute"] == 600


def test_quick_replies(shop: Shop) -> None:
    member, other = shop.member(), make_shop()
    path = f"/shops/{shop.id}/chats/quick-replies"
    (made,) = member.post(path, {"title": "发货", "text": "今天发"}, status=201)
    assert member.error("POST", path, {"title": "发货", "text": "明天"}, status=409)["code"] == "conflict"
    assert member.call("PUT", f"{path}/{made['id']}", {"title": "发货", "text": "明天发"})[0]["text"] == "明天发"
    foreign = f"/shops/{other.id}/chats/quick-replies/{made['id']}"
    for method in ("PUT", "DELETE"):
        assert other.member().error(method, foreign, {"title": "a", "text": "b"}, status=404)["code"] == "not_found"
    assert QuickReply.objects.get().text == "明天发"
    assert member.call("DELETE", f"{path}/{made['id']}") == []


def test_a_guest_chats_and_takes_it_along(shop: Shop, buyer: Caller) -> None:
    guest = Caller()
    guest.get("/session")
    chat = guest.call("PUT", f"/chats/shops/{shop.id}")["id"]
    say(guest, f"/chats/{chat}", "先问问")
    guest_key = Conversation.objects.get().buyer_key
    services.merge_guest(guest_key=guest_key, buyer_key=buyer.key)
    assert texts(buyer, f"/chats/{chat}") == ["先问问"]
    again = Caller()
    again.get("/session")
    second = again.call("PUT", f"/chats/shops/{shop.id}")["id"]
    say(again, f"/chats/{second}", "又来了")
    services.merge_guest(guest_key=Conversation.objects.get(pk=second).buyer_key, buyer_key=buyer.key)
    row = Conversation.objects.get()
    assert (row.pk, row.shop_unread, row.last_text) == (chat, 2, "又来了")
    assert texts(buyer, f"/chats/{chat}") == ["又来了", "先问问"]
    assert BuyerTurn.objects.filter(answered_at=None).count() == 1


def test_pages_go_on(buyer: Caller, chat: int) -> None:
    for number in range(5):
        say(buyer, f"/chats/{chat}", str(number))
    page = buyer.get(f"/chats/{chat}/messages?limit=3")
    rest = buyer.get(f"/chats/{chat}/messages?limit=3&cursor={page['next_cursor']}")
    assert [row["text"] for row in page["items"] + rest["items"]] == ["4", "3", "2", "1", "0"]
    assert rest["next_cursor"] is None
