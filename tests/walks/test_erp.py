"""The example ERP beside a real site: takes paid orders by the open API, ships them, sets stock, goes on after a stop."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.trade.client import Buyer
from bench.trade.site import Site

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
MAKE_PROGRAM = """
import django; django.setup()
import json, sys
from xingqu.accounts.models import Membership
from xingqu.openapi.models import OpenApp
from xingqu.openapi.services.apps import create_app
member = Membership.objects.filter(role="owner").order_by("organisation_id").first()
scopes = ["order.read", "logistics.write", "product.read", "stock.write", "shop.read"]
app_id, secret = create_app(shop_id=member.organisation_id, person_id=member.person_id, name="ERP", scopes=scopes)
from xingqu.catalogue.models import Sku
Sku.objects.filter(product__shop_id=member.organisation_id).update(code="BED-1")
json.dump([OpenApp.objects.get(pk=app_id).client_id, secret], sys.stdout)
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path / "home", 8187, workers=1)
    yield made
    made.stop()


def run_erp(site: Site, folder: Path, credentials: list[str], *more: str) -> str:
    environment = {**os.environ, "XINGQU_CLIENT_ID": credentials[0], "XINGQU_CLIENT_SECRET": credentials[1]}
    command = [sys.executable, str(ROOT / "examples" / "erp_sync.py"), "--site", f"http://127.0.0.1:{site.port}"]
    done = subprocess.run(
        [*command, "--folder", str(folder), "--once", *more], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def read_orders(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "orders.json").read_text("utf-8"))
    return found


def test_an_erp_takes_ships_and_keeps_stock(site: Site, tmp_path: Path) -> None:
    seeded = site.seed(shops=1, skus_a_shop=1, stock=10, buyers=1)
    made = subprocess.run(
        [sys.executable, "-c", MAKE_PROGRAM], env=site.environment, capture_output=True, text=True, check=True
    )
    credentials = json.loads(made.stdout)
    site.start()
    buyer = Buyer(site.port, seeded["buyers"][0]["session"], seeded["buyers"][0]["address_id"])
    folder = tmp_path / "erp"
    buyer.buy(seeded["skus"][0])
    assert run_erp(site, folder, credentials) == "1 orders read, 0 shipped, stock of 0 SKUs set"
    assert [order["state"] for order in read_orders(folder).values()] == ["paid"]
    buyer.buy(seeded["skus"][0])
    deadline = 20
    while True:  # the worker writes the log of changes a moment after the payment
        told = run_erp(site, folder, credentials, "--ship", "sf")
        if len(read_orders(folder)) == 2 or not deadline:
            break
        deadline -= 1
    assert told.endswith("shipped, stock of 0 SKUs set")
    assert sorted(order["state"] for order in read_orders(folder).values()) == ["shipped", "shipped"]
    assert len({order["tracking_no"] for order in read_orders(folder).values()}) == 2
    (folder / "stock.json").write_text('{"BED-1": 25}', "utf-8")
    assert run_erp(site, folder, credentials).endswith("0 shipped, stock of 1 SKUs set")
    assert run_erp(site, folder, credentials).endswith("0 shipped, stock of 0 SKUs set")
    buyer.close()
