"""Imports of product files: idempotent by the shop's own product ids, resumable, every wrong line reported."""

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal

from django.db import transaction

from xingqu.catalogue.domain.errors import BadFile
from xingqu.catalogue.domain.import_csv import read_csv
from xingqu.catalogue.domain.import_lines import LineError, ParsedProduct, read_json_lines
from xingqu.catalogue.domain.listing_check import Reasons
from xingqu.catalogue.domain.records import ProductRecord
from xingqu.catalogue.models import ImportRun, Product
from xingqu.catalogue.selectors.categories import category_attributes, find_category
from xingqu.catalogue.services.category_tree import ensure_category
from xingqu.catalogue.services.limits import set_product_limit
from xingqu.catalogue.services.listing_review import submit_for_review
from xingqu.catalogue.services.products import create_product, submit_product, take_online, update_product
from xingqu.catalogue.services.search_index import collect_changes
from xingqu.catalogue.services.skus import replace_skus
from xingqu.catalogue.services.tags import retag_products
from xingqu.kit import clock
from xingqu.kit.errors import BusinessError

BATCH = 25
MAX_ERRORS = 1000
OWN_ID = "id:"  # how the export names a product without an external id
Format = Literal["csv", "jsonl"]
ShopOf = Callable[[tuple[str, ...]], int]  # category path -> the shop that gets the product
# What other files call an attribute that a category asks for.
_ALIASES = {
    "材质": ("材料", "面料", "面料成分", "面料成份", "外层面料", "框架材质", "填充物", "面料参数", "外套材质"),
    "尺寸": ("产品尺寸", "规格尺寸", "适用床尺寸", "规格", "脚蹬尺寸"),
    "填充物": ("填充成分", "内芯", "内胆材质"),
}


@dataclass
class ImportReport:
    """Products by what happened to them. With `dry_run` nothing was written; `errors` holds at most 1000."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[LineError] = field(default_factory=list)
    dry_run: bool = False
    lines: int = 0


def open_lines(source: Path | IO[bytes]) -> Iterator[bytes]:
    """Raw lines of a file, unpacked when it is gzip. Raises BadFile when the archive is broken."""
    file = source.open("rb") if isinstance(source, Path) else source
    try:
        buffered = file if isinstance(file, io.BufferedReader) else io.BufferedReader(file)  # type: ignore[type-var]
        packed = buffered.peek(2)[:2] == b"\x1f\x8b"
        yield from gzip.GzipFile(fileobj=buffered) if packed else buffered
    except (EOFError, OSError, zlib.error) as error:
        raise BadFile(
            f"The file can't be read: {error}", field="file", expected="a whole .jsonl, .csv or .gz"
        ) from error
    finally:
        file.close()


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes: names it in the record of how far its import got."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def import_catalogue(
    *,
    lines: Iterable[bytes],
    form: Format,
    shop_of: ShopOf,
    publish: bool = False,
    needs_picture: bool = True,
    make_categories: bool = False,
    dry_run: bool = False,
    checkpoint: tuple[str, str] | None = None,
    resume: bool = False,
    say: Callable[[ImportReport], object] | None = None,
    submitted_by: int | None = None,
) -> ImportReport:
    """Create or update the products of a file, each with its external id in the shop of `shop_of`(its category path).

    A wrong line is reported and changes nothing; the others are written. The same file again says unchanged.
    `publish` also submits each product to the check and puts it online; the check's reasons are reported by line.
    What a person submits (`submitted_by`, a person id) goes through the site's review, the house's own does not.
    `checkpoint` (file digest, target) records progress with each batch, and `resume` goes on behind it.
    `dry_run` does all of it and undoes it, product by product. `say` hears of each batch.
    """
    report = ImportReport(dry_run=dry_run)
    run = _Run(shop_of, publish, needs_picture, make_categories, dry_run, submitted_by)
    start = _lines_done(checkpoint) if resume and checkpoint else 0
    products = read_csv(lines) if form == "csv" else read_json_lines(lines)
    waiting = (product for product in products if product.last_line > start or (product.line == 1 and form == "csv"))
    report.lines = start
    while batch := list(islice(waiting, BATCH)):
        with transaction.atomic():
            with collect_changes() as changed:
                for product in batch:
                    run.take(product, report)
            if not dry_run:
                retag_products(product_ids=changed)
            report.lines = max(report.lines, batch[-1].last_line)
            if checkpoint and not dry_run:
                _record_progress(checkpoint, report.lines, finished=False)
        if say is not None:
            say(report)
    if not dry_run:
        retag_products(product_ids=run.changed)
        if checkpoint:
            _record_progress(checkpoint, report.lines, finished=True)
    return report


@dataclass
class _Run:
    """One import: what it was asked, and what it has seen so far."""

    shop_of: ShopOf
    publish: bool
    needs_picture: bool
    make_categories: bool
    dry_run: bool
    submitted_by: int | None
    seen: dict[tuple[int, str], int] = field(default_factory=dict)
    changed: list[int] = field(default_factory=list)

    def take(self, product: ParsedProduct, report: ImportReport) -> None:
        """Write one product or report what is wrong with it."""
        outcome = "refused"
        if not product.errors:
            with transaction.atomic():
                try:
                    outcome = self._write(product)
                except BusinessError as error:
                    product.refuse(error.field or "line", error.code, str(error), error.expected or "")
                if outcome == "refused" or self.dry_run:
                    transaction.set_rollback(True)
        if outcome != "refused":
            setattr(report, outcome, getattr(report, outcome) + 1)
        report.errors += product.errors[: MAX_ERRORS - len(report.errors)]

    def _write(self, product: ParsedProduct) -> str:
        category_id = self._category(product)
        if category_id is None:
            return "refused"
        shop_id = self.shop_of(product.category)
        first = self.seen.setdefault((shop_id, product.external_id), product.line)
        if first != product.line:
            message = f"Product {product.external_id} stands in line {first} already."
            product.refuse("product_id", "duplicate_id", message, "each product once, its rows together")
            return "refused"
        record = _record(product, category_id)
        digest = _digest(record)
        known = _find_known(shop_id, product.external_id)
        if known is None and product.external_id.startswith(OWN_ID):
            product.refuse("product_id", "unknown_product", "The shop has no product with this id.", "an exported id")
            return "refused"
        if known is not None and known.content_digest == digest:
            return "unchanged"
        product_id = known.pk if known else create_product(shop_id=shop_id, record=record)
        if known is not None:
            self._update(known, record)
        self._list(product, shop_id, product_id, is_live=known is not None and known.check_status == "approved")
        Product.objects.filter(pk=product_id).update(content_digest=digest)
        self.changed.append(product_id)
        return "updated" if known else "created"

    def _category(self, product: ParsedProduct) -> int | None:
        category_id = find_category(path=product.category)
        if category_id is None and self.make_categories:
            return ensure_category(path=product.category)
        if category_id is None:
            path = ">".join(product.category)[:80]
            product.refuse("category", "unknown_category", f"There is no category {path}.", "one of GET /categories")
        return category_id

    def _update(self, known: Product, record: ProductRecord) -> None:
        texts = {name: getattr(record, name) for name in _TEXTS}
        update_product(shop_id=known.shop_id, product_id=known.pk, version=known.version, changes=texts)
        known.refresh_from_db(fields=["version"])
        replace_skus(
            shop_id=known.shop_id,
            product_id=known.pk,
            version=known.version,
            options=record.options,
            skus=record.skus,
        )
        if record.limit is not None:
            set_product_limit(shop_id=known.shop_id, product_id=known.pk, limit=record.limit)

    def _list(self, product: ParsedProduct, shop_id: int, product_id: int, *, is_live: bool) -> None:
        if not (self.publish or is_live):
            return
        reasons = self._submit(shop_id, product_id)
        for name, rows in reasons.items():
            for row in rows:
                product.refuse(
                    name, row["code"], row["message"], "text that passes the check; the product is kept as a draft"
                )
        if not reasons and self.publish and self.submitted_by is None:
            take_online(shop_id=shop_id, product_id=product_id)

    def _submit(self, shop_id: int, product_id: int) -> Reasons:
        if self.submitted_by is None:
            return submit_product(shop_id=shop_id, product_id=product_id, needs_picture=self.needs_picture)
        return submit_for_review(
            shop_id=shop_id,
            product_id=product_id,
            person_id=self.submitted_by,
            online=self.publish,
            needs_picture=self.needs_picture,
        )


def _find_known(shop_id: int, external_id: str) -> Product | None:
    """The shop's product with this external id, or the one whose own id was exported for want of an external one."""
    rows = Product.objects.filter(shop_id=shop_id).exclude(status=Product.Status.DELETED)
    if external_id.startswith(OWN_ID):
        digits = external_id.removeprefix(OWN_ID)
        return rows.filter(pk=int(digits), external_id=None).first() if digits.isdigit() and len(digits) < 17 else None
    return rows.filter(external_id=external_id).first()


_TEXTS = ("name", "category_id", "brief", "brand", "unit", "detail_paragraphs", "attributes", "stated_tags")


def _record(product: ParsedProduct, category_id: int) -> ProductRecord:
    texts = dict(product.texts)
    texts["unit"] = texts["unit"] or "件"
    texts["attributes"] = _named_as_asked(texts["attributes"], category_id)
    return ProductRecord(
        category_id=category_id,
        external_id=product.external_id,
        options=product.options,
        skus=product.skus,
        limit=product.limit,
        promises=("no_reason_return_7d", "ships_48h"),
        **texts,
    )


def _named_as_asked(attributes: tuple[tuple[str, str], ...], category_id: int) -> tuple[tuple[str, str], ...]:
    """Attributes under the names that the category asks for, where the file calls them otherwise."""
    names = {name for name, _ in attributes}
    renamed = {}
    for row in category_attributes(category_id=category_id):
        alias = next((alias for alias in _ALIASES.get(row["name"], ()) if alias in names), None)
        if row["name"] not in names and alias is not None and alias not in renamed:
            renamed[alias] = row["name"]
    return tuple((renamed.get(name, name), value) for name, value in attributes)


def _digest(record: ProductRecord) -> str:
    values: dict[str, Any] = asdict(record)
    if record.limit is None:  # as if there were no such column
        del values["limit"]
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _lines_done(checkpoint: tuple[str, str]) -> int:
    digest, target = checkpoint
    row = ImportRun.objects.filter(file_digest=digest, target=target, finished=False).first()
    return row.lines_done if row else 0


def _record_progress(checkpoint: tuple[str, str], lines_done: int, *, finished: bool) -> None:
    ImportRun.objects.update_or_create(
        file_digest=checkpoint[0],
        target=checkpoint[1],
        defaults={"lines_done": lines_done, "finished": finished, "updated_at": clock.now()},
    )
