"""Which scope each address of a shop asks of a member: the table in `scopes.tsv`, that no address may be missing from.

A member without it is refused and told which one; with it and the sight of its page, and nothing else, they are not."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.test_strangers import OPERATIONS, call
from xingqu.accounts.models import Membership, Organisation, OwnRole
from xingqu.accounts.scopes import PAGES, WORKPLACES, WRITE_SCOPES, has_address
from xingqu.accounts.services import create_person
from xingqu.kit import clock
from xingqu.trade.tests.house import Caller, make_shop

# Refused without words: the answer to HEAD has no body.
NOBODY = "refused"
# Only an owner may; and what is looked for before anybody asks whether the reader of its table may.
NO_SCOPE = {"owner", "shop.close"}
LOOKED_FOR = {f"{verb} /shops/{{shop_id}}/views/{{view_id}}" for verb in ("patch", "delete")}
# Either of two scopes will do; the refusal names the second, which only agencies' roles can have.
IN_A_SHOP = {"alliance.write": "products.write"}
TABLE = Path(__file__).with_name("scopes.tsv")
Asked = tuple[str, str, str]


def rows() -> Iterator[Asked]:
    """(address, permission, page) of each line."""
    for line in TABLE.read_text("utf-8").splitlines():
        address, permission, page = line.split("\t")
        yield address, permission, page


def kind_with(page: str, path: str) -> str:
    """A kind of workplace that has the page and the address; a shop where it has them."""
    rest = path.partition("{shop_id}/")[2].replace("{side}", "signed-creators")
    places = WORKPLACES.items()
    return next((kind for kind, place in places if page in place.pages and has_address(kind, rest)), "merchant")


@pytest.fixture
def member(db: None) -> tuple[int, Caller, OwnRole]:
    """A shop, and a member of it with a role of its own that allows nothing yet."""
    shop = make_shop()
    person_id = create_person(email="clerk@shop.example", password=None, display_name="小店员")
    role = OwnRole.objects.create(organisation_id=shop.id, name="新人", scopes=[], created_at=clock.now())
    Membership.objects.create(
        organisation_id=shop.id, person_id=person_id, role="own", own_role=role, created_at=clock.now()
    )
    return shop.id, Caller.signed_in(person_id), role


def test_without_its_scope_every_address_refuses_and_names_it(member: tuple[int, Caller, OwnRole]) -> None:
    shop_id, caller, _ = member
    told: list[Asked] = []
    for verb, path, what in OPERATIONS:
        answer = call(caller, verb, path, what, shop_id=shop_id)
        told_why = answer.status_code == 403 and answer.content  # HEAD has no body
        data = answer.json()["error"]["data"] if told_why else {}
        permission = data.get("permission", NOBODY if answer.status_code == 403 else str(answer.status_code))
        told.append((f"{verb} {path.removeprefix('/api/v1')}", permission, data.get("page", "")))
    if "XINGQU_WRITE_SCOPES" in os.environ:
        TABLE.write_text("".join("\t".join(row) + "\n" for row in sorted(told)), "utf-8")
    assert sorted(told) == list(rows())
    assert len(told) > 200


def test_the_table_knows_only_scopes_that_a_role_can_have() -> None:
    known = {"view", NOBODY, *NO_SCOPE, *WRITE_SCOPES}
    assert {row[0] for row in rows() if row[1] not in known or row[2] not in {"", *PAGES}} == LOOKED_FOR
    assert {row[0].partition(" ")[0] for row in rows() if row[1] == NOBODY} <= {"head"}
    changing = [row for row in rows() if not row[0].startswith(("get ", "head ")) and row[1] == "view"]
    # Everybody's own filters; and a question that is too long for an address.
    assert {row[0].partition("}")[2] for row in changing} <= {"/views", "/views/default", "/product-pools/preview"}


def test_with_its_scope_and_the_sight_of_its_page_no_address_refuses(member: tuple[int, Caller, OwnRole]) -> None:
    shop_id, caller, role = member
    wanted = {address: (permission, page) for address, permission, page in rows()}
    refused = []
    for verb, path, what in OPERATIONS:
        address = f"{verb} {path.removeprefix('/api/v1')}"
        permission, page = wanted[address]
        if permission in NO_SCOPE:
            continue
        kind = kind_with(page, path)
        Organisation.objects.filter(pk=shop_id).update(kind=kind)
        permission = IN_A_SHOP.get(permission, permission) if kind == "merchant" else permission
        scopes = [permission] if permission in WRITE_SCOPES else [] if page else ["view"]
        if page:
            scopes.append(f"{page}.read")
        OwnRole.objects.filter(pk=role.pk).update(scopes=scopes)
        if permission not in (NOBODY, "404") and call(caller, verb, path, what, shop_id=shop_id).status_code == 403:
            refused.append((address, scopes))
    assert refused == []
