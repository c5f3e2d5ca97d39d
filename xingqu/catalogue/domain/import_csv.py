"""CSV files of products, one row per SKU, read and written."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xingqu.catalogue.domain.import_lines import (
    TEXT_LIMITS,
    LineError,
    ParsedProduct,
    clean_text,
    finish_product,
    read_attributes,
    read_external_id,
    read_sku,
    read_texts,
)
from xingqu.catalogue.domain.limits import Limit, check_limit
from xingqu.kit.errors import InvalidInput
from xingqu.kit.spreadsheets import FORMULA_STARTS

CATEGORY_SEPARATOR = ">"
CSV_COLUMNS = (
    "product_id",
    "name",
    "category",
    "brief",
    "brand",
    "unit",
    "attributes",
    "tags",
    "details",
    "option1_name",
    "option1_value",
    "option2_name",
    "option2_value",
    "option3_name",
    "option3_value",
    "sku_code",
    "price",
    "list_price",
    "stock",
    "limit_per_order",
    "limit_per_person",
    "limit_days",
)
# What the template shows: a product with options, one row per SKU, and a plain one.
_PILLOW = {
    "product_id": "PILLOW-1",
    "name": "日式亚麻抱枕",
    "category": "居家>布艺软装",
    "brief": "水洗亚麻，透气亲肤",
    "unit": "只",
    "attributes": "材质=亚麻;尺寸=45*45cm",
    "tags": "日式|抱枕",
    "details": "水洗工艺，触感柔软。|拉链设计，枕套可拆洗。",
    "option1_name": "颜色",
    "price": "79.00",
    "list_price": "99.00",
}
TEMPLATE_ROWS: tuple[Mapping[str, str], ...] = (
    _PILLOW | {"option1_value": "雾蓝", "sku_code": "P1-BLUE", "stock": "50"},
    _PILLOW | {"option1_value": "米白", "sku_code": "P1-WHITE", "stock": "30"},
    {
        "product_id": "BOWL-1",
        "name": "宠物不锈钢餐碗",
        "category": "居家>宠物",
        "attributes": "材质=不锈钢",
        "price": "39.00",
        "stock": "100",
    },
)
LIMIT_COLUMNS = CSV_COLUMNS[-3:]
PRODUCT_COLUMNS = (*CSV_COLUMNS[:9], *LIMIT_COLUMNS)
REQUIRED_COLUMNS = ("product_id", "name", "category", "price")


def read_csv(lines: Iterable[bytes]) -> Iterator[ParsedProduct]:
    """Products of a CSV file with a header, one row per SKU; rows of one product stand together."""
    text = (
        raw.decode("utf-8-sig" if number == 0 else "utf-8", errors="surrogateescape")
        for number, raw in enumerate(lines)
    )
    reader = csv.reader(text, strict=True)
    header = [name.strip().lower() for name in next(reader, [])]
    missing = [name for name in REQUIRED_COLUMNS if name not in header]
    unknown = [name for name in header if name not in CSV_COLUMNS]
    if missing or unknown or len(set(header)) != len(header):
        product = ParsedProduct(line=1, last_line=1)
        what = f"missing: {', '.join(missing)}" if missing else f"unknown or doubled: {', '.join(unknown or header)}"
        product.refuse("header", "wrong_header", f"The header has another form; {what[:200]}.", ",".join(CSV_COLUMNS))
        yield product
        return
    current: list[tuple[int, dict[str, str]]] = []
    for line, row, problem in _csv_rows(reader, header):
        if problem is not None:
            yield from _flush(current)
            current = []
            bad = ParsedProduct(line=line, last_line=line)
            bad.errors.append(problem)
            yield bad
            continue
        if current and row["product_id"] != current[0][1]["product_id"]:
            yield from _flush(current)
            current = []
        current.append((line, row))
    yield from _flush(current)


def _csv_rows(reader: Any, header: list[str]) -> Iterator[tuple[int, dict[str, str], LineError | None]]:
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, {}, LineError(reader.line_num, "line", "not_csv", str(error), "a row of CSV")
            continue
        line = reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        problem = None
        if len(cells) > len(header):
            message = f"The row has {len(cells)} columns, the header {len(header)}."
            problem = LineError(line, "line", "too_many_columns", message, f"{len(header)} columns")
        elif any(0xDC80 <= ord(c) <= 0xDCFF for cell in cells for c in cell):
            problem = LineError(line, "line", "broken_utf8", "The row is not UTF-8.", "UTF-8 text")
        padded = [unguard_cell(cell.strip()) for cell in cells] + [""] * (len(header) - len(cells))
        yield line, dict.fromkeys(CSV_COLUMNS, "") | dict(zip(header, padded, strict=False)), problem


def _flush(rows: list[tuple[int, dict[str, str]]]) -> Iterator[ParsedProduct]:
    if not rows:
        return
    first_line, first = rows[0]
    product = ParsedProduct(line=first_line, last_line=rows[-1][0])
    product.external_id = read_external_id(first["product_id"], product)
    parts = [part for part in first["category"].split(CATEGORY_SEPARATOR) if part.strip()]
    product.category = tuple(clean_text(part, "category", 40, product) for part in parts[:5])
    if not product.category:
        product.refuse("category", "required", "The category is missing.", "居家>床品件套")
    for name in ("name", "brief", "brand", "unit"):
        product.texts[name] = clean_text(first[name], name, TEXT_LIMITS[name], product)
    if not product.texts["name"]:
        product.refuse("name", "required", "The name is missing.", "a name of 1 to 60 characters")
    pairs = [part.split("=", 1) for part in re.split(r"[;；\n]", first["attributes"]) if part.strip()]
    product.texts["attributes"] = read_attributes([list(map(str.strip, pair)) for pair in pairs], product)
    product.texts["stated_tags"] = read_texts(first["tags"].replace("｜", "|").split("|"), "tags", 24, product)
    product.texts["detail_paragraphs"] = read_texts(first["details"].split("|"), "details", 4000, product)
    product.limit = _read_limit(first, product)
    options: dict[str, list[str]] = {}
    skus = []
    for line, row in rows:
        for name in PRODUCT_COLUMNS[1:]:
            if row[name] and row[name] != first[name]:
                product.refuse(name, "differs", f"{name} differs from the product's first row.", first[name][:60], line)
        values = []
        for number in (1, 2, 3):
            name = row[f"option{number}_name"] or first[f"option{number}_name"]
            value = row[f"option{number}_value"]
            if name and value:
                value = clean_text(value, f"option{number}_value", 40, product)
                known = options.setdefault(clean_text(name, f"option{number}_name", 20, product), [])
                known += [] if value in known else [value]
                values.append(value)
        fields = {
            "price": row["price"],
            "list_price": row["list_price"],
            "stock": row["stock"],
            "code": row["sku_code"],
        }
        sku = read_sku("", tuple(values), fields, product, line=line)
        skus += [sku] if sku is not None else []
    finish_product(product, options, skus)
    yield product


def _read_limit(row: dict[str, str], product: ParsedProduct) -> Limit | None:
    """The product's purchase limit; three empty cells leave it as it is, and 0 is none."""
    if not any(row[name] for name in LIMIT_COLUMNS):
        return None
    values = []
    for name in LIMIT_COLUMNS:
        text = row[name] or "0"
        if not (text.isascii() and text.isdigit() and len(text) <= 5):
            product.refuse(name, "not_a_number", f"{name} is no whole number.", "units or days, 0 for none")
            text = "0"
        values.append(int(text) or None)
    limit = Limit(*values)
    try:
        check_limit(limit, "limit")
    except InvalidInput as error:
        product.refuse((error.field or "").replace(".", "_"), error.code, str(error), error.expected or "")
    return limit


def unguard_cell(text: str) -> str:
    """The text behind :func:`xingqu.kit.spreadsheets.guard_cell`, so that an exported file can be imported again."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text


def table_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    """The header and one line a row, in the order of CSV_COLUMNS."""
    yield list(CSV_COLUMNS)
    for row in rows:
        yield [str(row.get(name, "") or "") for name in CSV_COLUMNS]
