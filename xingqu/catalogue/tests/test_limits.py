"""Purchase limits of products where many are changed at once, and in files."""

from collections.abc import Callable
from typing import Any

from xingqu.accounts.models import Person
from xingqu.catalogue import selectors, services
from xingqu.catalogue.domain.batch import BatchChange
from xingqu.catalogue.domain.import_csv import table_rows
from xingqu.catalogue.domain.limits import Limit
from xingqu.catalogue.models import Product
from xingqu.catalogue.selectors.export import export_rows


def columns(product_id: int) -> tuple[Any, ...]:
    row = Product.objects.get(pk=product_id)
    return row.limit_per_order, row.limit_per_person, row.limit_days


def test_a_batch_sets_limits_and_is_undone(shop_id: int, make_product: Callable[..., int]) -> None:
    product_id, person_id = make_product(), Person.objects.get(email="owner@shop.example").pk

    def edit(kind: Any, value: int, **more: Any) -> Any:
        return services.edit_products(
            shop_id=shop_id,
            person_id=person_id,
            product_ids=[product_id],
            change=BatchChange(kind=kind, value=value),
            dry_run=more.get("dry_run", False),
        )

    edit("limit_per_person", 5, dry_run=True)
    assert columns(product_id) == (None, None, None)
    edit("limit_per_person", 5)
    edit("limit_days", 30)
    assert edit("limit_per_order", 6).rows[0].error == "invalid_input"
    assert columns(product_id) == (None, 5, 30)
    gone = edit("limit_per_person", 0)
    assert [(c.field, c.before, c.after) for c in gone.rows[0].changes] == [
        ("limit_per_person", 5, None),
        ("limit_days", 30, None),
    ]
    assert columns(product_id) == (None, None, None)
    assert gone.batch_id is not None
    services.undo_batch(shop_id=shop_id, person_id=person_id, batch_id=gone.batch_id)
    assert columns(product_id) == (None, 5, 30)


def _file(shop_id: int) -> list[bytes]:
    import csv
    import io

    text = io.StringIO()
    csv.writer(text).writerows(table_rows(export_rows(shop_id=shop_id)))
    return text.getvalue().encode().splitlines(keepends=True)


def test_limits_travel_in_files(shop_id: int, make_product: Callable[..., int]) -> None:
    product_id = make_product()
    before = _file(shop_id)
    version = Product.objects.get(pk=product_id).version
    services.set_limits(shop_id=shop_id, product_id=product_id, version=version, limit=_limit(2, 5, 30), skus={})
    kept = _file(shop_id)
    assert b",2,5,30" in kept[1]

    def take(lines: list[bytes]) -> Any:
        return services.import_catalogue(lines=lines, form="csv", shop_of=lambda _: shop_id, needs_picture=False)

    assert take(before).errors == []
    assert columns(product_id) == (2, 5, 30)  # empty cells leave it
    cleared = [line.replace(b",2,5,30", b",0,0,0") for line in kept]
    assert take(cleared).errors == []
    assert columns(product_id) == (None, None, None)
    assert take(kept).errors == []
    assert columns(product_id) == (2, 5, 30)
    wrong = [line.replace(b",2,5,30", b",9,5,x") for line in kept]
    assert {(e.field, e.code) for e in take(wrong).errors} == {
        ("limit_days", "not_a_number"),
        ("limit_per_order", "invalid_input"),
    }
    assert columns(product_id) == (2, 5, 30)


def test_a_copy_has_the_same_limit(shop_id: int, make_product: Callable[..., int]) -> None:
    product_id = make_product()
    version = Product.objects.get(pk=product_id).version
    services.set_limits(shop_id=shop_id, product_id=product_id, version=version, limit=_limit(None, 5, None), skus={})
    made = services.copy_product(shop_id=shop_id, product_id=product_id)
    assert columns(made) == (None, 5, None)
    assert selectors.merchant_product(shop_id=shop_id, product_id=made)["limit"].per_person == 5


def _limit(*values: Any) -> Any:

    return Limit(*values)
