"""A hot SKU for the benchmarks of stock: made in an empty database, bought by processes of their own, counted afterwards."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from bench.postgresql import Cluster

CAMPAIGN = "flash:1"
SETUP = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from xingqu.accounts.services import create_organisation, create_person
from xingqu.catalogue import services
from xingqu.catalogue.domain.records import ProductRecord, SkuRecord
from xingqu.catalogue.models import Sku
from xingqu.catalogue.selectors import find_category
services.ensure_category_tree()
owner = create_person(email=f"owner{Sku.objects.count()}@bench.invalid", password=None)
shop = create_organisation(owner_id=owner, kind="merchant", name=f"Shop {owner}")
units = int(sys.argv[1])
for number in range(int(sys.argv[2])):
    record = ProductRecord(
        name=f"四件套{number}",
        category_id=find_category(path=["居家", "床品件套"]) or 0,
        brief="亲肤舒适",
        attributes=(("材质", "100%棉"), ("尺寸", "1.8 米床")),
        skus=(SkuRecord((), 9900, stock=units),),
    )
    product = services.create_product(shop_id=shop, record=record)
    assert services.submit_product(shop_id=shop, product_id=product, needs_picture=False) == {}
    services.take_online(shop_id=shop, product_id=product)
    sku = Sku.objects.get(product_id=product).pk
    if sys.argv[3] == "campaign":
        services.allot_stock(campaign="flash:1", sku_id=sku, quantity=units, is_open=True)
    print(sku, flush=True)
"""
COUNT = """
import sys, django
django.setup()
from django.db.models import F, Sum
from xingqu.catalogue.models import StockHold, StockLevel, StockMovement
for sku in map(int, sys.argv[1].split(",")):
    rows = StockLevel.objects.filter(sku_id=sku)
    wrong = rows.exclude(received=F("sold") + F("held") + F("free")).count()
    sums = rows.aggregate(r=Sum("received"), s=Sum("sold"), h=Sum("held"), f=Sum("free"))
    holds = StockHold.objects.filter(sku_id=sku).aggregate(n=Sum("quantity"))["n"] or 0
    noted = StockMovement.objects.filter(sku_id=sku).aggregate(a=Sum("on_hand_delta"), b=Sum("held_delta"))
    ok = not wrong and holds == sums["s"] + sums["h"] and noted["a"] == sums["f"] + sums["h"] and noted["b"] == sums["h"]
    print(sums["r"], sums["s"] + sums["h"], sums["f"], int(ok))
"""


@contextmanager
def database(kind: str) -> Iterator[tuple[dict[str, str], Cluster | None]]:
    """The environment of processes that use an empty database, and its server where there is one."""
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="xq-units-"))
        cluster = stack.enter_context(Cluster()) if kind == "postgresql" else None
        yield (
            {
                **os.environ,
                "XINGQU_HOME": home,
                "XINGQU_DATABASE_URL": cluster.create_database() if cluster else "",
                "XINGQU_SECRET_KEY": "benchmark",
                "XINGQU_LOG_LEVEL": "WARNING",
                "DJANGO_SETTINGS_MODULE": "xingqu.config.settings",
            },
            cluster,
        )


def run(source: str, *arguments: Any, environment: dict[str, str]) -> str:
    """What a process that runs `source` prints."""
    command = [sys.executable, "-c", source, *map(str, arguments)]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def make_skus(*, units: int, count: int, place: str, environment: dict[str, str]) -> list[int]:
    """`count` SKUs of `units` each, in general stock or set aside for a campaign."""
    return [int(line) for line in run(SETUP, units, count, place, environment=environment).split()]


def count_units(sku_ids: list[int], environment: dict[str, str]) -> list[tuple[int, int, int, bool]]:
    """(received, in orders, free, whether rows, holds and movements agree) by SKU."""
    lines = run(COUNT, ",".join(map(str, sku_ids)), environment=environment).splitlines()
    return [(int(a), int(b), int(c), d == "1") for a, b, c, d in (line.split() for line in lines)]


def start(source: str, *arguments: Any, environment: dict[str, str]) -> subprocess.Popen[str]:
    """A process that says "ready", waits for a line, and prints what it found."""
    command = [sys.executable, "-c", source, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def race(processes: list[subprocess.Popen[str]]) -> list[str]:
    """Let processes go at once when all are ready; what each of them printed. Raises RuntimeError when one fails."""
    wait_ready(processes)
    return let_go(processes)


def wait_ready(processes: list[subprocess.Popen[str]]) -> None:
    """Return when all have said "ready"."""
    for process in processes:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("a buyer did not start")


def let_go(processes: list[subprocess.Popen[str]]) -> list[str]:
    """Let processes that are ready go; what each of them printed."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=600)[0] for process in processes]
    if any(process.returncode for process in processes):
        raise RuntimeError("a buyer failed")
    return said
