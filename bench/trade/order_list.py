"""How fast is the order list of a shop with a million orders? `python -m bench.trade.order_list [--orders N]`

A temporary database is filled (four fifths of the orders are the shop's own, the rest of nine others; states, amounts, times
over a year, two lines an order): the first 50,000 orders are drawn, the others are copies with numbers and times of their own.
Then the list, its filters, a page far down and the counters are asked for over Django's
own HTTP layer, in one process.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SHOP, PRODUCTS, YEAR_S, DRAWN = 1, 400, 365 * 86_400, 50_000
ADDRESS = {
    "recipient": "李小雨",
    "phone": "13800138000",
    "province": "北京市",
    "city": "北京市",
    "district": "朝阳区",
    "detail": "花园路 1 号",
}
STATES = ("done",) * 86 + ("shipped",) * 6 + ("paid",) * 2 + ("cancelled",) * 4 + ("unpaid", "refunded")
FLAGGED_EVERY = 200


def main() -> None:
    """Fill, ask, print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--home", default="", help="keep the database in this folder and use it again")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["XINGQU_HOME"] = asked.home or temporary
        os.environ["XINGQU_LOG_LEVEL"] = "ERROR"
        os.environ["DJANGO_SETTINGS_MODULE"] = "xingqu.config.settings"
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from xingqu.trade.models import ShopOrder

        if not ShopOrder.objects.exists():
            started = time.monotonic()
            fill(asked.orders)
            print(f"{asked.orders:,} orders in {time.monotonic() - started:.0f} s", file=sys.stderr)
        measure(asked.orders, asked.repeats)


def fill(orders: int) -> None:
    """Write the shop's owner and the orders, the first by drawing, the others by copying those."""
    from django.db import connection, transaction

    from xingqu.accounts.services import create_organisation, create_person

    owner = create_person(email="owner@bench.invalid", password=None)
    for number in range(10):
        create_organisation(owner_id=owner, kind="merchant", name=f"Shop {number}")
    draw = random.Random(7)
    first = datetime(2025, 11, 1, tzinfo=UTC)
    with transaction.atomic():
        write_part(draw, first, range(1, min(DRAWN, orders) + 1), orders)
    for start in range(DRAWN, orders, DRAWN):
        with transaction.atomic():
            copy_part(start, min(DRAWN, orders - start), YEAR_S * start / orders)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def copy_part(offset: int, count: int, later_s: float) -> None:
    """Copy the first `count` orders with all that belongs to them: `offset` on each id, `later_s` on each time. SQLite's SQL."""
    from django.db.models import DateTimeField

    from xingqu.kit.sql import execute, fetch_one
    from xingqu.trade.models import OrderLine, OrderMark, ParentOrder, ShopOrder

    for model, of_order in ((ParentOrder, "id"), (ShopOrder, "id"), (OrderLine, "order_id"), (OrderMark, "order_id")):
        table = model._meta.db_table
        last = (fetch_one(f"SELECT COALESCE(MAX(id), 0) FROM {table} WHERE {of_order} <= %s", [DRAWN]) or (0,))[0]
        own = offset // DRAWN * last
        columns: list[str] = []
        values: list[str] = []
        for field in model._meta.local_concrete_fields:
            column = str(field.column)
            columns.append(column)
            if isinstance(field, DateTimeField):
                values.append(f"strftime('%%Y-%%m-%%d %%H:%%M:%%f000', {column}, '{later_s:+.0f} seconds')")
            elif column == "id":
                values.append(f"id + {own}")
            elif column in ("parent_id", "order_id"):
                values.append(f"{column} + {offset}")
            elif column == "order_no":
                values.append(f"substr(order_no, 1, 1) || substr('000000000000' || (id + {offset}), -12)")
            elif column == "hold_ref":
                values.append(f"'h' || (id + {offset})")
            else:
                values.append(column)
        execute(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {table}"
            f" WHERE {of_order} <= %s ORDER BY id",
            [count],
        )


def write_part(draw: random.Random, first: datetime, ids: range, orders: int) -> None:
    """Parents, shop orders, lines and marks of these ids."""
    from xingqu.kit.sql import insert_rows
    from xingqu.trade.models import OrderLine, OrderMark, ParentOrder, ShopOrder

    parents, shop_orders, lines, marks = [], [], [], []
    for pk in ids:
        at = first + timedelta(seconds=YEAR_S * pk / orders)
        state = draw.choice(STATES)
        shop_id = SHOP if draw.random() < 0.8 else draw.randint(2, 10)
        buyer, amount = f"p{draw.randint(1, orders // 4 + 1)}", draw.randint(500, 200_000)
        parents.append(
            ParentOrder(order_no=f"P{pk:012d}", buyer_key=buyer, state=state, payable_minor=amount, currency="CNY",
                        address=ADDRESS, created_at=at, expires_at=at, paid_at=at)
        )  # fmt: skip
        shop_orders.append(
            ShopOrder(order_no=f"S{pk:012d}", parent_id=pk, shop_id=shop_id, buyer_key=buyer, state=state, currency="CNY",
                      goods_minor=amount, freight_minor=0, payable_minor=amount, hold_ref=f"h{pk}", created_at=at,
                      expires_at=at, ship_by=at + timedelta(days=2), paid_at=at, search_text=f"李小雨 13800138000 四件套{pk}",
                      note="请轻放" if draw.random() < 0.02 else "")
        )  # fmt: skip
        for _ in range(2):
            product = min(int(draw.paretovariate(0.7)), PRODUCTS)
            lines.append(
                OrderLine(order_id=pk, sku_id=product, product_id=product, name="纯棉四件套", option_text="雾蓝", quantity=1,
                          unit_price_minor=amount, subtotal_minor=amount,
                          attribution={"surface": draw.choice(["for_you", "mall", "search", "live"])})
            )  # fmt: skip
        if shop_id == SHOP and pk % FLAGGED_EVERY == 0:
            marks.append(OrderMark(order_id=pk, shop_id=SHOP, flag="red", note="", person_id=1, updated_at=at))
    for rows in (parents, shop_orders, lines, marks):
        for start in range(0, len(rows), 800):
            insert_rows(rows[start : start + 800])


def measure(orders: int, repeats: int) -> None:
    """Ask each address `repeats` times, with fresh cursors and words, and print p50 and p99."""
    from django.conf import settings
    from django.test import Client

    from xingqu.accounts.models import Person
    from xingqu.kit.api import encode_cursor
    from xingqu.kit.processes import settle_memory
    from xingqu.trade.models import ShopOrder
    from xingqu.trade.selectors.merchant_list import microseconds

    settings.ALLOWED_HOSTS = ["testserver"]
    http, draw = Client(), random.Random(11)
    http.force_login(Person.objects.get(), backend=settings.AUTHENTICATION_BACKENDS[0])
    base = f"/api/v1/shops/{SHOP}/orders"
    first = datetime(2025, 11, 1, tzinfo=UTC)

    def month() -> str:
        start = first + timedelta(days=draw.randint(0, 330))
        return f"from={start:%Y-%m-%dT00:00:00Z}&to={start + timedelta(days=30):%Y-%m-%dT00:00:00Z}"

    def deep() -> str:
        row = ShopOrder.objects.filter(pk=draw.randint(1, orders // 2)).values_list("created_at", "pk").get()
        return f"cursor={encode_cursor(microseconds(row[0]), row[1])}"

    def order() -> str:
        return f"S{draw.randint(1, orders):012d}"

    own = list(ShopOrder.objects.filter(shop_id=SHOP).values_list("order_no", flat=True)[:5_000:50])
    cases: list[tuple[str, Callable[[], str]]] = [
        ("first page", lambda: ""),
        ("page far down", deep),
        ("state done", lambda: "state=done"),
        ("state done, far down", lambda: f"state=done&{deep()}"),
        ("to ship", lambda: "state=to_ship"),
        ("late to ship", lambda: "state=late_to_ship"),
        ("a month", month),
        ("a month, cancelled", lambda: f"state=cancelled&{month()}"),
        ("a product", lambda: f"product_id={draw.randint(1, PRODUCTS)}"),
        ("one buyer", lambda: f"like={draw.choice(own)}"),
        ("amount", lambda: f"min_minor={draw.randint(500, 190_000)}&max_minor=200000"),
        ("with a note", lambda: "has_note=true"),
        ("flagged", lambda: "flag=red"),
        ("source", lambda: "source=live"),
        ("order number", lambda: f"q={order()}"),
        ("order number that is not there", lambda: f"q=S269999{draw.randint(0, 999_999):06d}"),
        ("a word", lambda: "q=李小雨"),
        ("a word that is not there", lambda: f"q=没有{draw.randint(0, 99)}"),
        ("a word that is not there, far down", lambda: f"q=没有&{deep()}"),
    ]
    for _, query in cases:
        timed(http, f"{base}?limit=20&{query()}")
    settle_memory()  # as a web process does when it has imported everything
    print("| asked | p50 ms | p99 ms | p50 CPU ms | p99 CPU ms |\n|---|---:|---:|---:|---:|")
    for name, query in cases:
        report(name, [timed(http, f"{base}?limit=20&{query()}") for _ in range(repeats)])
    report("counters", [timed(http, f"{base}/counts") for _ in range(repeats)])


def timed(http: object, address: str) -> tuple[float, float]:
    """Milliseconds of one answer, and milliseconds of this process's CPU in it, which other processes do not lengthen."""
    started, cpu_started = time.perf_counter(), time.process_time()
    response = http.get(address)  # type: ignore[attr-defined]
    taken_ms = ((time.perf_counter() - started) * 1000, (time.process_time() - cpu_started) * 1000)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code} {response.content[:300]}")
    return taken_ms


def report(name: str, times_ms: list[tuple[float, float]]) -> None:
    """One line of the table; the first answers warm up and are left out."""
    figures = []
    for taken in zip(*times_ms[5:], strict=True):
        ordered = sorted(taken)
        figures += [ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]]
    print(f"| {name} | {' | '.join(f'{figure:.1f}' for figure in figures)} |", flush=True)


if __name__ == "__main__":
    main()
