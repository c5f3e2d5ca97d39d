"""What led to an order: proven touches, the last eligible click in its window, and clients that lie."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from xingqu.catalogue.models import Sku
from xingqu.kit import clock
from xingqu.kit.outbox import deliver_due
from xingqu.signals.services import open_touch, seal_touch
from xingqu.trade.domain.attribution import Attribution, Touch, choose
from xingqu.trade.domain.times import TimeName
from xingqu.trade.models import CartLine, OrderLine, ProductTouch
from xingqu.trade.services.times import add_time_rule
from xingqu.trade.services.touches import forget_touches, merge_touches
from xingqu.trade.tests.house import Caller, Shop, make_sku

START = datetime.fromisoformat("2026-11-20T08:00:00+00:00")
CREDIT, VISIT = timedelta(days=15), timedelta(days=1)


def product_of(sku: int) -> int:
    return int(Sku.objects.get(pk=sku).product_id)


def sealed(buyer: Caller, sku: int, content_id: int = 7, creator_id: int = 3, **ids: int) -> str:
    """The touch of a card that this buyer is shown now."""
    return seal_touch(
        actor_key=buyer.key, product_ids=[product_of(sku)], content_id=content_id, creator_id=creator_id, **ids
    )


def click(buyer: Caller, sku: int, surface: str, touch: str | None = None, status: int = 204) -> Any:
    body = {"product_id": product_of(sku), "surface": surface, **({"touch": touch} if touch else {})}
    return buyer.post("/touches", body, status=status)


def bought(buyer: Caller, sku: int) -> dict[str, Any]:
    """The attribution of an order made now."""
    parent = buyer.order((sku, 1))
    return OrderLine.objects.get(order__parent__order_no=parent["order_no"]).attribution


@pytest.mark.django_db
class TestJourneys:
    def test_of_two_creators_the_last_click_counts(self, buyer: Caller, sku: int) -> None:
        with clock.frozen(START):
            click(buyer, sku, "for_you", sealed(buyer, sku, 7, 3))
        with clock.frozen(START + timedelta(hours=1)):
            click(buyer, sku, "following", sealed(buyer, sku, 8, 4))
            told = bought(buyer, sku)
        assert (told["content_id"], told["creator_id"], told["surface"]) == (8, 4, "following")

    def test_a_later_way_without_a_creator_is_the_source_and_takes_no_credit(self, buyer: Caller, sku: int) -> None:
        with clock.frozen(START):
            click(buyer, sku, "for_you", sealed(buyer, sku))
        with clock.frozen(START + timedelta(hours=2)):
            click(buyer, sku, "search")
            told = bought(buyer, sku)
        assert told == {
            "content_id": 7,
            "creator_id": 3,
            "surface": "search",
            "credited_surface": "for_you",
            "credited_at_ms": clock.to_ms(START),
        }

    def test_days_later_without_a_way_it_is_direct_and_still_credited(self, buyer: Caller, sku: int) -> None:
        with clock.frozen(START):
            click(buyer, sku, "for_you", sealed(buyer, sku))
        with clock.frozen(START + timedelta(days=14)):
            told = bought(buyer, sku)
        assert (told["creator_id"], told["surface"], told["credited_surface"]) == (3, "direct", "for_you")

    @pytest.mark.parametrize("microsecond", [0, 1, 499, 500, 600, 999])
    def test_the_window_ends_with_its_last_millisecond(self, buyer: Caller, sku: int, microsecond: int) -> None:
        """Also for a click between two milliseconds: both ends of the window are cut in the same way."""
        opened = START.replace(microsecond=microsecond)
        with clock.frozen(opened):
            click(buyer, sku, "for_you", sealed(buyer, sku))
        with clock.frozen(opened + timedelta(days=15)):
            assert bought(buyer, sku)["creator_id"] == 3
        with clock.frozen(opened + timedelta(days=15, milliseconds=1)):
            assert "creator_id" not in bought(buyer, sku)

    def test_after_the_window_nobody_is_credited(self, buyer: Caller, sku: int) -> None:
        with clock.frozen(START):
            click(buyer, sku, "for_you", sealed(buyer, sku))
        with clock.frozen(START + timedelta(seconds=settings.ENVIRONMENT.attribution_credit_s + 1)):
            assert bought(buyer, sku) == {"surface": "direct"}

    def test_a_dated_rule_shortens_the_window_from_its_day_on(self, buyer: Caller, sku: int, shop: Shop) -> None:
        day = timedelta(days=1)
        add_time_rule(
            name=TimeName.ATTRIBUTION_CREDIT,
            seconds=3600,
            effective_from=START + day,
            shop_id=shop.id,
            category_id=None,
        )
        with clock.frozen(START):
            click(buyer, sku, "for_you", sealed(buyer, sku))
        with clock.frozen(START + timedelta(hours=23)):
            assert bought(buyer, sku)["creator_id"] == 3
        with clock.frozen(START + day):
            assert "creator_id" not in bought(buyer, sku)

    def test_another_products_click_is_not_this_ones(self, buyer: Caller, sku: int, shop: Shop) -> None:
        click(buyer, sku, "for_you", sealed(buyer, sku))
        assert bought(buyer, make_sku(shop, price_minor=100)) == {"surface": "direct"}

    def test_a_cart_keeps_what_led_to_each_line(self, buyer: Caller, sku: int) -> None:
        attribution = {"surface": "for_you", "request_id": "r1", "touch": sealed(buyer, sku)}
        buyer.post("/cart/lines", {"sku_id": sku, "attribution": attribution}, status=201)
        buyer.post("/cart/lines", {"sku_id": sku}, status=201)  # once more, from the cart itself: nothing new is told
        token = buyer.post("/checkout/quote", {"address_id": buyer.address_id()})["quote_token"]
        buyer.checkout(token)
        told = OrderLine.objects.get().attribution
        assert (told["content_id"], told["creator_id"], told["request_id"]) == (7, 3, "r1")

    def test_a_cart_line_from_before_proofs_credits_nobody(self, buyer: Caller, sku: int) -> None:
        buyer.post("/cart/lines", {"sku_id": sku}, status=201)
        CartLine.objects.update(attribution={"content_id": 7, "creator_id": 3, "surface": "for_you"})
        buyer.checkout(buyer.post("/checkout/quote", {"address_id": buyer.address_id()})["quote_token"])
        assert OrderLine.objects.get().attribution == {"surface": "direct"}

    def test_a_guests_clicks_become_the_persons_and_the_later_stays(self, sku: int) -> None:
        guest = Caller(Client())
        guest.get("/session")
        key = guest.key
        with clock.frozen(START):
            click(guest, sku, "for_you", sealed(guest, sku, 7, 3))
        person = Caller.new_person()
        with clock.frozen(START + timedelta(minutes=1)):
            click(person, sku, "creator", sealed(person, sku, 8, 4))
        for _ in range(2):
            merge_touches(from_key=key, to_key=person.key)
        kept = ProductTouch.objects.get()
        assert (kept.actor_key, kept.creator_id) == (person.key, 4)

    def test_clicks_are_forgotten_when_no_window_reaches_them(self, buyer: Caller, sku: int) -> None:
        with clock.frozen(START):
            click(buyer, sku, "mall")
        with clock.frozen(START + timedelta(days=90)):
            assert forget_touches() == 0
        with clock.frozen(START + timedelta(days=90, seconds=1)):
            assert forget_touches() == 1


@pytest.mark.django_db
class TestLies:
    """A client names what its person never met."""

    def test_ids_without_a_proof_credit_nobody(self, buyer: Caller, sku: int) -> None:
        lie = {"content_id": 7, "creator_id": 3, "surface": "for_you"}
        body = {"lines": [{"sku_id": sku, "quantity": 1, "attribution": lie}], "address_id": buyer.address_id()}
        buyer.checkout(buyer.post("/checkout/quote", body)["quote_token"])
        assert OrderLine.objects.get().attribution == {"surface": "for_you"}

    @pytest.mark.parametrize("lie", ["anothers", "another product", "altered", "old", "no token at all"])
    def test_a_proof_that_is_not_ones_own_is_refused_and_buys_without(
        self, buyer: Caller, shop: Shop, sku: int, lie: str
    ) -> None:
        touch = sealed(buyer, sku)
        if lie == "anothers":
            touch = sealed(Caller.new_person(), sku)
        elif lie == "another product":
            touch = sealed(buyer, make_sku(shop, price_minor=100))
        elif lie == "altered":
            touch = "7.4." + touch.split(".", 2)[2]
        elif lie == "old":
            with clock.frozen(clock.now() - timedelta(seconds=settings.ENVIRONMENT.touch_valid_s + 2)):
                touch = sealed(buyer, sku)
        else:
            touch = "nothing"
        assert click(buyer, sku, "for_you", touch, status=422)["error"]["code"] == "bad_touch"
        assert not ProductTouch.objects.exists()
        attribution = {"surface": "for_you", "touch": touch}
        body = {"lines": [{"sku_id": sku, "quantity": 1, "attribution": attribution}], "address_id": buyer.address_id()}
        buyer.checkout(buyer.post("/checkout/quote", body)["quote_token"])
        assert OrderLine.objects.get().attribution == {"surface": "direct"}

    @pytest.mark.parametrize("surface", ["live", "ad"])
    def test_a_room_or_an_ad_needs_its_proof(self, buyer: Caller, sku: int, surface: str) -> None:
        assert click(buyer, sku, surface, status=422)["error"]["code"] == "bad_touch"
        assert click(buyer, sku, surface, sealed(buyer, sku), status=422)["error"]["field"] == "surface"
        click(buyer, sku, surface, sealed(buyer, sku, 0, 3, live_room_id=11, ad_id=12))
        told = bought(buyer, sku)
        assert (told["creator_id"], told["live_room_id"], told["ad_id"], told["surface"]) == (3, 11, 12, surface)

    def test_an_unknown_product_keeps_no_click(self, buyer: Caller) -> None:
        buyer.post("/touches", {"product_id": 999, "surface": "mall"}, status=404)
        assert not ProductTouch.objects.exists()

    def test_an_early_click_arriving_late_does_not_displace_a_later_one(self, buyer: Caller, sku: int) -> None:
        with clock.frozen(START + timedelta(minutes=1)):
            click(buyer, sku, "for_you", sealed(buyer, sku, 8, 4))
        with clock.frozen(START):
            click(buyer, sku, "for_you", sealed(buyer, sku, 7, 3))
        assert ProductTouch.objects.get().creator_id == 4


@pytest.mark.django_db
class TestMerchant:
    def test_sees_filters_and_exports_it(self, buyer: Caller, sku: int, shop: Shop) -> None:
        click(buyer, sku, "for_you", sealed(buyer, sku))
        order_no = buyer.buy((sku, 1))
        Caller.new_person().buy((sku, 1))
        deliver_due()
        member = shop.member()
        (row,) = member.get(f"/shops/{shop.id}/orders/{order_no}")["attributions"]
        assert {name: row[name] for name in ("source", "content_id", "creator_id", "campaign", "credited_source")} == {
            "source": "for_you",
            "content_id": 7,
            "creator_id": 3,
            "campaign": None,
            "credited_source": "for_you",
        }

        def found(query: str) -> list[str]:
            return [order["order_no"] for order in member.get(f"/shops/{shop.id}/orders?{query}")["items"]]

        assert found("creator_id=3") == found("content_id=7") == found("source=for_you") == [order_no]
        assert found("creator_id=4") == found("live_room_id=3") == found("campaign=flash_sale:1") == []
        export = member.client.get(f"/api/v1/shops/{shop.id}/orders.csv?creator_id=3")
        head, line = b"".join(export.streaming_content).decode("utf-8-sig").splitlines()
        told = dict(zip(head.split(","), line.split(","), strict=True))
        assert (told["source"], told["creator_id"], told["content_id"]) == ("for_you", "3", "7")


def test_a_seal_opens_for_its_actor_only() -> None:
    with clock.frozen(START):
        token = seal_touch(actor_key="g1", product_ids=[5, 6], content_id=7, creator_id=3)
        found = open_touch(actor_key="g1", token=token)
        assert found is not None
        assert (found.content_id, found.creator_id, found.live_room_id, found.product_ids) == (7, 3, None, {5, 6})
        assert open_touch(actor_key="g11", token=token) is None
        assert open_touch(actor_key="g1", token=token[:-1] + ("A" if token[-1] != "A" else "B")) is None
        assert open_touch(actor_key="g1", token="é.x") is None


DAY_MS = 86_400_000
TOUCHES = st.lists(
    st.builds(
        Touch,
        surface=st.sampled_from(["for_you", "mall", "search"]),
        at_ms=st.integers(-20 * DAY_MS, 0),
        creator_id=st.one_of(st.none(), st.integers(1, 5)),
    ),
    max_size=6,
)


@given(TOUCHES)
def test_the_choice_against_its_definition(touches: list[Touch]) -> None:
    found = choose(touches, now_ms=0, credit=CREDIT, visit=VISIT)
    eligible = [one for one in touches if one.creator_id and one.at_ms >= -15 * DAY_MS]
    latest = max((one.at_ms for one in eligible), default=None)
    assert found.credited_at_ms == latest
    assert found.creator_id in ({one.creator_id for one in eligible if one.at_ms == latest} or {None})
    visits = [one for one in touches if one.at_ms >= -DAY_MS]
    newest = max((one.at_ms for one in visits), default=None)
    assert found.surface in ({one.surface for one in visits if one.at_ms == newest} or {"direct"})


def test_nothing_led_to_it() -> None:
    assert choose([], now_ms=0, credit=CREDIT, visit=VISIT) == Attribution(surface="direct")
