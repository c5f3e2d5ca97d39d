"""The shipping desk: packages put together, split, merged, labelled, handed over, followed."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from pydantic import StringConstraints

from xingqu.accounts.selectors import shop_of
from xingqu.fulfilment import services
from xingqu.fulfilment.labels import labels_pdf
from xingqu.fulfilment.schemas import (
    DeskCountsOut,
    DeskPackageOut,
    HandOverIn,
    MergeIn,
    NumberIn,
    PackIn,
    SplitIn,
    WaybillIn,
    WaybillResultOut,
)
from xingqu.fulfilment.selectors import desk_counts, package_of, packages_for_labels, packages_page, sender_of
from xingqu.kit.api import CursorText, Id, Limit, ListOut, ShortText, cursor_id, page_of

router = Router()
Tab = Literal["packed", "in_transit", "exceptions", "delivered", "turned_back"]
PackageIds = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}(,[0-9]{1,15}){0,99}$")]


@router.get("/shops/{shop_id}/packages", response=ListOut[DeskPackageOut])
def list_packages(
    request: HttpRequest,
    shop_id: Id,
    tab: Tab | None = None,
    q: ShortText = "",
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """A shop's packages, newest first; `q` finds an order's number or a tracking number."""
    shop_of(request, shop_id, "view")
    before_id = cursor_id(cursor)
    items, last_id = packages_page(shop_id=shop_id, tab=tab, q=q, before_id=before_id, limit=limit)
    return page_of(items, last_id)


@router.get("/shops/{shop_id}/packages/counts", response=DeskCountsOut)
def count_packages(request: HttpRequest, shop_id: Id) -> Any:
    """Packages by tab, and how punctually the shop shipped in the last thirty days."""
    shop_of(request, shop_id, "view")
    return desk_counts(shop_id=shop_id)


@router.get("/shops/{shop_id}/packages/labels.pdf", include_in_schema=True)
def print_labels(request: HttpRequest, shop_id: Id, ids: PackageIds) -> Any:
    """Labels (100 x 150 mm) of packages that have a number, one a page; `ids` with commas between."""
    shop_of(request, shop_id, "orders.write")
    packages = packages_for_labels(shop_id=shop_id, package_ids=list(dict.fromkeys(map(int, ids.split(",")))))
    body = labels_pdf(packages, sender_of(shop_id=shop_id))
    services.mark_printed(package_ids=[package.id for package in packages])
    headers = {"Content-Disposition": f'inline; filename="labels-{shop_id}.pdf"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


@router.post("/shops/{shop_id}/packages", response={201: DeskPackageOut})
def pack(request: HttpRequest, shop_id: Id, payload: PackIn) -> Any:
    """Put units of one or more orders of one buyer to one address into a package."""
    shop_of(request, shop_id, "orders.write")
    orders = {
        row.order_no: None if row.lines is None else [(line.sku_id, line.quantity) for line in row.lines]
        for row in payload.orders
    }
    pk = services.pack(shop_id=shop_id, orders=orders)
    return Status(201, package_of(shop_id=shop_id, package_id=pk))


@router.post("/shops/{shop_id}/packages/merge", response=DeskPackageOut)
def merge(request: HttpRequest, shop_id: Id, payload: MergeIn) -> Any:
    """Put packed packages into one."""
    shop_of(request, shop_id, "orders.write")
    pk = services.merge(shop_id=shop_id, package_ids=payload.package_ids)
    return package_of(shop_id=shop_id, package_id=pk)


@router.post("/shops/{shop_id}/packages/waybills", response=list[WaybillResultOut])
def make_waybills(request: HttpRequest, shop_id: Id, payload: WaybillIn) -> Any:
    """Numbers from a carrier for packed packages; each succeeds or fails on its own."""
    shop_of(request, shop_id, "orders.write")
    ids = list(dict.fromkeys(payload.package_ids))
    return services.make_waybills(shop_id=shop_id, package_ids=ids, carrier_code=payload.carrier_code)


@router.get("/shops/{shop_id}/packages/{package_id}", response=DeskPackageOut)
def get_package(request: HttpRequest, shop_id: Id, package_id: Id) -> Any:
    """One package with all that happened to it."""
    shop_of(request, shop_id, "view")
    return package_of(shop_id=shop_id, package_id=package_id)


@router.post("/shops/{shop_id}/packages/{package_id}/split", response={201: DeskPackageOut})
def split(request: HttpRequest, shop_id: Id, package_id: Id, payload: SplitIn) -> Any:
    """Take units out of a packed package into a new one, which is the answer."""
    shop_of(request, shop_id, "orders.write")
    lines = [(line.order_no, line.sku_id, line.quantity) for line in payload.lines]
    pk = services.split(shop_id=shop_id, package_id=package_id, lines=lines)
    return Status(201, package_of(shop_id=shop_id, package_id=pk))


@router.delete("/shops/{shop_id}/packages/{package_id}", response={204: None})
def unpack(request: HttpRequest, shop_id: Id, package_id: Id) -> Any:
    """Take a packed package apart."""
    shop_of(request, shop_id, "orders.write")
    services.unpack(shop_id=shop_id, package_id=package_id)
    return Status(204, None)


@router.post("/shops/{shop_id}/packages/{package_id}/hand-over", response=DeskPackageOut)
def hand_over(request: HttpRequest, shop_id: Id, package_id: Id, payload: HandOverIn) -> Any:
    """A packed package goes to the carrier, under its waybill's number or the one given."""
    shop_of(request, shop_id, "orders.write")
    services.hand_over(shop_id=shop_id, package_id=package_id, **payload.dict())
    return package_of(shop_id=shop_id, package_id=package_id)


@router.post("/shops/{shop_id}/packages/{package_id}/number", response=DeskPackageOut)
def change_number(request: HttpRequest, shop_id: Id, package_id: Id, payload: NumberIn) -> Any:
    """Put right the wrong number of a package on its way."""
    shop_of(request, shop_id, "orders.write")
    services.change_number(shop_id=shop_id, package_id=package_id, **payload.dict())
    return package_of(shop_id=shop_id, package_id=package_id)


@router.post("/shops/{shop_id}/packages/{package_id}/intercept", response=DeskPackageOut)
def turn_back(request: HttpRequest, shop_id: Id, package_id: Id) -> Any:
    """Ask the carrier to turn a package back; the answer comes later."""
    shop_of(request, shop_id, "orders.write")
    services.intercept_for_shop(shop_id=shop_id, package_id=package_id)
    return package_of(shop_id=shop_id, package_id=package_id)
