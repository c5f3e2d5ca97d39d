"""Several processes want the same flash price at once, through the whole checkout."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum

from xingqu.catalogue.selectors import allotments_of
from xingqu.kit import clock
from xingqu.programmes.contracts import flash_campaign
from xingqu.programmes.models import FlashQuota, FlashSaleItem, FlashTake
from xingqu.programmes.services import NewFlashItem, create_flash_sale
from xingqu.trade.models import OrderLine
from xingqu.trade.services.addresses import add_address
from xingqu.trade.tests.house import ADDRESS, make_shop, make_sku, stock_of

BUYER = """
import sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from xingqu.trade.domain.errors import PriceChanged
from xingqu.trade.domain.quote import WantedLine
from xingqu.trade.selectors.addresses import addresses_of
from xingqu.trade.services import checkout, quotes
sku_id, people = int(sys.argv[2]), sys.argv[3].split(",")
requests = []
for key in people:
    wanted = [WantedLine(sku_id, 1)]
    address = addresses_of(owner_key=key)[0]
    quote = quotes.quote_lines(wanted=wanted, address=address, actor_key=key)
    token = quotes.sign_quote(quote, wanted=wanted, actor_key=key, address_id=address["id"])
    assert quote.payable_minor == 9_900, quote.payable_minor
    requests.append((key, checkout.CheckoutRequest(token, address["id"], (), False)))
print("ready", flush=True)
sys.stdin.readline()
for key, request in requests:
    try:
        checkout.place_order(buyer_key=key, idempotency_key="k", request=request)
        print("bought")
    except PriceChanged as refusal:
        print(refusal.code)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_thirty_two_buyers_get_ten_flash_units() -> None:
    shop = make_shop()
    sku = make_sku(shop, stock=100)
    now = clock.now()
    create_flash_sale(
        shop_id=shop.id,
        name="秒杀",
        items=[NewFlashItem(sku, 9_900, 10, 1)],
        starts_at=now - timedelta(minutes=1),
        ends_at=now + timedelta(hours=1),
    )
    people = [f"p{1000 + n}" for n in range(32)]
    for key in people:
        add_address(owner_key=key, fields={**ADDRESS, "is_default": True, "label": ""})
    buyers = [
        subprocess.Popen(
            [
                sys.executable,
                "-c",
                BUYER,
                str(connection.settings_dict["NAME"]),
                str(sku),
                ",".join(people[n::8]),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "xingqu.config.settings"},
        )
        for n in range(8)
    ]
    # All of them have seen the flash price before the first one orders.
    assert [buyer.stdout.readline() for buyer in buyers if buyer.stdout] == ["ready\n"] * 8
    said = []
    for buyer in buyers:
        assert buyer.stdin is not None
        buyer.stdin.write("go\n")
        buyer.stdin.flush()
    for buyer in buyers:
        said += buyer.communicate(timeout=120)[0].split()
    assert [buyer.returncode for buyer in buyers] == [0] * 8
    assert sorted(said) == ["bought"] * 10 + ["price_changed"] * 22
    campaign = flash_campaign(FlashSaleItem.objects.get().pk)
    assert allotments_of(campaigns=[campaign]) == {campaign: (0, 10, 0)}
    assert FlashTake.objects.filter(state="taken").aggregate(n=Sum("quantity"))["n"] == 10
    assert FlashQuota.objects.count() == 10
    assert list(OrderLine.objects.values_list("unit_price_minor", flat=True)) == [9_900] * 10
    assert stock_of(sku) == (100, 10)
