"""Shapes of the catalogue API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from xingqu.catalogue.contracts import ProductCardOut, PurchaseLimitOut, SaleStateOut
from xingqu.catalogue.domain.batch import MAX_PRODUCTS, ChangeKind
from xingqu.catalogue.domain.limits import MAX_LIMIT, MAX_LIMIT_DAYS
from xingqu.kit.api import AmountMinor, Id, ListOut, LongText, MoneyOut, ShortText, Version
from xingqu.kit.ids import MAX_ID

Name = Annotated[ShortText, StringConstraints(min_length=1, max_length=60)]
OptionName = Annotated[ShortText, StringConstraints(min_length=1, max_length=20)]
ValueName = Annotated[ShortText, StringConstraints(min_length=1, max_length=40)]
TagText = Annotated[ShortText, StringConstraints(min_length=1, max_length=24)]
AttributeValue = Annotated[LongText, StringConstraints(min_length=1, max_length=400)]
Price = Annotated[AmountMinor, Field(ge=1)]
Stock = Annotated[int, Field(ge=0, le=9_999_999)]
RejectionText = Annotated[LongText, StringConstraints(min_length=2, max_length=200)]
SkuCode = Annotated[ShortText, StringConstraints(max_length=40)]


class CategoryOut(Schema):
    id: int
    name: str
    name_en: str
    slug: str
    cover_url: str
    children: list["CategoryOut"]
    product_count: int


class CategoryAttributeOut(Schema):
    id: int
    name: str
    name_en: str
    required: bool
    type: Literal["text", "number", "choice"]
    choices: list[str]


class PictureOut(Schema):
    id: int
    url: str
    width: int
    height: int


class OptionValueOut(Schema):
    id: int
    name: str
    picture_url: str | None


class OptionOut(Schema):
    id: int
    name: str
    values: list[OptionValueOut]


class SkuOut(Schema):
    id: int
    option_value_ids: list[int]
    option_text: str
    code: str
    picture_url: str | None
    price: MoneyOut
    list_price: MoneyOut | None
    available: int
    sale_state: SaleStateOut
    limit: PurchaseLimitOut | None


class AttributeOut(Schema):
    name: str
    value: str


class PathNodeOut(Schema):
    id: int
    name: str
    name_en: str


class ProductShopOut(Schema):
    id: int
    name: str
    name_en: str
    avatar_url: str


class ProductDetailOut(ProductCardOut):
    """Everything a product page shows."""

    brand: str
    unit: str
    detail_paragraphs: list[str]
    pictures: list[PictureOut]
    options: list[OptionOut]
    skus: list[SkuOut]
    attributes: list[AttributeOut]
    category_path: list[PathNodeOut]
    shop: ProductShopOut
    promises: list[str]
    min_price: MoneyOut
    max_price: MoneyOut
    available: int
    version: int
    limit: PurchaseLimitOut | None


class CheckReasonOut(Schema):
    """Why the check refused a field; `basis` names the article of the law where one applies."""

    code: str
    message: str
    words: str | None = None
    basis: str | None = None
    basis_en: str | None = None


class MerchantProductOut(ProductCardOut):
    """A row of the shop's own list."""

    external_id: str | None
    status: Literal["online", "offline", "deleted"]
    check_status: Literal["unsubmitted", "pending", "approved", "rejected", "banned"]
    draft_status: Literal["none", "editing", "pending", "rejected"]
    check_reasons: dict[str, list[CheckReasonOut]]
    available: int
    stock_total: int
    stock_held: int
    sku_count: int
    low_stock: bool
    created_at: datetime
    updated_at: datetime
    version: int


class MerchantSkuOut(Schema):
    id: int
    code: str
    option_value_ids: list[int]
    option_text: str
    price: MoneyOut
    list_price: MoneyOut | None
    on_hand: int
    held: int
    available: int
    allotted: int
    limit: PurchaseLimitOut | None


class MerchantProductDetailOut(MerchantProductOut):
    """A product with everything its merchant edits. `draft` holds edits of an approved product that wait for the check."""

    brand: str
    unit: str
    detail_paragraphs: list[str]
    stated_tags: list[str]
    promises: list[str]
    draft: dict[str, Any]
    submission: "SubmissionOut | None"
    pictures: list[PictureOut]
    attributes: list[AttributeOut]
    options: list[OptionOut]
    skus: list[MerchantSkuOut]
    limit: PurchaseLimitOut | None


class SubmissionOut(Schema):
    """A product waits for an operator; `online`: it goes on the shelf as soon as it passes."""

    submitted_at: datetime
    online: bool


class SubmitIn(Schema):
    """`online` puts the product on the shelf as soon as it is approved."""

    online: bool = False


class AttributeIn(Schema):
    name: OptionName
    value: AttributeValue


class OptionIn(Schema):
    name: OptionName
    values: list[ValueName] = Field(max_length=60)


class SkuIn(Schema):
    """One SKU: a value for each option, in the options' order. `stock` null leaves a known SKU's stock as it is."""

    values: list[ValueName] = Field([], max_length=3)
    price_minor: Price
    list_price_minor: Price | None = None
    stock: Stock | None = None
    code: SkuCode = ""


class ProductTexts(Schema):
    name: Name
    category_id: Id
    short_name: Annotated[ShortText, StringConstraints(max_length=30)] = ""
    brief: ShortText = ""
    brand: Annotated[ShortText, StringConstraints(max_length=60)] = ""
    unit: Annotated[ShortText, StringConstraints(min_length=1, max_length=8)] = "件"
    detail_paragraphs: list[LongText] = Field([], max_length=60)
    attributes: list[AttributeIn] = Field([], max_length=60)
    stated_tags: list[TagText] = Field([], max_length=10)
    promises: list[ShortText] = Field([], max_length=10)


class ProductIn(ProductTexts):
    """A new draft. Options and SKUs may come with it or later."""

    currency: Literal["CNY", "USD", "EUR", "GBP", "HKD", "SGD", "JPY", "KRW"] = "CNY"
    options: list[OptionIn] = Field([], max_length=3)
    skus: list[SkuIn] = Field([], max_length=200)


class ProductPatch(Schema):
    """Fields to change; what is absent stays. `version` is the one that was read."""

    version: Version
    name: Name | None = None
    category_id: Id | None = None
    short_name: Annotated[ShortText, StringConstraints(max_length=30)] | None = None
    brief: ShortText | None = None
    brand: Annotated[ShortText, StringConstraints(max_length=60)] | None = None
    unit: Annotated[ShortText, StringConstraints(min_length=1, max_length=8)] | None = None
    detail_paragraphs: list[LongText] | None = Field(None, max_length=60)
    attributes: list[AttributeIn] | None = Field(None, max_length=60)
    stated_tags: list[TagText] | None = Field(None, max_length=10)
    promises: list[ShortText] | None = Field(None, max_length=10)


class PurchaseLimitIn(Schema):
    """限购; null is no limit. `days` counts a person's orders of so many days, null of all time."""

    per_order: Annotated[int, Field(ge=1, le=MAX_LIMIT)] | None = None
    per_person: Annotated[int, Field(ge=1, le=MAX_LIMIT)] | None = None
    days: Annotated[int, Field(ge=1, le=MAX_LIMIT_DAYS)] | None = None


class SkuLimitIn(PurchaseLimitIn):
    sku_id: Id


class PurchaseLimitsIn(Schema):
    """All limits of a product: SKUs that are not named have none of their own."""

    version: Version
    limit: PurchaseLimitIn = PurchaseLimitIn()
    skus: list[SkuLimitIn] = Field([], max_length=200)


class VersionIn(Schema):
    version: Version


class SkusIn(Schema):
    """Options and SKUs whole: what is absent goes, what stays keeps its id."""

    version: Version
    options: list[OptionIn] = Field([], max_length=3)
    skus: list[SkuIn] = Field(max_length=200)


class PictureOrderIn(Schema):
    """All picture ids of the product in their new order."""

    picture_ids: list[Id] = Field(max_length=20)


class LineErrorOut(Schema):
    line: int
    field: str
    code: str
    message: str
    expected: str


class ImportOut(Schema):
    created: int
    updated: int
    unchanged: int
    errors: list[LineErrorOut]
    dry_run: bool
    lines: int


class StockSummaryOut(Schema):
    on_sale: int
    low_stock: int
    sold_out: int


class ProductBatchIn(Schema):
    """One change of up to 500 products. `value` is minor units (price_set, price_amount), basis points (price_percent:
    -1000 is ten percent off), units (stock_set, stock_add),
    units or days of the purchase limit (limit_*, 0: none) or a category's id; `tags` are for tags_add and tags_remove.
    `dry_run` says what would happen and changes nothing."""

    product_ids: list[Id] = Field(min_length=1, max_length=MAX_PRODUCTS)
    kind: ChangeKind
    value: Annotated[int, Field(ge=-MAX_ID, le=MAX_ID)] = 0
    tags: list[TagText] = Field([], max_length=10)
    dry_run: bool = False


class FieldChangeOut(Schema):
    field: str
    sku_id: int | None
    option_text: str
    before: int | str | list[str] | None
    after: int | str | list[str] | None


class ProductBatchRowOut(Schema):
    """What happened to one product, or with `error` why nothing did."""

    product_id: int
    name: str
    changes: list[FieldChangeOut]
    waits: bool
    error: str | None
    message: str
    expected: str | None


class ProductBatchOut(Schema):
    """`batch_id` undoes it; null for a preview and where nothing changed."""

    batch_id: int | None
    dry_run: bool
    rows: list[ProductBatchRowOut]


class ListingReviewOut(Schema):
    """A submitted product in the operators' queue; `is_edit`: the product is on sale as it was."""

    id: int
    product_id: int
    name: str
    picture_url: str
    shop_id: int
    shop_name: str
    is_edit: bool
    state: Literal["waiting", "approved", "rejected", "withdrawn"]
    submitted_at: datetime
    decided_at: datetime | None
    decided_by: str | None


class ReviewedTextsOut(Schema):
    name: str
    short_name: str
    brief: str
    brand: str
    unit: str
    detail_paragraphs: list[str]
    attributes: list[tuple[str, str]]
    stated_tags: list[str]
    promises: list[str]
    category_path: list[PathNodeOut]


class ListingReviewDetailOut(ListingReviewOut):
    """What an operator decides on: the texts as they would stand and, of an edit, those on sale now."""

    version: int
    proposed: ReviewedTextsOut
    current: ReviewedTextsOut | None
    changed_fields: list[str]
    pictures: list[PictureOut]
    skus: list[MerchantSkuOut]
    reasons: dict[str, list[CheckReasonOut]]


class ListingQueueOut(ListOut[ListingReviewOut]):
    waiting: int


class RejectListingIn(Schema):
    """What is wrong, by field: {"name": "..."}; a part of a list as `detail_paragraphs.2`, `attributes.<name>`."""

    version: Version
    reasons: dict[Annotated[ShortText, StringConstraints(min_length=1, max_length=60)], RejectionText] = Field(
        max_length=40
    )
