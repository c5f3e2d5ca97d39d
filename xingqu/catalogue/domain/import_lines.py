"""Files of products, read line by line: what is wrong with a line is said, the rest goes on. Here JSON lines."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from xingqu.catalogue.domain.limits import Limit
from xingqu.catalogue.domain.records import MAX_OPTIONS, OptionRecord, SkuRecord, check_matrix
from xingqu.kit.errors import BusinessError
from xingqu.kit.money import parse_decimal

MAX_LINE_BYTES = 1_000_000
TEXT_LIMITS = {"name": 60, "brief": 120, "brand": 60, "unit": 8}
# An option that leaves no choice: how many shop systems write a product without options.
_NO_CHOICE = ("标准", "默认", "default", "standard")


@dataclass(frozen=True, slots=True)
class LineError:
    """What was wrong with one line of a file; `line` counts from 1."""

    line: int
    field: str
    code: str
    message: str
    expected: str


@dataclass(slots=True)
class ParsedProduct:
    """One product of a file: its fields, or what is wrong with them."""

    line: int
    last_line: int
    external_id: str = ""
    category: tuple[str, ...] = ()
    texts: dict[str, Any] = field(default_factory=dict)
    options: tuple[OptionRecord, ...] = ()
    skus: tuple[SkuRecord, ...] = ()
    limit: Limit | None = None
    errors: list[LineError] = field(default_factory=list)

    def refuse(self, name: str, code: str, message: str, expected: str, line: int | None = None) -> None:
        # A file may hold lone surrogates, which no answer could carry.
        readable = message.encode("utf-8", "replace").decode()
        self.errors.append(LineError(line or self.line, name, code, readable, expected))


def read_json_lines(lines: Iterable[bytes]) -> Iterator[ParsedProduct]:
    """Products of a JSON-lines file, one a line; empty lines are skipped. Layout: docs/guides/import.md."""
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        product = ParsedProduct(line=number, last_line=number)
        row = _json_object(raw, product)
        if row is not None:
            _read_row(row, product)
        yield product


def _json_object(raw: bytes, product: ParsedProduct) -> dict[str, Any] | None:
    if len(raw) > MAX_LINE_BYTES:
        product.refuse("line", "too_long", "The line is too long.", f"at most {MAX_LINE_BYTES} bytes")
        return None
    try:
        row = json.loads(raw.decode("utf-8-sig" if product.line == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        product.refuse("line", "broken_utf8", f"Byte {error.start + 1} is not UTF-8.", "UTF-8 text")
    except (ValueError, RecursionError) as error:
        product.refuse("line", "not_json", f"This is not JSON: {str(error)[:120]}", "one JSON object a line")
    else:
        if isinstance(row, dict):
            return row
        product.refuse("line", "not_an_object", "This is JSON, but no object.", "one JSON object a line")
    return None


def _read_row(row: Mapping[str, Any], product: ParsedProduct) -> None:
    product.external_id = read_external_id(row.get("id"), product)
    path = row.get("category")
    parts = [path] if isinstance(path, str) else path
    if isinstance(parts, list) and parts and all(isinstance(part, str) and part.strip() for part in parts):
        product.category = tuple(clean_text(part, "category", 40, product) for part in parts[:5])
    else:
        product.refuse("category", "required", "The category is missing.", '["居家", "床品件套"]')
    for name in ("name", "brief", "brand", "unit"):
        product.texts[name] = _text(row.get(name), name, product)
    if not product.texts["name"]:
        product.refuse("name", "required", "The name is missing.", "a name of 1 to 60 characters")
    product.texts["attributes"] = read_attributes(row.get("attributes") or [], product)
    product.texts["stated_tags"] = read_texts(row.get("tags") or [], "tags", 24, product)
    product.texts["detail_paragraphs"] = read_texts(row.get("details") or [], "details", 4000, product)
    _read_skus(row, product)


def read_external_id(value: Any, product: ParsedProduct) -> str:
    text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if re.fullmatch(r"[\w.:-]{1,64}", text):
        return text
    expected = "an id of 1 to 64 letters, digits, . : _ -"
    if text:
        product.refuse("product_id", "wrong_form", "The product's id has another form.", expected)
    else:
        product.refuse("product_id", "required", "The product's id is missing.", expected)
    return ""


def _text(value: Any, name: str, product: ParsedProduct) -> str:
    if value is None:
        return ""
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        product.refuse(name, "not_a_text", f"{name} is no text.", "text")
        return ""
    return clean_text(str(value), name, TEXT_LIMITS[name], product)


def clean_text(text: str, name: str, limit: int, product: ParsedProduct) -> str:
    """The text without control characters and doubled blanks; refuses a longer one and lone surrogates."""
    cleaned = " ".join("".join(c if c.isprintable() or c.isspace() else " " for c in text).split())
    if any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        product.refuse(name, "broken_utf8", f"{name} is not valid Unicode.", "UTF-8 text")
        return ""
    if len(cleaned) > limit:
        product.refuse(
            name, "too_long", f"{name} has {len(cleaned)} characters, {limit} are allowed.", f"up to {limit} characters"
        )
    return cleaned[:limit]


def read_texts(values: Any, name: str, limit: int, product: ParsedProduct) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        product.refuse(name, "not_a_list", f"{name} is no list of texts.", '["…", "…"]')
        return ()
    cleaned = [clean_text(value, name, limit, product) for value in values[:60]]
    return tuple(dict.fromkeys(value for value in cleaned if value))


def read_attributes(values: Any, product: ParsedProduct) -> tuple[tuple[str, str], ...]:
    if isinstance(values, dict):
        values = [[name, value] for name, value in values.items()]
    if not isinstance(values, list):
        product.refuse("attributes", "not_a_list", "attributes is no list.", '[["材质", "100%棉"]]')
        return ()
    merged: dict[str, str] = {}
    for pair in values[:60]:
        if not (
            isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, (str, int, float)) for part in pair)
        ):
            product.refuse("attributes", "not_a_pair", "An attribute is no pair.", '["材质", "100%棉"]')
            continue
        name = clean_text(str(pair[0]).strip("* "), "attributes", 20, product)
        value = clean_text(str(pair[1]), "attributes", 400, product)
        if name and value:  # one named twice keeps both values
            merged[name] = f"{merged[name]}；{value}"[:400] if name in merged else value
    return tuple(merged.items())


def _read_skus(row: Mapping[str, Any], product: ParsedProduct) -> None:
    options = _group_options(row.get("options") or [], product)
    raw = row.get("skus")
    if not isinstance(raw, list) or not raw:
        raw = [{"options": [], "price": row.get("price"), "stock": row.get("stock")}]
        options = {}
    skus = []
    for index, item in enumerate(raw):
        if not isinstance(item, dict):
            product.refuse(f"skus.{index}", "not_an_object", "A SKU is no object.", '{"options": [], "price": "9.90"}')
            continue
        values = item.get("options") or []
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            product.refuse(f"skus.{index}.options", "not_a_list", "options is no list of texts.", '["红色", "L"]')
            continue
        listed = item.get("list_price", row.get("list_price"))
        skus.append(
            read_sku(
                f"skus.{index}.",
                tuple(clean_text(value, f"skus.{index}.options", 40, product) for value in values[:MAX_OPTIONS]),
                {
                    "price": item.get("price"),
                    "list_price": listed,
                    "stock": item.get("stock"),
                    "code": item.get("code"),
                },
                product,
                drop_low_list_price="list_price" not in item,
            )
        )
    finish_product(product, options, [sku for sku in skus if sku is not None])


def _group_options(values: Any, product: ParsedProduct) -> dict[str, list[str]]:
    """``[["颜色", "红"], ["颜色", "蓝"]]`` or ``[{"name": "颜色", "values": ["红", "蓝"]}]`` as name -> values."""
    grouped: dict[str, list[str]] = {}
    for pair in values if isinstance(values, list) else [None]:
        if isinstance(pair, dict) and isinstance(pair.get("values"), list):
            pairs: list[Any] = [[pair.get("name"), value] for value in pair["values"]]
        else:
            pairs = [pair]
        for one in pairs:
            if not (isinstance(one, list) and len(one) == 2 and all(isinstance(part, str) and part for part in one)):
                product.refuse("options", "not_a_pair", "An option is no pair.", '["颜色", "红色"]')
                return {}
            name, value = clean_text(one[0], "options", 20, product), clean_text(one[1], "options", 40, product)
            grouped.setdefault(name, []).append(value)
    return grouped


def read_sku(
    prefix: str,
    values: tuple[str, ...],
    fields: Mapping[str, Any],
    product: ParsedProduct,
    *,
    drop_low_list_price: bool = False,
    line: int | None = None,
) -> SkuRecord | None:
    price = _amount(fields.get("price"), f"{prefix}price", product, line)
    listed = None
    if fields.get("list_price") not in (None, ""):
        listed = _amount(fields["list_price"], f"{prefix}list_price", product, line)
    if price is None:
        return None
    if listed is not None and listed < price and drop_low_list_price:
        listed = None
    stock = _stock(fields.get("stock"), f"{prefix}stock", product, line)
    code = clean_text(str(fields.get("code") or ""), f"{prefix}code", 40, product)
    return SkuRecord(values=values, price_minor=price, list_price_minor=listed, stock=stock, code=code)


def _amount(value: Any, name: str, product: ParsedProduct, line: int | None) -> int | None:
    expected = "a price above zero such as 899.00"
    if value is None or value == "":
        product.refuse(name, "required", f"{name} is missing.", expected, line)
        return None
    try:
        amount = parse_decimal(str(value)) if isinstance(value, (str, int, float)) else -1
    except ValueError as error:
        product.refuse(name, "not_a_price", str(error), expected, line)
        return None
    if amount <= 0:
        product.refuse(name, "out_of_range", f"{name} is {str(value)[:20]}; a price is above zero.", expected, line)
        return None
    return amount


def _stock(value: Any, name: str, product: ParsedProduct, line: int | None) -> int | None:
    if value is None or value == "":
        return None
    text = str(value).strip()
    if not re.fullmatch(r"-?\d{1,12}", text) or isinstance(value, bool):
        product.refuse(name, "not_a_number", f"{name} is no whole number.", "0 to 9999999", line)
        return None
    if not 0 <= int(text) <= 9_999_999:
        product.refuse(name, "out_of_range", f"{name} is {text}.", "0 to 9999999", line)
        return None
    return int(text)


def finish_product(product: ParsedProduct, options: Mapping[str, list[str]], skus: list[SkuRecord]) -> None:
    only = list(options.values())
    if len(skus) == 1 and len(only) == 1 and len(only[0]) == 1 and only[0][0].lower() in _NO_CHOICE:
        options, skus = {}, [SkuRecord((), s.price_minor, s.list_price_minor, s.stock, s.code) for s in skus]
    product.options = tuple(OptionRecord(name, tuple(values)) for name, values in options.items())
    product.skus = tuple(skus)
    if product.errors:
        return
    try:
        check_matrix(product.options, product.skus)
    except BusinessError as error:
        product.refuse(error.field or "skus", error.code, str(error), error.expected or "")
