"""A shop with a product, for the catalogue's tests."""

from collections.abc import Callable
from typing import Any

import pytest

from xingqu.accounts.services import create_organisation, create_person
from xingqu.catalogue import selectors, services
from xingqu.catalogue.domain.records import OptionRecord, ProductRecord, SkuRecord


@pytest.fixture(autouse=True)
def listing_review(settings: Any) -> None:
    """Nobody but the automatic check looks at what is submitted, unless a test says otherwise."""
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"listing_review": "automatic"})


@pytest.fixture
def shop_id(db: None) -> int:
    services.ensure_category_tree()
    owner = create_person(email="owner@shop.example", password="a long pass phrase", display_name="店主")
    return create_organisation(owner_id=owner, kind="merchant", name="素屋", name_en="Plain House")


@pytest.fixture
def bedding_id(shop_id: int) -> int:
    found = selectors.find_category(path=["居家", "床品件套"])
    assert found is not None
    return found


@pytest.fixture
def make_product(shop_id: int, bedding_id: int) -> Callable[..., int]:
    """Makes a product on the shelf: two colours by default, or the fields given."""

    def make(*, online: bool = True, shop: int | None = None, **fields: object) -> int:
        values: dict[str, object] = {
            "name": "纯棉刺绣四件套",
            "category_id": bedding_id,
            "brief": "亲肤舒适",
            "attributes": (("材质", "100%棉"), ("尺寸", "1.5米")),
            "options": (OptionRecord("颜色", ("雾蓝", "米白")),),
            "skus": (
                SkuRecord(values=("雾蓝",), price_minor=29900, list_price_minor=39900, stock=10, code="B1"),
                SkuRecord(values=("米白",), price_minor=31900, stock=3, code="W1"),
            ),
        }
        values.update(fields)
        owner = shop if shop is not None else shop_id
        product_id = services.create_product(shop_id=owner, record=ProductRecord(**values))  # type: ignore[arg-type]
        if online:
            assert services.submit_product(shop_id=owner, product_id=product_id, needs_picture=False) == {}
            services.take_online(shop_id=owner, product_id=product_id)
        return product_id

    return make


@pytest.fixture
def sku_ids(make_product: Callable[..., int]) -> list[int]:
    """The two SKUs of a product on the shelf: 10 and 3 units."""
    detail = selectors.product_detail(product_id=make_product())
    return [sku["id"] for sku in detail["skus"]]
