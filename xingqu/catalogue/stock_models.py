"""Tables of stock: where units are, who holds them, and every change."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Warehouse(models.Model):
    """Where a shop keeps goods. Orders take from the one with the lowest `priority` that has enough."""

    shop = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    is_default = models.BooleanField(default=False)
    priority = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "name"], name="warehouse_name_once"),
            models.UniqueConstraint(fields=["shop"], condition=Q(is_default=True), name="warehouse_one_default"),
        ]

    def __str__(self) -> str:
        return self.name


class StockLevel(models.Model):
    """Units of a SKU in one warehouse: in general stock (`campaign` empty), or set aside for a campaign.

    What a campaign has may be spread over buckets, so that many buyers of one SKU do not wait for one row. In every row
    `received` = `sold` + `held` + `free`, hence in every sum of rows. `is_open` tells whether `free` is on sale now.
    """

    sku = models.ForeignKey("catalogue.Sku", on_delete=models.PROTECT, related_name="levels", db_index=False)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, related_name="+", db_index=False)
    campaign = models.CharField(max_length=40, blank=True)
    bucket = models.PositiveSmallIntegerField(default=0)
    received = models.BigIntegerField(default=0)
    sold = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    free = models.BigIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku", "campaign", "warehouse", "bucket"], name="stock_level_once"),
            models.CheckConstraint(condition=Q(received=F("sold") + F("held") + F("free")), name="stock_level_sum"),
            models.CheckConstraint(condition=Q(sold__gte=0), name="stock_level_sold"),
            models.CheckConstraint(condition=Q(held__gte=0), name="stock_level_held"),
            models.CheckConstraint(condition=Q(free__gte=0), name="stock_level_free"),
        ]
        indexes = [models.Index(fields=["campaign"], condition=~Q(campaign=""), name="stock_level_by_campaign")]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.campaign} {self.free}"


class StockHold(models.Model):
    """Units that an unpaid order keeps from others until it is paid, cancelled or out of time.

    One order line has one hold, or several `part`s when no single level had enough: the first part is always 0, so
    the unique key lets a line hold once.
    """

    class State(models.TextChoices):
        HELD = "held"
        CONSUMED = "consumed"
        RELEASED = "released"
        RETURNED = "returned"

    order_ref = models.CharField(max_length=64)
    # No constraint on rows that every buyer of a hot SKU would have to lock; the level, which has one, names the SKU too.
    sku = models.ForeignKey(
        "catalogue.Sku", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    part = models.PositiveSmallIntegerField(default=0)
    level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField()
    returned_quantity = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    created_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_ref", "sku", "part"], name="stock_hold_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="stock_hold_quantity"),
            models.CheckConstraint(
                condition=Q(returned_quantity__lte=models.F("quantity")), name="stock_hold_returned"
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="held"), name="stock_hold_waiting")]

    def __str__(self) -> str:
        return f"{self.order_ref}: {self.quantity} of {self.sku_id}"


class StockMovement(models.Model):
    """Every change of a SKU's stock. The deltas of a SKU sum to its `on_hand` and `held`, also by warehouse and campaign."""

    class Kind(models.TextChoices):
        INITIAL = "initial"
        ADJUST = "adjust"
        HOLD = "hold"
        CONSUME = "consume"
        RELEASE = "release"
        RETURN = "return"
        MOVE = "move"
        ALLOT = "allot"
        TAKE_BACK = "takeback"

    # No constraints, for the same reason: movements are written with the level that names both, and neither is ever deleted.
    sku = models.ForeignKey(
        "catalogue.Sku", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    campaign = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=8, choices=Kind)
    on_hand_delta = models.BigIntegerField(default=0)
    held_delta = models.BigIntegerField(default=0)
    order_ref = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["sku", "-id"], name="stock_movement_by_sku")]

    def __str__(self) -> str:
        return f"{self.kind} {self.sku_id}"


class StockWatch(models.Model):
    """Somebody wants to be told when a SKU that is sold out can be bought again; told once."""

    sku = models.ForeignKey("catalogue.Sku", on_delete=models.CASCADE, related_name="+", db_index=False)
    person_id = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sku", "person_id"], name="stock_watch_once")]

    def __str__(self) -> str:
        return f"{self.person_id} waits for {self.sku_id}"
