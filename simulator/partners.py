"""Creators beside the shop: samples in several states, and collaborations that are talked about, run and wait."""

import logging
from datetime import timedelta
from typing import Any

from simulator.browser import Browser, Refused
from simulator.past import Stage
from xingqu.kit import clock

log = logging.getLogger("simulator")

# Two that sign up, beside the demo's own creator, who comes first.
CREATORS = (("demo-home", "慢慢布置"), ("demo-wear", "衣橱小课"))
PITCHES = ("粉丝多在意家居质感，想做一期开箱", "下周有一场居家专场", "可以拍三条不同场景的短视频")
DAY = "%Y-%m-%d"


def invite_creators(stage: Stage) -> None:
    """Two more creators open studios; a shop gives samples and agrees with them. What the site refuses leaves that part out."""
    shop = stage.shops[0]
    try:
        creators = [_own(stage), *(_studio(stage, n, handle, name) for n, (handle, name) in enumerate(CREATORS))]
        _samples(stage, shop, creators)
        _collaborations(stage, shop, creators)
    except (Refused, LookupError) as error:
        log.warning("samples and collaborations stopped: %s", error)


def _own(stage: Stage) -> tuple[Browser, int]:
    """The demo's creator, as `_studio` answers."""
    browser = stage.person("creator")
    browser.add_address("收件人", stage.draw.choice)
    return browser, int(browser.session["organisations"][0]["creator_id"])


def _studio(stage: Stage, number: int, handle: str, name: str) -> tuple[Browser, int]:
    """A person with a studio: (browser, creator id)."""
    browser = stage.browser()
    browser.open()
    browser.sign_up(f"{handle}{stage.draw.randrange(10**6)}@creators.example", f"demo-{handle}-2026")
    place = browser.post(
        "/api/v1/studios", {"handle": f"{handle}{number}", "display_name": name, "bio": "只推自己用过的"}
    )
    profile = browser.get(f"/api/v1/shops/{place['id']}/profile")
    browser.add_address(name, stage.draw.choice, phone=f"1390000000{number}")
    return browser, int(profile["id"])


def _samples(stage: Stage, shop: int, creators: list[tuple[Browser, int]]) -> None:
    """One is on its way, one waits to be sent, the others wait for an answer."""
    desk = f"/api/v1/shops/{shop}"
    offers = []
    for product in stage.goods[shop][:2]:
        sku = max(stage.merchant.get(f"/api/v1/products/{product}")["skus"], key=lambda one: int(one["available"]))
        body = {"sku_id": sku["id"], "units": min(6, int(sku["available"])), "asks": "自然光下拍一条细节"}
        offers.append(stage.merchant.post(f"{desk}/sample-offers", body))
    asked: list[dict[str, Any]] = []
    for (browser, creator_id), pitch in zip(creators, PITCHES, strict=True):
        address = browser.get("/api/v1/addresses")[0]["id"]
        for offer in offers[: 1 + len(asked) % 2]:
            body = {"offer_id": offer["id"], "address_id": address, "pitch": pitch}
            asked.append(browser.post(f"/api/v1/creators/{creator_id}/samples", body))
    for sample in asked[:2]:
        path = f"{desk}/samples/{sample['sample_no']}"
        approved = stage.merchant.post(f"{path}/approve", {"version": sample["version"], "despite_flag": True})
        if sample is asked[0]:
            stage.merchant.post(f"{path}/ship", {"version": approved["version"], **stage.number()})


def _collaborations(stage: Stage, shop: int, creators: list[tuple[Browser, int]]) -> None:
    """One runs with a slot fee, one without, one is talked about."""
    fees = (3_000, 0, 20_000)
    for place, ((browser, creator_id), fee) in enumerate(zip(creators, fees, strict=True)):
        body = {"creator_id": creator_id, "terms": _terms(stage, shop, place, fee), "text": "一起做一期？"}
        made = stage.merchant.post(f"/api/v1/shops/{shop}/collaborations", body)
        own = f"/api/v1/creators/{creator_id}/collaborations/{made['collab_no']}"
        if place == 2:
            other = {**_terms(stage, shop, place, fee), "commission_bp": 2_500}
            browser.post(f"{own}/counter", {"version": made["version"], "terms": other, "text": "佣金再高一点"})
            continue
        agreed = browser.post(f"{own}/accept", {"version": made["version"], "terms_version": 1})
        if agreed["state"] == "funding":
            path = f"/api/v1/shops/{shop}/collaborations/{made['collab_no']}/fund"
            stage.merchant.post(path, {"version": agreed["version"]})


def _terms(stage: Stage, shop: int, place: int, fee_minor: int) -> dict[str, Any]:
    today = clock.now() + timedelta(days=1)
    return {
        "product_ids": [stage.goods[shop][place]],
        "commission_bp": 2_000,
        "slot_fee_minor": fee_minor,
        "release_kind": "proportional",
        "target_minor": fee_minor * 5,
        "starts_on": today.strftime(DAY),
        "ends_on": (today + timedelta(days=9)).strftime(DAY),
        "release_days": [(today + timedelta(days=30)).strftime(DAY)],
        "works": 2,
        "lives": 1,
        "note": "",
    }
