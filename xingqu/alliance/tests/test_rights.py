"""A product taken up is one that the creator's works and rooms may show; out of the showcase, it is not any more."""

from datetime import timedelta

from xingqu.alliance.domain.plans import PlanKind
from xingqu.alliance.services.plans import close_plan
from xingqu.alliance.tests.house import new_creator, offer, product_of
from xingqu.content.selectors import rights_among
from xingqu.kit import clock
from xingqu.trade.tests.house import Shop


def _may_show(creator_id: int, sku: int) -> bool:
    return bool(rights_among(creator_ids=[creator_id], product_ids=[product_of(sku)]))


def test_what_is_taken_up_may_be_shown_until_it_leaves_the_showcase(shop: Shop, sku: int) -> None:
    (creator_id, caller), (other_id, other) = new_creator(), new_creator()
    base, body = f"/creators/{creator_id}/alliance", {"product_id": product_of(sku)}
    assert caller.error("POST", f"{base}/links", body, status=409)["code"] == "not_offered"
    assert not _may_show(creator_id, sku)
    offer(shop, sku)
    assert not _may_show(creator_id, sku)  # offered, and not taken up
    caller.post(f"{base}/links", body, status=201)
    assert (_may_show(creator_id, sku), _may_show(other_id, sku)) == (True, False)
    other.post(f"/creators/{other_id}/alliance/links", body, status=201)
    caller.call("DELETE", f"{base}/showcase/{product_of(sku)}", status=204)
    assert (_may_show(creator_id, sku), _may_show(other_id, sku)) == (False, True)
    caller.post(f"{base}/links", body, status=201)
    assert _may_show(creator_id, sku)


def test_a_plan_s_end_takes_the_commission_and_leaves_the_showcase(shop: Shop, sku: int) -> None:
    """As the showcase says (decision 0122): it sells there for nothing until the creator takes it out."""
    creator_id, caller = new_creator()
    plan_id = offer(shop, sku, kind=PlanKind.TARGETED, creator_ids=[creator_id])
    caller.post(f"/creators/{creator_id}/alliance/links", {"product_id": product_of(sku)}, status=201)
    since = close_plan(shop_id=shop.id, plan_id=plan_id, person_id=1)
    with clock.frozen(since + timedelta(seconds=1)):
        shown = caller.get(f"/creators/{creator_id}/alliance/showcase")["items"]
        assert [(row["product_id"], row["problem"], row["commission_bp"]) for row in shown] == [
            (product_of(sku), "no_plan", None)
        ]
        assert _may_show(creator_id, sku)
