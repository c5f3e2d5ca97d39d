"""Tables of onboarding: what a shop shows of itself before it may list products."""

from django.db import models
from django.db.models import Q


class ShopDocument(models.Model):
    """A picture of a licence or identity card. Its file is private: `path` is a name of `kit.private_files`."""

    class Kind(models.TextChoices):
        LICENCE = "licence"
        IDENTITY_FRONT = "identity_front"
        IDENTITY_BACK = "identity_back"
        OTHER = "other"

    shop = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Kind)
    path = models.CharField(max_length=120)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    # The last day it is valid, of one that ends; a licence's stands in the submission.
    valid_until = models.DateField(null=True)
    uploaded_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} of {self.shop_id}"


class ShopApplication(models.Model):
    """One submission of a shop's qualification. Never edited: a shop that was sent back submits anew."""

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    class Kind(models.TextChoices):
        COMPANY = "company"
        INDIVIDUAL = "individual"

    shop = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    kind = models.CharField(max_length=10, choices=Kind)
    legal_name = models.CharField(max_length=120)
    licence_no = models.CharField(max_length=18)
    licence_until = models.DateField(null=True)
    contact_name = models.CharField(max_length=40)
    contact_phone = models.CharField(max_length=20)
    documents = models.ManyToManyField(ShopDocument, related_name="applications")
    reasons = models.JSONField(default=dict)
    submitted_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop"], condition=Q(state="waiting"), name="shop_application_waits_once")
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="shop_application_queue"),
            models.Index(fields=["shop", "-id"], name="shop_application_by_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.state}"
