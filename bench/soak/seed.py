"""Shops, goods and people of a soak. Reads {"shops", "skus_a_shop", "stock", "buyers"} from stdin, prints JSON."""

import json
import sys
from typing import Any

import django

from bench.trade.seed import make_buyer, make_goods, sign_in

# Account numbers by which the sandbox bank pays, loses its first answer, and refuses.
ACCOUNTS = ("6222020200112233", "6222020200119999", "6222020200110000")


def main() -> None:
    """Make everything and print {"buyers", "shops": [{"id", "session", "skus"}], "operator"}."""
    django.setup()
    from django.db import transaction

    from xingqu.accounts.services import create_organisation, create_person
    from xingqu.catalogue import services

    order = json.load(sys.stdin)
    shops: list[dict[str, Any]] = []
    with transaction.atomic():
        services.ensure_category_tree()
        for number in range(order["shops"]):
            owner = create_person(email=f"owner{number}@bench.invalid", password=None)
            shop_id = create_organisation(owner_id=owner, kind="merchant", name=f"Shop {number}")
            skus = [
                sku for item in range(order["skus_a_shop"]) for sku in make_goods(shop_id, number, item, order["stock"])
            ]
            shops.append({"id": shop_id, "session": sign_in(owner), "skus": skus})
            _prepare_shop(shop_id, owner, ACCOUNTS[number % len(ACCOUNTS)])
        buyers = [make_buyer(number) for number in range(order["buyers"])]
        operator = create_person(email="operator@bench.invalid", password=None, is_operator=True)
    json.dump({"buyers": buyers, "shops": shops, "operator": sign_in(operator)}, sys.stdout)


def _prepare_shop(shop_id: int, owner: int, account: str) -> None:
    """A bank account, and goods that may be sent back."""
    from xingqu.catalogue.models import Product
    from xingqu.settlement.services.withdrawals import set_payout_account

    set_payout_account(
        shop_id=shop_id, holder="素屋家居有限公司", bank_name="示例银行", number=account, person_id=owner
    )
    Product.objects.filter(shop_id=shop_id).update(promises=["no_reason_return_7d"])


if __name__ == "__main__":
    main()
