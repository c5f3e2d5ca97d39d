"""Several processes want the same units at once."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum

from xingqu.catalogue import services
from xingqu.catalogue.models import Sku, StockHold, StockLevel, StockMovement, Warehouse
from xingqu.kit import clock
from xingqu.kit.tests.threads import while_open

BUYER = """
import sys, time
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from datetime import timedelta
from xingqu.catalogue import services
from xingqu.kit import clock
me, sku_id, start = sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
time.sleep(max(0.0, start - time.time()))
for n in range(4):
    try:
        services.hold_stock(
            order_ref=f"{me}-{n}", lines=[(sku_id, 1)], expires_at=clock.now() + timedelta(minutes=5)
        )
        services.resolve_hold(order_ref=f"{me}-{n}", outcome="consume")
        print("bought")
    except services.SoldOut as refusal:
        print(refusal.code)
"""


@pytest.mark.django_db(transaction=True)
def test_two_orders_that_need_the_same_two_levels(make_product: Callable[..., int]) -> None:
    sku = Sku.objects.get(product_id=make_product(), option_text="雾蓝")
    house = Warehouse.objects.get()
    for bucket, units in enumerate((3, 4)):
        StockLevel.objects.create(
            sku=sku, warehouse=house, campaign="flash:1", bucket=bucket, received=units, free=units
        )

    def hold(ref: str) -> None:
        until = clock.now() + timedelta(minutes=5)
        services.hold_stock(order_ref=ref, lines=[(sku.pk, 5, "flash:1")], expires_at=until)

    first, second = while_open(lambda: hold("o1"), lambda: hold("o2"))
    assert first is None
    assert isinstance(second, services.SoldOut)
    assert second.data["skus"] == [{"sku_id": sku.pk, "requested": 5, "available": 2, "campaign": "flash:1"}]
    assert set(StockHold.objects.values_list("order_ref", flat=True)) == {"o1"}
    left = StockLevel.objects.filter(campaign="flash:1").aggregate(held=Sum("held"), free=Sum("free"))
    assert left == {"held": 5, "free": 2}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_thirty_two_buyers_get_ten_units(make_product: Callable[..., int]) -> None:
    product_id = make_product()
    sku = Sku.objects.get(product_id=product_id, option_text="雾蓝")
    assert sku.on_hand == 10
    start = time.time() + 4
    buyers = [
        subprocess.Popen(
            [sys.executable, "-c", BUYER, str(connection.settings_dict["NAME"]), f"b{n}", str(sku.pk), str(start)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "xingqu.config.settings"},
        )
        for n in range(8)
    ]
    said = [line for buyer in buyers for line in buyer.communicate(timeout=120)[0].split()]
    assert [buyer.returncode for buyer in buyers] == [0] * 8
    assert sorted(said) == ["bought"] * 10 + ["sold_out"] * 22
    sku.refresh_from_db()
    assert (sku.on_hand, sku.held) == (0, 0)
    assert StockHold.objects.filter(state="consumed").aggregate(n=Sum("quantity"))["n"] == 10
    sums = StockMovement.objects.filter(sku=sku).aggregate(a=Sum("on_hand_delta"), b=Sum("held_delta"))
    assert (sums["a"], sums["b"]) == (0, 0)
