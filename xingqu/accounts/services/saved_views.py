"""Saved filters of the workbench's tables: kept per member, shared with the shop, one to open a table with."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from xingqu.accounts.contracts import MembershipCard
from xingqu.accounts.models import DefaultView, SavedView
from xingqu.kit import clock
from xingqu.kit.errors import Conflict, Forbidden, NotFound
from xingqu.kit.transactions import hold_names, retried

MAX_VIEWS = 30  # of one member for one table
MAX_SHARED = 100  # of one shop for one table


class TooManyViews(Conflict):
    """`data` has most."""

    code = "too_many_views"
    message = "There are as many saved filters as there may be. Remove one first."


class ViewNameTaken(Conflict):
    code = "view_name_taken"
    message = "You have a saved filter of this name for this table. Take another name."


def views_of(*, member: MembershipCard, table: str) -> list[dict[str, Any]]:
    """A member's own views and those shared with the shop, by name; one at most is what the table opens with."""
    rows = _visible(member).filter(table=table).select_related("member__person").order_by("name", "id")
    first = DefaultView.objects.filter(member_id=member.id, table=table).values_list("view_id", flat=True).first()
    return [
        {
            "id": row.pk,
            "table": row.table,
            "name": row.name,
            "query": row.query,
            "shared": row.shared,
            "mine": row.member_id == member.id,
            "owner_name": "" if row.member is None else str(row.member.person),
            "is_default": row.pk == first,
        }
        for row in rows
    ]


def table_of_view(*, member_of: int, view_id: int) -> str:
    """The table of one of an organisation's views. Raises NotFound."""
    row = SavedView.objects.filter(pk=view_id, organisation_id=member_of).first()
    if row is None:
        raise NotFound
    return row.table


@retried
@transaction.atomic
def save_view(*, member: MembershipCard, table: str, name: str, query: str, shared: bool, default: bool) -> int:
    """Keep filters under a name; the same name of the same member is written anew. Returns its id.

    `query` is the address bar's, without its question mark. Raises TooManyViews.
    """
    hold_names(f"views:{member.organisation_id}:{table}")
    row = SavedView.objects.filter(member_id=member.id, table=table, name=name).first()
    if row is None:
        if SavedView.objects.filter(member_id=member.id, table=table).count() >= MAX_VIEWS:
            raise TooManyViews(data={"most": MAX_VIEWS})
        row = SavedView(
            organisation_id=member.organisation_id, member_id=member.id, table=table, name=name, created_at=clock.now()
        )
    if shared and not row.shared:
        _room_to_share(member.organisation_id, table)
    row.query, row.shared = query, shared
    row.save()
    if not shared:
        _forget_for_others(row)
    if default:
        _open_with(member, table, row.pk)
    return int(row.pk)


@retried
@transaction.atomic
def change_view(*, member: MembershipCard, view_id: int, name: str | None, shared: bool | None) -> None:
    """Rename a view, share it, or take it back. Raises NotFound, Forbidden for another's, ViewNameTaken, TooManyViews."""
    table = table_of_view(member_of=member.organisation_id, view_id=view_id)
    hold_names(f"views:{member.organisation_id}:{table}")
    row = _changeable(member, view_id)
    if name is not None and name != row.name:
        if SavedView.objects.filter(member_id=row.member_id, table=table, name=name).exists():
            raise ViewNameTaken(field="name")
        row.name = name
    if shared is not None and shared != row.shared:
        if row.member_id is None:
            raise Forbidden  # whose it was has left: it is the shop's, or nobody's
        if shared:
            _room_to_share(member.organisation_id, table)
        row.shared = shared
    row.save()
    if not row.shared:
        _forget_for_others(row)


@retried
@transaction.atomic
def delete_view(*, member: MembershipCard, view_id: int) -> None:
    """Forget a view, for everybody who opens a table with it, too. Raises NotFound, Forbidden for another's."""
    _changeable(member, view_id).delete()


@retried
@transaction.atomic
def set_default_view(*, member: MembershipCard, table: str, view_id: int | None) -> None:
    """What this member's table opens with; None for the plain list. Raises NotFound for what they can't see."""
    if view_id is None:
        DefaultView.objects.filter(member_id=member.id, table=table).delete()
        return
    if not _visible(member).filter(pk=view_id, table=table).exists():
        raise NotFound
    _open_with(member, table, view_id)


def _visible(member: MembershipCard) -> Any:
    own = Q(member_id=member.id) | Q(shared=True)
    return SavedView.objects.filter(own, organisation_id=member.organisation_id)


def _changeable(member: MembershipCard, view_id: int) -> SavedView:
    """One's own, or a shared one for who manages members."""
    row: SavedView | None = _visible(member).filter(pk=view_id).first()
    if row is None:
        raise NotFound
    if row.member_id != member.id and not member.may("members.write"):
        raise Forbidden
    return row


def _room_to_share(organisation_id: int, table: str) -> None:
    if SavedView.objects.filter(organisation_id=organisation_id, table=table, shared=True).count() >= MAX_SHARED:
        raise TooManyViews(data={"most": MAX_SHARED})


def _forget_for_others(row: SavedView) -> None:
    DefaultView.objects.filter(view=row).exclude(member_id=row.member_id).delete()


def _open_with(member: MembershipCard, table: str, view_id: int) -> None:
    DefaultView.objects.update_or_create(member_id=member.id, table=table, defaults={"view_id": view_id})
