"""Tables of the catalogue."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from xingqu.catalogue.shop_models import ShopApplication as ShopApplication
from xingqu.catalogue.shop_models import ShopDocument as ShopDocument
from xingqu.catalogue.stock_models import StockHold as StockHold
from xingqu.catalogue.stock_models import StockLevel as StockLevel
from xingqu.catalogue.stock_models import StockMovement as StockMovement
from xingqu.catalogue.stock_models import StockWatch as StockWatch
from xingqu.catalogue.stock_models import Warehouse as Warehouse


class Category(models.Model):
    """A node of the category tree; products hang on leaves."""

    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    slug = models.SlugField(max_length=60, unique=True, allow_unicode=True)
    cover_url = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="category_name_once"),
            models.UniqueConstraint(fields=["name"], condition=Q(parent=None), name="category_root_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class CategoryAttribute(models.Model):
    """What a product of a category should state; the automatic check asks for the required ones."""

    class Kind(models.TextChoices):
        TEXT = "text"
        NUMBER = "number"
        CHOICE = "choice"

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="attributes")
    name = models.CharField(max_length=20)
    name_en = models.CharField(max_length=40, blank=True)
    required = models.BooleanField(default=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TEXT)
    choices = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "name"], name="category_attribute_once")]

    def __str__(self) -> str:
        return f"{self.category_id}: {self.name}"


class FeatureTag(models.Model):
    """A word of the one tag vocabulary that products, content and people's interests share."""

    name = models.CharField(max_length=24, unique=True)
    name_en = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name


class Limited(models.Model):
    """限购: how many units one person may buy, in one order and in all orders of `limit_days` days (null: ever)."""

    limit_per_order = models.PositiveIntegerField(null=True)
    limit_per_person = models.PositiveIntegerField(null=True)
    limit_days = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True


class Product(Limited):
    """An SPU. Three orthogonal states; whether it can be bought is derived from them (`domain.sale_state`)."""

    class Status(models.TextChoices):
        ONLINE = "online"
        OFFLINE = "offline"
        DELETED = "deleted"

    class CheckStatus(models.TextChoices):
        UNSUBMITTED = "unsubmitted"
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        BANNED = "banned"

    class DraftStatus(models.TextChoices):
        NONE = "none"
        EDITING = "editing"
        PENDING = "pending"
        REJECTED = "rejected"

    shop = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=64, null=True)
    name = models.CharField(max_length=60)
    short_name = models.CharField(max_length=30, blank=True)
    brief = models.CharField(max_length=120, blank=True)
    brand = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=8, default="件")
    detail_paragraphs = models.JSONField(default=list)
    stated_tags = models.JSONField(default=list)
    promises = models.JSONField(default=list)
    status = models.CharField(max_length=8, choices=Status, default=Status.OFFLINE)
    check_status = models.CharField(max_length=12, choices=CheckStatus, default=CheckStatus.UNSUBMITTED)
    draft_status = models.CharField(max_length=8, choices=DraftStatus, default=DraftStatus.EDITING)
    # Edits of an approved product wait here until they pass the check; meanwhile the approved text stays on sale.
    draft = models.JSONField(default=dict)
    check_reasons = models.JSONField(default=dict)
    version = models.PositiveBigIntegerField(default=1)
    currency = models.CharField(max_length=3, default="CNY")
    # Lowest and highest price over the active SKUs, kept with them, so that lists can sort by price.
    min_price_minor = models.PositiveBigIntegerField(default=0)
    max_price_minor = models.PositiveBigIntegerField(default=0)
    picture_url = models.CharField(max_length=200, blank=True)
    sold_count = models.PositiveBigIntegerField(default=0)
    review_count = models.PositiveIntegerField(default=0)
    score_hundredths = models.PositiveSmallIntegerField(null=True)
    content_digest = models.CharField(max_length=64, blank=True)
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "external_id"], condition=Q(external_id__isnull=False), name="product_external_once"
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-updated_at", "-id"], name="product_by_shop"),
            models.Index(fields=["category", "status", "check_status"], name="product_by_category"),
            models.Index(fields=["updated_at", "id"], name="product_by_change"),
        ]

    def __str__(self) -> str:
        return self.name


class ListingReview(models.Model):
    """A submitted product, or the waiting edits of one on sale, before an operator. A product waits once at a time."""

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="reviews")
    shop = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    is_edit = models.BooleanField()
    # Put on the shelf by the approval itself, as the merchant asked when submitting.
    online_when_approved = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reasons = models.JSONField(default=dict)
    submitted_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product"], condition=Q(state="waiting"), name="listing_review_waits_once"),
        ]
        indexes = [models.Index(fields=["state", "id"], name="listing_review_queue")]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.state}"


class ProductBatch(models.Model):
    """One change of many products at once, kept so that it can be undone."""

    shop = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    change = models.JSONField()
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["shop", "-id"], name="product_batch_by_shop")]

    def __str__(self) -> str:
        return f"{self.change} in {self.shop_id}"


class ProductBatchRow(models.Model):
    """What a batch did to one product: values before and after, written with the change itself."""

    batch = models.ForeignKey(ProductBatch, on_delete=models.CASCADE, related_name="rows")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    changes = models.JSONField(default=list)
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "product"], name="product_batch_row_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.product_id}"


class ProductPicture(models.Model):
    """A picture of a product, in order; the first is the one on its card."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pictures")
    url = models.CharField(max_length=200)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.url


class ProductAttribute(models.Model):
    """A stated property such as material or size."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="attributes")
    name = models.CharField(max_length=20)
    value = models.CharField(max_length=400)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="product_attribute_once")]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class Option(models.Model):
    """A choice a buyer makes, such as colour."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="options")
    name = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="option_name_once")]

    def __str__(self) -> str:
        return self.name


class OptionValue(models.Model):
    """One answer to an option, such as red."""

    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="values")
    name = models.CharField(max_length=40)
    picture_url = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["option", "name"], name="option_value_once")]

    def __str__(self) -> str:
        return self.name


class Sku(Limited):
    """What is bought: one combination of option values with its price and stock.

    Its units stand in `StockLevel`. A SKU that the merchant removes stays, inactive, because orders name it.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="skus")
    code = models.CharField(max_length=40, blank=True)
    option_key = models.CharField(max_length=80)
    option_value_ids = models.JSONField(default=list)
    option_text = models.CharField(max_length=200, blank=True)
    price_minor = models.PositiveBigIntegerField()
    list_price_minor = models.PositiveBigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="CNY")
    picture_url = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "option_key"], condition=Q(is_active=True), name="sku_combination_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.option_text}"

    @property
    def on_hand(self) -> int:
        """Units in all warehouses, those of campaigns and unpaid orders included. One query."""
        return sum(free + held for free, held in self.levels.values_list("free", "held"))

    @property
    def held(self) -> int:
        """Units that wait for orders that are not paid yet. One query."""
        return sum(self.levels.values_list("held", flat=True))


class ProductTag(models.Model):
    """A feature tag on a product with how much it says about it (0..1) and where it was read."""

    class Source(models.TextChoices):
        MERCHANT = "merchant"
        TITLE = "title"
        ATTRIBUTE = "attribute"
        CATEGORY = "category"

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="tags")
    tag = models.ForeignKey(FeatureTag, on_delete=models.PROTECT, related_name="+")
    weight = models.FloatField()
    source = models.CharField(max_length=10, choices=Source)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "tag"], name="product_tag_once")]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.tag_id}"


class ImportRun(models.Model):
    """How far an import of one file got, so that it can resume."""

    file_digest = models.CharField(max_length=64)
    target = models.CharField(max_length=80)
    lines_done = models.PositiveIntegerField(default=0)
    finished = models.BooleanField(default=False)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file_digest", "target"], name="import_run_once")]

    def __str__(self) -> str:
        return f"{self.file_digest[:12]} into {self.target}"


class SearchTerm(models.Model):
    """The inverted index of product search: a plain table, so that it works alike on every database."""

    term = models.CharField(max_length=40)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    weight = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "product"], name="search_term_once")]

    def __str__(self) -> str:
        return self.term


class SearchWord(models.Model):
    """A word people may search by, with its pinyin: for suggestions as they type and for correcting slips."""

    word = models.CharField(max_length=40, unique=True)
    pinyin = models.CharField(max_length=120, db_index=True)
    initials = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.word
