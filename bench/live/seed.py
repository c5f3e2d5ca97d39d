"""A room that is on air with one product, its host, people who chat and buyers with an address.

Reads {"people", "buyers"} from stdin, prints JSON.
"""

import json
import sys

import django


def main() -> None:
    """Make everything and print ids and session keys."""
    django.setup()
    from django.db import transaction

    from bench.trade.seed import make_buyer, make_goods, sign_in
    from xingqu.accounts.services import create_organisation, create_person
    from xingqu.catalogue import selectors as catalogue
    from xingqu.catalogue import services as goods
    from xingqu.live import selectors, services

    order = json.load(sys.stdin)
    with transaction.atomic():
        goods.ensure_category_tree()
        host = create_person(email="host@bench.invalid", password=None)
        shop_id = create_organisation(owner_id=host, kind="merchant", name="Shop")
        [sku_id] = make_goods(shop_id, 0, 0, 1_000)
        changes = services.RoomChanges(title="Ten thousand", block_words=["badword"])
        room_id = services.create_room(shop_id=shop_id, creator_id=None, changes=changes)
        product_id = catalogue.skus_for_sale([sku_id])[sku_id].product_id
        [item_id] = services.add_items(shop_id=shop_id, room_id=room_id, items=[services.NewItem(product_id)])
        key = selectors.stream_page(shop_id=shop_id, room_id=room_id)["stream_key"]
        services.confirm_stream(token=services.open_stream(key=key).token)
        services.start_room(shop_id=shop_id, room_id=room_id)
        people = [
            create_person(email=f"viewer{number}@bench.invalid", password=None) for number in range(order["people"])
        ]
        sessions = [sign_in(person_id) for person_id in people]
        host_session = sign_in(host)
        buyers = [make_buyer(number) for number in range(order["buyers"])]
    json.dump(
        {
            "shop_id": shop_id,
            "room_id": room_id,
            "item_id": item_id,
            "sku_id": sku_id,
            "host": host_session,
            "people": sessions,
            "buyers": buyers,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
