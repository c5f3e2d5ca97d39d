"""Goods and signed-in buyers for a benchmark. Reads {"shops", "skus_a_shop", "stock", "buyers"} from stdin, prints JSON."""

import json
import sys
from datetime import timedelta

import django


def sign_in(person_id: int) -> str:
    """Key of a session of this person."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from xingqu.accounts.models import Person

    session = SessionStore()
    session[SESSION_KEY] = str(person_id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = Person.objects.get(pk=person_id).get_session_auth_hash()
    session.set_expiry(timedelta(days=1_000))  # a soak's clocks run months ahead
    session.create()
    return str(session.session_key)


def make_goods(shop_id: int, number: int, item: int, stock: int) -> list[int]:
    """A product on sale. Returns its SKUs."""
    from xingqu.catalogue import selectors as catalogue
    from xingqu.catalogue import services
    from xingqu.catalogue.domain.records import ProductRecord, SkuRecord

    record = ProductRecord(
        name=f"四件套 {number}-{item}",
        category_id=catalogue.find_category(path=["居家", "床品件套"]) or 0,
        brief="亲肤舒适",
        attributes=(("材质", "100%棉"), ("尺寸", "1.8 米床")),
        skus=(SkuRecord(values=(), price_minor=9900 + item, stock=stock),),
    )
    product_id = services.create_product(shop_id=shop_id, record=record)
    reasons = services.submit_product(shop_id=shop_id, product_id=product_id, needs_picture=False)
    if reasons:
        raise RuntimeError(f"the goods did not pass the check: {reasons}")
    services.take_online(shop_id=shop_id, product_id=product_id)
    return [sku["id"] for sku in catalogue.product_detail(product_id=product_id)["skus"]]


def make_buyer(number: int) -> dict[str, object]:
    """Somebody signed in, with an address: {"session", "address_id"}."""
    from xingqu.accounts.services import create_person
    from xingqu.trade.services.addresses import add_address

    person_id = create_person(email=f"buyer{number}@bench.invalid", password=None)
    fields = {"recipient": "李小雨", "phone": "13800138000", "detail": "花园路 1 号", "label": ""}
    regions = {"province_id": 1, "city_id": 32, "district_id": 376, "is_default": True}
    address_id = add_address(owner_key=f"p{person_id}", fields={**fields, **regions})
    return {"session": sign_in(person_id), "address_id": address_id}


def main() -> None:
    """Make everything and print ids, session keys and addresses."""
    django.setup()
    from django.db import transaction

    from xingqu.accounts.services import create_organisation, create_person
    from xingqu.catalogue import services

    order = json.load(sys.stdin)
    skus: list[int] = []
    with transaction.atomic():
        services.ensure_category_tree()
        for number in range(order["shops"]):
            owner = create_person(email=f"owner{number}@bench.invalid", password=None)
            shop_id = create_organisation(owner_id=owner, kind="merchant", name=f"Shop {number}")
            for item in range(order["skus_a_shop"]):
                skus += make_goods(shop_id, number, item, order["stock"])
        buyers = [make_buyer(number) for number in range(order["buyers"])]
    json.dump({"skus": skus, "buyers": buyers}, sys.stdout)


if __name__ == "__main__":
    main()
