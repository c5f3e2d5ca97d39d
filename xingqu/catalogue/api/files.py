"""Pictures and files of a shop's products."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import File, Form, Router, Status, UploadedFile
from pydantic import StringConstraints

from xingqu.accounts.selectors import shop_of
from xingqu.catalogue import selectors, services
from xingqu.catalogue.domain.errors import BadFile
from xingqu.catalogue.domain.import_csv import TEMPLATE_ROWS, table_rows
from xingqu.catalogue.schemas import ImportOut, MerchantProductDetailOut, PictureOrderIn
from xingqu.kit.api import Id, ShortText
from xingqu.kit.errors import TooLarge
from xingqu.kit.spreadsheets import XLSX_TYPE, csv_stream, xlsx_lines, xlsx_stream

router = Router()
Query = Annotated[ShortText, StringConstraints(max_length=60)]
ExportState = Literal["on_sale", "sold_out", "low_stock", "offline", "draft", "pending", "rejected", "banned"]
MAX_IMPORT_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 50 * 1024 * 1024


@router.get("/shops/{shop_id}/products/template.csv", response={200: Any})
def get_template(request: HttpRequest, shop_id: Id) -> StreamingHttpResponse:
    """The CSV template with two example products; its columns are described in docs/guides/import.md."""
    shop_of(request, shop_id, "view")
    return _csv_file(TEMPLATE_ROWS, "products-template")


@router.get("/shops/{shop_id}/products/template.xlsx", response={200: Any})
def get_xlsx_template(request: HttpRequest, shop_id: Id) -> StreamingHttpResponse:
    """The same template as an XLSX file."""
    shop_of(request, shop_id, "view")
    return _xlsx_file(TEMPLATE_ROWS, "products-template")


@router.get("/shops/{shop_id}/products/export.csv", response={200: Any})
def export_products(
    request: HttpRequest,
    shop_id: Id,
    q: Query = "",
    state: ExportState | None = None,
    category_id: Id | None = None,
) -> StreamingHttpResponse:
    """The shop's products as the CSV that the import takes; cells that would start a formula are guarded."""
    shop_of(request, shop_id, "view")
    rows = selectors.export_rows(shop_id=shop_id, q=q, state=state, category_id=category_id)
    return _csv_file(rows, "products")


@router.get("/shops/{shop_id}/products/export.xlsx", response={200: Any})
def export_products_xlsx(
    request: HttpRequest,
    shop_id: Id,
    q: Query = "",
    state: ExportState | None = None,
    category_id: Id | None = None,
) -> StreamingHttpResponse:
    """The same as an XLSX file, which the import takes as well; no cell of it is a formula."""
    shop_of(request, shop_id, "view")
    rows = selectors.export_rows(shop_id=shop_id, q=q, state=state, category_id=category_id)
    return _xlsx_file(rows, "products")


@router.post("/shops/{shop_id}/products/import", response=ImportOut)
def import_products(
    request: HttpRequest,
    shop_id: Id,
    file: UploadedFile = File(...),  # type: ignore[type-arg]
    dry_run: bool = Form(False),  # type: ignore[type-arg]
    publish: bool = Form(False),  # type: ignore[type-arg]
) -> Any:
    """Import a CSV, XLSX or JSON-lines file (plain or gzip, up to 10 MB): new products as drafts, known ones updated.

    `publish` also submits them and puts the approved ones online. Every wrong line is reported, the others are written.
    """
    member = shop_of(request, shop_id, "products.write")
    if (file.size or 0) > MAX_IMPORT_BYTES:
        raise TooLarge(field="file", expected=f"at most {MAX_IMPORT_BYTES} bytes")
    name = (file.name or "").lower().removesuffix(".gz")
    if not name.endswith((".csv", ".xlsx", ".jsonl", ".ndjson", ".json")):
        raise BadFile("The file's name tells no known form.", field="file", expected="a .csv, .xlsx or .jsonl file")
    if name.endswith(".xlsx"):
        lines = xlsx_lines(file.file, max_unpacked_bytes=MAX_UNPACKED_BYTES)  # type: ignore[arg-type]
    else:
        lines = _limited(services.open_lines(file.file))  # type: ignore[arg-type]
    return services.import_catalogue(
        lines=lines,
        form="csv" if name.endswith((".csv", ".xlsx")) else "jsonl",
        shop_of=lambda path: shop_id,
        publish=publish,
        dry_run=dry_run,
        submitted_by=member.person_id,
    )


def _limited(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Stops an archive that unpacks to more than a request may hold."""
    size = 0
    for line in lines:
        size += len(line)
        if size > MAX_UNPACKED_BYTES:
            raise TooLarge(field="file", expected=f"at most {MAX_UNPACKED_BYTES} bytes unpacked")
        yield line


@router.post("/shops/{shop_id}/products/{product_id}/pictures", response={201: MerchantProductDetailOut})
def add_picture(request: HttpRequest, shop_id: Id, product_id: Id, file: UploadedFile = File(...)) -> Any:  # type: ignore[type-arg]
    """Add a JPEG, PNG or WebP picture of up to 10 MB to the end."""
    shop_of(request, shop_id, "products.write")
    services.add_picture(shop_id=shop_id, product_id=product_id, file=file)
    return Status(201, selectors.merchant_product(shop_id=shop_id, product_id=product_id))


@router.put("/shops/{shop_id}/products/{product_id}/pictures", response=MerchantProductDetailOut)
def arrange_pictures(request: HttpRequest, shop_id: Id, product_id: Id, payload: PictureOrderIn) -> Any:
    """Keep exactly these pictures, in this order; the first is the one on the card."""
    shop_of(request, shop_id, "products.write")
    services.arrange_pictures(shop_id=shop_id, product_id=product_id, picture_ids=payload.picture_ids)
    return selectors.merchant_product(shop_id=shop_id, product_id=product_id)


def _csv_file(rows: Iterable[Mapping[str, str]], name: str) -> StreamingHttpResponse:
    return _download(csv_stream(table_rows(rows)), "text/csv; charset=utf-8", f"{name}.csv")


def _xlsx_file(rows: Iterable[Mapping[str, str]], name: str) -> StreamingHttpResponse:
    return _download(xlsx_stream(table_rows(rows), title="products"), XLSX_TYPE, f"{name}.xlsx")


def _download(blocks: Iterable[str] | Iterable[bytes], content_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(blocks, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
