"""A small ERP beside a shop: takes its orders, ships them, keeps its stock. Python's standard library only.

    export XINGQU_CLIENT_ID=xq_... XINGQU_CLIENT_SECRET=...
    python examples/erp_sync.py --site http://127.0.0.1:8000 --folder erp [--once] [--ship sf]

The program needs the scopes order.read, logistics.write, product.read, stock.write and shop.read. `--folder` keeps what the ERP
knows: `orders.json` (each order once, with its state) and `cursor.txt` (how far the log of changes was read). With `--ship sf`
paid orders are shipped with numbers of a roll of labels; without it somebody else ships. `stock.json` ({"sku code": units}), when
it is there, is what lies in the warehouse: the shop's stock is set to it. Stopped at any moment it goes on where it stood.
"""

import argparse
import base64
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

PAUSE_S = 5.0
LABEL_DIGITS = 12


class Shop:
    """The shop's API as its program sees it: a token that is renewed, a rate that is kept."""

    def __init__(self, site: str, client_id: str, secret: str) -> None:
        self.root = f"{site.rstrip('/')}/api/v1"
        self.basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        self.token, self.ends_at = "", 0.0
        self.id = int(self.call("GET", "/open/shop")["id"])

    def sign_in(self) -> None:
        """A new access token by the client's credentials."""
        form = urllib.parse.urlencode({"grant_type": "client_credentials"}).encode()
        request = urllib.request.Request(f"{self.root}/oauth/token", form, {"Authorization": f"Basic {self.basic}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            told = json.load(answer)
        self.token, self.ends_at = told["access_token"], time.time() + told["expires_in"] - 60

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call; waits when told that it calls too often. Raises urllib.error.HTTPError for other refusals."""
        if time.time() >= self.ends_at:
            self.sign_in()
        content = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.root}{path}", content, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refusal:
            if refusal.code != 429:
                raise
            time.sleep(float(refusal.headers.get("Retry-After", "1")))
            return self.call(method, path, body)
        return json.loads(text) if text else None

    def pages(self, path: str) -> Any:
        """Items of every page of a list."""
        cursor = ""
        while True:
            page = self.call("GET", f"{path}{'&' if '?' in path else '?'}limit=50{cursor}")
            yield from page["items"]
            if not page["next_cursor"]:
                return
            cursor = f"&cursor={page['next_cursor']}"


class Books:
    """What the ERP knows, on disk. A file is replaced whole, so that a stop never leaves half of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.orders: dict[str, dict[str, Any]] = self._read("orders.json", {})

    def _read(self, name: str, otherwise: Any) -> Any:
        path = self.folder / name
        return json.loads(path.read_text("utf-8")) if path.exists() else otherwise

    def stock(self) -> dict[str, int]:
        """Units in the warehouse by SKU code."""
        found: dict[str, int] = self._read("stock.json", {})
        return found

    def cursor(self) -> str:
        """Where the log of changes was left."""
        path = self.folder / "cursor.txt"
        return path.read_text("utf-8") if path.exists() else ""

    def keep(self, *, cursor: str | None = None) -> None:
        """Write orders, then the cursor: read twice is harmless, passed over is not."""
        self._replace("orders.json", json.dumps(self.orders, ensure_ascii=False, indent=1, sort_keys=True))
        if cursor is not None:
            self._replace("cursor.txt", cursor)

    def _replace(self, name: str, text: str) -> None:
        part = self.folder / f"{name}.part"
        part.write_text(text, "utf-8")
        os.replace(part, self.folder / name)


def take_orders(shop: Shop, books: Books) -> int:
    """Bring the books up to date. Returns how many orders were looked at."""
    cursor, looked_at = books.cursor(), 0
    if not cursor:  # the place in the log first, then everything there is: what changes in between is read again
        cursor = shop.call("GET", f"/shops/{shop.id}/changes")["next_cursor"]
        for order in shop.pages(f"/shops/{shop.id}/orders"):
            books.orders[order["order_no"]] = {"state": order["state"], "buyer": order["buyer_name"]}
            looked_at += 1
        books.keep(cursor=cursor)
    while True:
        page = shop.call("GET", f"/shops/{shop.id}/changes?cursor={cursor}")
        for change in page["items"]:
            if change["topic"].startswith(("order.", "package.")):
                order = shop.call("GET", f"/shops/{shop.id}/orders/{change['reference']}")
                known = books.orders.setdefault(change["reference"], {})
                known |= {"state": order["state"], "buyer": order["buyer_name"]}
                looked_at += 1
        cursor = page["next_cursor"]
        books.keep(cursor=cursor)
        if not page["has_more"]:
            return looked_at


def ship_orders(shop: Shop, books: Books, carrier_code: str) -> int:
    """Ship what is paid. A number is taken from the roll before the call and kept, so that a repeated call uses it again."""
    shipped = 0
    for order_no, order in sorted(books.orders.items()):
        if order["state"] not in ("paid", "part_shipped"):
            continue
        if "tracking_no" not in order:
            taken = sum("tracking_no" in known for known in books.orders.values())
            order["tracking_no"] = f"SF{int(time.time()) % 10**6:06d}{taken:0{LABEL_DIGITS - 6}d}"
            books.keep()
        body = {"carrier_code": carrier_code, "tracking_no": order["tracking_no"]}
        try:
            order["state"] = shop.call("POST", f"/shops/{shop.id}/orders/{order_no}/ship", body)["state"]
            shipped += 1
        except urllib.error.HTTPError as refusal:
            error = json.load(refusal)["error"]
            print(f"{order_no} can't be shipped: {error['code']}: {error['message']}", file=sys.stderr)
            order["state"] = shop.call("GET", f"/shops/{shop.id}/orders/{order_no}")["state"]
        books.keep()
    return shipped


def set_stock(shop: Shop, books: Books) -> int:
    """Set the shop's stock to the warehouse's. Returns how many SKUs were changed."""
    wanted, changed = books.stock(), 0
    if not wanted:
        return 0
    for row in shop.pages(f"/shops/{shop.id}/products"):
        product = shop.call("GET", f"/shops/{shop.id}/products/{row['id']}")
        for sku in product["skus"]:
            units = wanted.get(sku["code"])
            if units is not None and units != sku["on_hand"]:
                body = {"sku_id": sku["id"], "set_to": units, "reason": "ERP"}
                shop.call("POST", f"/shops/{shop.id}/products/{row['id']}/stock", body)
                changed += 1
    return changed


def main() -> None:
    """Go round and round, or once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--folder", type=Path, default=Path("erp"))
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--ship", metavar="CARRIER", help="ship paid orders with this carrier")
    options = parser.parse_args()
    try:
        shop = Shop(options.site, os.environ["XINGQU_CLIENT_ID"], os.environ["XINGQU_CLIENT_SECRET"])
    except KeyError as missing:
        parser.error(f"set {missing.args[0]} to what the workbench's page Open platform gave you")
    books = Books(options.folder)
    while True:
        looked_at = take_orders(shop, books)
        shipped = ship_orders(shop, books, options.ship) if options.ship else 0
        changed = set_stock(shop, books)
        print(f"{looked_at} orders read, {shipped} shipped, stock of {changed} SKUs set", flush=True)
        if options.once:
            return
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    main()
