"""Many products at once: the preview changes nothing, each product stands for itself, and undoing is exact."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from xingqu.accounts.models import Person
from xingqu.accounts.services import create_organisation, create_person
from xingqu.catalogue import selectors, services
from xingqu.catalogue.domain.batch import BatchChange, BatchResult, new_price, new_tags
from xingqu.catalogue.domain.errors import TooMany, WrongState
from xingqu.catalogue.models import Product, ProductBatch, Sku, StockLevel, StockMovement
from xingqu.kit.errors import InvalidInput, NotFound

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def person_id(shop_id: int) -> int:
    return Person.objects.get(email="owner@shop.example").pk


@pytest.fixture
def edit(shop_id: int, person_id: int) -> Callable[..., BatchResult]:
    def run(
        ids: list[int], kind: Any, value: int = 0, *, tags: tuple[str, ...] = (), dry_run: bool = False
    ) -> BatchResult:
        return services.edit_products(
            shop_id=shop_id,
            person_id=person_id,
            product_ids=ids,
            change=BatchChange(kind=kind, value=value, tags=tags),
            dry_run=dry_run,
        )

    return run


def prices(product_id: int) -> list[tuple[int, int | None]]:
    rows = Sku.objects.filter(product_id=product_id).order_by("position")
    return list(rows.values_list("price_minor", "list_price_minor"))


def stock(product_id: int) -> list[int]:
    return [sku.on_hand for sku in Sku.objects.filter(product_id=product_id).order_by("position")]


@pytest.mark.parametrize(
    ("kind", "value", "before", "after"),
    [
        ("price_set", 100, 29900, 100),
        ("price_amount", -100, 29900, 29800),
        ("price_percent", -1000, 29900, 26910),
        ("price_percent", 333, 105, 108),
        ("price_percent", -5000, 1, 1),
    ],
)
def test_prices(kind: Any, value: int, before: int, after: int) -> None:
    assert new_price(BatchChange(kind, value), before) == after


def test_a_price_of_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput):
        new_price(BatchChange("price_amount", -300), 300)


def test_tags_are_added_in_order_and_at_most_ten() -> None:
    assert new_tags(BatchChange("tags_add", tags=("棉", "新")), ["棉", "夏"]) == ["棉", "夏", "新"]
    assert new_tags(BatchChange("tags_remove", tags=("棉",)), ["棉", "夏"]) == ["夏"]
    with pytest.raises(InvalidInput):
        new_tags(BatchChange("tags_add", tags=("新",)), [str(n) for n in range(10)])


def test_a_preview_is_what_then_happens_and_changes_nothing(edit: Any, make_product: Callable[..., int]) -> None:
    product_id = make_product()
    version = Product.objects.get(pk=product_id).version
    preview = edit([product_id], "price_percent", 3500, dry_run=True)
    assert prices(product_id) == [(29900, 39900), (31900, None)]
    assert (Product.objects.get(pk=product_id).version, ProductBatch.objects.count()) == (version, 0)
    done = edit([product_id], "price_percent", 3500)
    assert (preview.rows, preview.batch_id, preview.dry_run) == (done.rows, None, True)
    assert [(row.field, row.before, row.after) for row in done.rows[0].changes] == [
        ("price_minor", 29900, 40365),
        ("list_price_minor", 39900, None),
        ("price_minor", 31900, 43065),
    ]
    assert prices(product_id) == [(40365, None), (43065, None)]
    row = Product.objects.get(pk=product_id)
    assert (row.min_price_minor, row.max_price_minor) == (40365, 43065)


def test_one_that_refuses_does_not_stop_the_others(edit: Any, make_product: Callable[..., int]) -> None:
    cheap = make_product(skus=(_sku(200),), options=())
    dear = make_product(skus=(_sku(9900),), options=())
    done = edit([cheap, dear, 987654], "price_amount", -300)
    assert [(row.product_id, row.error) for row in done.rows] == [
        (cheap, "invalid_input"),
        (dear, None),
        (987654, "not_found"),
    ]
    assert (prices(cheap), prices(dear)) == ([(200, None)], [(9600, None)])


def _sku(price_minor: int) -> Any:
    from xingqu.catalogue.domain.records import SkuRecord

    return SkuRecord(values=(), price_minor=price_minor, stock=5)


def test_stock_never_falls_below_what_orders_hold(edit: Any, make_product: Callable[..., int]) -> None:
    product_id = make_product(skus=(_sku(9900),), options=())
    StockLevel.objects.filter(sku__product_id=product_id).update(held=3, free=F("free") - 3)
    assert edit([product_id], "stock_set", 2).rows[0].error == "not_enough_stock"
    assert stock(product_id) == [5]
    assert edit([product_id], "stock_add", 7).rows[0].error is None
    assert stock(product_id) == [12]
    last = StockMovement.objects.order_by("-id")[0]
    assert (last.kind, last.on_hand_delta, last.reason) == ("adjust", 7, "batch")


def test_texts_of_what_is_on_sale_wait_in_its_draft(edit: Any, make_product: Callable[..., int]) -> None:
    listed, draft = make_product(), make_product(online=False)
    done = edit([listed, draft], "tags_add", tags=("夏凉",))
    assert [row.waits for row in done.rows] == [True, False]
    assert Product.objects.get(pk=listed).stated_tags == []
    assert Product.objects.get(pk=listed).draft == {"stated_tags": ["夏凉"]}
    assert Product.objects.get(pk=draft).stated_tags == ["夏凉"]


def test_shelf(edit: Any, make_product: Callable[..., int]) -> None:
    listed, draft = make_product(), make_product(online=False)
    done = edit([listed, draft], "online")
    assert [(row.error, len(row.changes)) for row in done.rows] == [(None, 0), ("wrong_state", 0)]
    assert done.batch_id is None
    done = edit([listed], "offline")
    assert Product.objects.get(pk=listed).status == "offline"
    assert ProductBatch.objects.get().pk == done.batch_id


def test_undo(edit: Any, make_product: Callable[..., int], shop_id: int, person_id: int) -> None:
    one, other = make_product(), make_product()
    before = prices(one)
    batch_id = edit([one, other], "price_percent", 3500).batch_id
    moved = Sku.objects.filter(product_id=other).order_by("position")[0]
    Sku.objects.filter(pk=moved.pk).update(price_minor=77700)
    undone = services.undo_batch(shop_id=shop_id, person_id=person_id, batch_id=batch_id)
    assert [row.error for row in undone.rows] == [None, "stale_version"]
    assert prices(one) == before
    assert prices(other)[0][0] == 77700
    row = Product.objects.get(pk=one)
    assert (row.min_price_minor, row.max_price_minor) == (29900, 31900)
    Sku.objects.filter(pk=moved.pk).update(price_minor=40365)
    services.undo_batch(shop_id=shop_id, person_id=person_id, batch_id=batch_id)
    assert prices(other) == before
    with pytest.raises(WrongState):
        services.undo_batch(shop_id=shop_id, person_id=person_id, batch_id=batch_id)
    assert prices(one) == before


def test_undoing_stock_keeps_what_was_sold_in_between(
    edit: Any, make_product: Callable[..., int], shop_id: int, person_id: int
) -> None:
    product_id = make_product(skus=(_sku(9900),), options=())
    batch_id = edit([product_id], "stock_set", 50).batch_id
    StockLevel.objects.filter(sku__product_id=product_id).update(free=48, received=48)
    services.undo_batch(shop_id=shop_id, person_id=person_id, batch_id=batch_id)
    assert stock(product_id) == [3]


def test_undo_of_status_and_texts(edit: Any, make_product: Callable[..., int], shop_id: int, person_id: int) -> None:
    product_id = make_product()
    for kind, tags in (("offline", ()), ("tags_add", ("夏凉",))):
        batch_id = edit([product_id], kind, tags=tags).batch_id
        services.undo_batch(shop_id=shop_id, person_id=person_id, batch_id=batch_id)
    row = Product.objects.get(pk=product_id)
    assert (row.status, row.draft) == ("online", {"stated_tags": []})


@pytest.mark.parametrize(
    ("kind", "value"), [("price_set", 0), ("price_percent", -10_000), ("stock_set", -1), ("tags_add", 0)]
)
def test_impossible_changes_are_refused(edit: Any, make_product: Callable[..., int], kind: str, value: int) -> None:
    product_id = make_product()
    with pytest.raises(InvalidInput):
        edit([product_id], kind, value)
    assert prices(product_id) == [(29900, 39900), (31900, None)]


def test_at_most_500_products(edit: Any) -> None:
    with pytest.raises(TooMany):
        edit(list(range(1, 502)), "offline")
    assert not ProductBatch.objects.exists()


def test_nobody_reaches_another_shops_products(
    edit: Any, make_product: Callable[..., int], shop_id: int, person_id: int
) -> None:
    product_id = make_product()
    batch_id = edit([product_id], "price_set", 5000).batch_id
    pk = create_person(email="other@shop.example", password=None)
    other_shop = create_organisation(owner_id=pk, kind="merchant", name="别家店")
    http = Client()
    http.force_login(Person.objects.get(pk=pk), backend=BACKEND)

    def post(shop: int, path: str, body: Any = None) -> Any:
        return http.post(f"/api/v1/shops/{shop}/products{path}", body or {}, content_type="application/json")

    body = {"product_ids": [product_id], "kind": "price_set", "value": 1}
    assert [
        post(shop_id, path, body).status_code for path in ("/batch", f"/batches/{batch_id}/undo", f"/{product_id}/copy")
    ] == [404] * 3
    assert post(other_shop, "/batch", body).json()["rows"][0]["error"] == "not_found"
    assert [post(other_shop, path).status_code for path in (f"/batches/{batch_id}/undo", f"/{product_id}/copy")] == [
        404,
        404,
    ]
    assert prices(product_id) == [(5000, 39900), (5000, None)]
    with pytest.raises(NotFound):
        services.undo_batch(shop_id=other_shop, person_id=pk, batch_id=batch_id)


def test_a_copy_is_a_draft_of_everything_but_the_stock(make_product: Callable[..., int], shop_id: int) -> None:
    product_id = make_product(external_id="A-1", stated_tags=("夏凉",), detail_paragraphs=("一", "二"))
    copied = services.copy_product(shop_id=shop_id, product_id=product_id)
    one = selectors.merchant_product(shop_id=shop_id, product_id=product_id)
    other = selectors.merchant_product(shop_id=shop_id, product_id=copied)
    assert (other["name"], other["check_status"], other["external_id"]) == ("纯棉刺绣四件套 副本", "unsubmitted", None)
    for name in ("category_id", "brief", "attributes", "stated_tags", "detail_paragraphs", "promises"):
        assert other[name] == one[name]
    assert [(sku["option_text"], sku["price"], sku["code"]) for sku in other["skus"]] == [
        (sku["option_text"], sku["price"], sku["code"]) for sku in one["skus"]
    ]
    assert [sku["on_hand"] for sku in other["skus"]] == [0, 0]
    assert Product.objects.get(pk=product_id).status == "online"
