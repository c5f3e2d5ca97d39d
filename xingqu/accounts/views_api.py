"""Saved filters and layouts of tables over HTTP. Whoever may read a table may keep filters for it; a layout is a person's own."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from xingqu.accounts.contracts import MembershipCard
from xingqu.accounts.schemas import (
    DefaultViewIn,
    LayoutTable,
    SavedViewIn,
    SavedViewOut,
    SavedViewPatch,
    TableLayoutIn,
    TableLayoutOut,
    TableName,
)
from xingqu.accounts.scopes import TABLES
from xingqu.accounts.selectors import person_of, require_membership
from xingqu.accounts.services import saved_views, table_layouts
from xingqu.kit.api import Id, ListOut

router = Router(tags=["accounts"])


def _reader(request: HttpRequest, shop_id: int, table: str) -> MembershipCard:
    """A member who may read the table. Raises SignInRequired, NotFound, Forbidden."""
    return require_membership(
        person_id=person_of(request), organisation_id=shop_id, permission="view", page=TABLES[table]
    )


def _reader_of(request: HttpRequest, shop_id: int, view_id: int) -> MembershipCard:
    person_of(request)
    return _reader(request, shop_id, saved_views.table_of_view(member_of=shop_id, view_id=view_id))


def _list(member: MembershipCard, table: str) -> dict[str, Any]:
    return {"items": saved_views.views_of(member=member, table=table), "next_cursor": None}


@router.get("/shops/{shop_id}/views", response=ListOut[SavedViewOut])
def list_views(request: HttpRequest, shop_id: Id, table: TableName) -> Any:
    """One's own saved filters of a table and those shared with the shop, by name."""
    return _list(_reader(request, shop_id, table), table)


@router.post("/shops/{shop_id}/views", response={201: ListOut[SavedViewOut]})
def save_view(request: HttpRequest, shop_id: Id, payload: SavedViewIn) -> Any:
    """Keep filters under a name; the same name is written anew."""
    member = _reader(request, shop_id, payload.table)
    saved_views.save_view(member=member, **payload.dict())
    return Status(201, _list(member, payload.table))


@router.put("/shops/{shop_id}/views/default", response=ListOut[SavedViewOut])
def set_default_view(request: HttpRequest, shop_id: Id, payload: DefaultViewIn) -> Any:
    """Which saved filter one's own table opens with; null for none."""
    member = _reader(request, shop_id, payload.table)
    saved_views.set_default_view(member=member, table=payload.table, view_id=payload.view_id)
    return _list(member, payload.table)


@router.patch("/shops/{shop_id}/views/{view_id}", response=ListOut[SavedViewOut])
def change_view(request: HttpRequest, shop_id: Id, view_id: Id, payload: SavedViewPatch) -> Any:
    """Rename it, share it with the shop or take it back; a shared one of others for who manages members."""
    member = _reader_of(request, shop_id, view_id)
    table = saved_views.table_of_view(member_of=shop_id, view_id=view_id)
    saved_views.change_view(member=member, view_id=view_id, name=payload.name, shared=payload.shared)
    return _list(member, table)


@router.delete("/shops/{shop_id}/views/{view_id}", response={204: None})
def delete_view(request: HttpRequest, shop_id: Id, view_id: Id) -> Any:
    """Forget it."""
    saved_views.delete_view(member=_reader_of(request, shop_id, view_id), view_id=view_id)
    return Status(204, None)


def _layouts(person_id: int) -> dict[str, Any]:
    return {"items": table_layouts.layouts_of(person_id=person_id), "next_cursor": None}


@router.get("/table-layouts", response=ListOut[TableLayoutOut])
def list_table_layouts(request: HttpRequest) -> Any:
    """How the caller has arranged the tables of the workbench."""
    return _layouts(person_of(request))


@router.put("/table-layouts/{table}", response=ListOut[TableLayoutOut])
def keep_table_layout(request: HttpRequest, table: LayoutTable, payload: TableLayoutIn) -> Any:
    """Arrange a table: in every shop and browser of the caller, and nobody else's."""
    person_id = person_of(request)
    table_layouts.keep_layout(person_id=person_id, table=table, **payload.dict())
    return _layouts(person_id)


@router.delete("/table-layouts/{table}", response={204: None})
def forget_table_layout(request: HttpRequest, table: LayoutTable) -> Any:
    """Show the table as it comes again."""
    table_layouts.forget_layout(person_id=person_of(request), table=table)
    return Status(204, None)
