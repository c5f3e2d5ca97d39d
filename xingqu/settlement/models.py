"""Tables of settlement. Numbers of orders and journals are plain text: what they name stands in trade and the ledger."""

from django.db import models
from django.db.models import Q

from xingqu.settlement.models_custody import CustodyMove as CustodyMove
from xingqu.settlement.models_tax import TaxLine as TaxLine
from xingqu.settlement.models_tax import TaxRemittance as TaxRemittance
from xingqu.settlement.models_tax import TaxReturn as TaxReturn


class SettlementRule(models.Model):
    """Settlement periods from a moment on, until the next rule. Never changed: a new one is added."""

    effective_from = models.DateTimeField(unique=True)
    tiers = models.JSONField(default=list)
    unrated_days = models.PositiveIntegerField()
    min_withdrawal_minor = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    created_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"from {self.effective_from}"


class ShopScore(models.Model):
    """A shop's score (0 to 100) from a moment on: computed (`created_by_id` null, `note` names the day) or an operator's.

    An operator's with `until` holds till then whatever is computed meanwhile; one without till the next.
    """

    shop_id = models.BigIntegerField()
    score = models.PositiveIntegerField()
    effective_from = models.DateTimeField()
    until = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)
    created_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop_id", "effective_from"], name="shop_score_once"),
            models.CheckConstraint(condition=Q(score__lte=100), name="shop_score_range"),
        ]

    def __str__(self) -> str:
        return f"shop {self.shop_id}: {self.score}"


class Settlement(models.Model):
    """An order on its way from receipt to the balance, under the rule and score of the moment it was received."""

    class State(models.TextChoices):
        PENDING = "pending"
        SETTLED = "settled"
        VOID = "void"  # everything went back before

    order_no = models.CharField(max_length=32, unique=True)
    shop_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    waits_for = models.CharField(max_length=16, blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    look_at = models.DateTimeField()
    score = models.PositiveIntegerField(null=True)
    days = models.PositiveIntegerField()
    net_minor = models.BigIntegerField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["look_at"], condition=Q(state="pending"), name="settlement_due"),
            models.Index(fields=["shop_id", "-id"], name="settlement_by_shop"),
        ]

    def __str__(self) -> str:
        return self.order_no


class RiskHold(models.Model):
    """An operator keeps a shop's money, or that of one order (`order_no`), from being settled and withdrawn."""

    shop_id = models.BigIntegerField()
    order_no = models.CharField(max_length=32, blank=True)
    reason = models.CharField(max_length=200)
    placed_by_id = models.BigIntegerField()
    placed_at = models.DateTimeField()
    lifted_by_id = models.BigIntegerField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop_id", "order_no"], condition=Q(lifted_at=None), name="risk_hold_once")
        ]

    def __str__(self) -> str:
        return f"shop {self.shop_id} {self.order_no}"


class PayoutAccount(models.Model):
    """Where a shop's withdrawals go."""

    shop_id = models.BigIntegerField(unique=True)
    holder = models.CharField(max_length=60)
    bank_name = models.CharField(max_length=60)
    number = models.CharField(max_length=34)
    changed_by_id = models.BigIntegerField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"shop {self.shop_id}"


class Withdrawal(models.Model):
    """Money asked out of an organisation's account: kept aside in the ledger until the bank has paid it or refused.

    `source` is the ledger's account of a commission, empty for a shop's balance. The bank pays `amount_minor`; `tax_minor`
    beside it is withheld by `rule`, and paid to the authorities with `remittance`. `exempt_minor` of both is no income: what a
    payee had paid into custody and got back, or of tax.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        PAID = "paid"
        FAILED = "failed"

    withdrawal_no = models.CharField(max_length=32, unique=True)
    shop_id = models.BigIntegerField()
    key = models.CharField(max_length=64)
    source = models.CharField(max_length=80, blank=True, default="")
    amount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)
    exempt_minor = models.BigIntegerField(default=0)
    rule = models.ForeignKey("WithholdingRule", null=True, on_delete=models.PROTECT, related_name="+")
    remittance = models.ForeignKey("TaxRemittance", null=True, on_delete=models.PROTECT, related_name="withdrawals")
    currency = models.CharField(max_length=3)
    bank = models.CharField(max_length=20)
    holder = models.CharField(max_length=60)
    bank_name = models.CharField(max_length=60)
    number = models.CharField(max_length=34)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    unsure = models.BooleanField(default=False)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    bank_reference = models.CharField(max_length=64, blank=True)
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="asked"), name="withdrawal_due"),
            models.Index(fields=["shop_id", "-id"], name="withdrawal_by_shop"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["shop_id", "key"], name="withdrawal_key_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0, tax_minor__gte=0), name="withdrawal_amount"),
        ]

    def __str__(self) -> str:
        return self.withdrawal_no


class WithholdingRule(models.Model):
    """What is withheld of commissions paid out to a kind of payee from a moment on. Never changed: a new one is added.

    `brackets` are {up_to_minor, rate_bp}, rising; the last has no upper end.
    """

    kind = models.CharField(max_length=12)
    effective_from = models.DateTimeField()
    allowance_minor = models.BigIntegerField(default=0)
    deduct_bp = models.PositiveIntegerField(default=0)
    brackets = models.JSONField(default=list)
    note = models.CharField(max_length=200, blank=True)
    created_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "effective_from"], name="withholding_rule_once"),
            models.CheckConstraint(
                condition=Q(allowance_minor__gte=0, deduct_bp__lte=10_000), name="withholding_rule_amounts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.effective_from}"


class DepositRule(models.Model):
    """What deposits are due from a moment on, until the next rule. Never changed: a new one is added.

    `categories` are {category_id, company_minor, individual_minor}; each holds for everything below its category.
    """

    effective_from = models.DateTimeField(unique=True)
    company_minor = models.BigIntegerField()
    individual_minor = models.BigIntegerField()
    categories = models.JSONField(default=list)
    grace_days = models.PositiveIntegerField()
    remind_days = models.PositiveIntegerField()
    release_days = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)
    created_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(company_minor__gte=0, individual_minor__gte=0), name="deposit_rule_amounts"
            )
        ]

    def __str__(self) -> str:
        return f"from {self.effective_from}"


class DepositStanding(models.Model):
    """How a shop's deposit stands against what is due, and what follows when. `look_at`: when the worker looks again."""

    class State(models.TextChoices):
        OK = "ok"
        SHORT = "short"  # to be topped up until the deadline
        OVERDUE = "overdue"  # nothing new on sale, no withdrawals
        CLOSING = "closing"  # released after the waiting time
        CLOSED = "closed"

    shop_id = models.BigIntegerField(unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.OK)
    due_minor = models.BigIntegerField(default=0)
    short_minor = models.BigIntegerField(default=0)
    deadline_at = models.DateTimeField(null=True)
    reminded = models.BooleanField(default=False)
    release_at = models.DateTimeField(null=True)
    closing_by_id = models.BigIntegerField(null=True)
    look_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["look_at"], name="deposit_standing_due"),
            models.Index(fields=["state", "shop_id"], name="deposit_standing_state"),
        ]

    def __str__(self) -> str:
        return f"shop {self.shop_id}: {self.state}"


class DepositChange(models.Model):
    """A movement of a security deposit (保证金): paid in by the shop out of its balance or through a payment provider
    (`waiting` until the money came, `lapsed` when it didn't); frozen by an operator, then deducted or released; deducted
    at once; returned to the balance of a shop that closed."""

    class Kind(models.TextChoices):
        PAY_IN = "pay_in"
        PAYMENT = "payment"
        FREEZE = "freeze"
        DEDUCT = "deduct"
        RETURN = "return"

    class State(models.TextChoices):
        WAITING = "waiting"
        LAPSED = "lapsed"
        DONE = "done"
        FROZEN = "frozen"
        DEDUCTED = "deducted"
        RELEASED = "released"

    change_no = models.CharField(max_length=32, unique=True)
    shop_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200, blank=True)
    # Of a payment: what the payer pays, and until when.
    order_no = models.CharField(max_length=32, blank=True)
    expires_at = models.DateTimeField(null=True)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="deposit_change_amount")]

    def __str__(self) -> str:
        return self.change_no


class DepositEvidence(models.Model):
    """A picture that shows why a deposit was deducted. Its file is private: `path` is a name of `kit.private_files`."""

    change = models.ForeignKey(DepositChange, null=True, on_delete=models.PROTECT, related_name="evidence")
    path = models.CharField(max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    by_id = models.BigIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.path


class Compensation(models.Model):
    """Money to a buyer out of the protection fund: a refund of the order, whose cost to the shop the fund makes good."""

    class State(models.TextChoices):
        ASKED = "asked"
        DONE = "done"

    compensation_no = models.CharField(max_length=32, unique=True)
    shop_id = models.BigIntegerField(db_index=True)
    order_no = models.CharField(max_length=32)
    # The deduction it was decided with, if any.
    change = models.OneToOneField(DepositChange, null=True, on_delete=models.PROTECT, related_name="compensation")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200)
    refund_no = models.CharField(max_length=32)
    state = models.CharField(max_length=5, choices=State, default=State.ASKED)
    # What the refund cost the shop, and the fund gave back: the amount less the platform's fee that came back.
    borne_minor = models.BigIntegerField(default=0)
    by_id = models.BigIntegerField()
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_minor__gt=0), name="compensation_amount")]

    def __str__(self) -> str:
        return self.compensation_no


class AuditRun(models.Model):
    """One look of the auditor at goods, information and money."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    checked = models.JSONField(default=dict)
    difference_count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.started_at}"


class AuditDifference(models.Model):
    """Two things that should agree and don't. `flow` is goods, information or money."""

    run = models.ForeignKey(AuditRun, on_delete=models.CASCADE, related_name="differences")
    flow = models.CharField(max_length=12)
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=80)
    shop_id = models.BigIntegerField(null=True)
    expected = models.CharField(max_length=200)
    found = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
