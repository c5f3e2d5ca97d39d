"""Tables of accounts."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone


class PersonManager(UserManager["Person"]):
    """Makes people by e-mail; there are no user names."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":  # type: ignore[override]
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Person":  # type: ignore[override]
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Person(AbstractUser):
    """Someone who signed up. A site's operators have `is_staff`."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=8, default="zh-CN")
    avatar_url = models.CharField(max_length=200, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()  # type: ignore[misc]

    def __str__(self) -> str:
        return self.display_name or self.email


class Organisation(models.Model):
    """A merchant (its shop), a creator's workplace, an MCN, a supplier, brand or service provider."""

    class Kind(models.TextChoices):
        MERCHANT = "merchant"
        CREATOR = "creator"
        SUPPLIER = "supplier"
        BRAND = "brand"
        MCN = "mcn"
        SERVICE_PROVIDER = "service_provider"

    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=60, unique=True)
    name_en = models.CharField(max_length=60, blank=True)
    description = models.CharField(max_length=400, blank=True)
    avatar_url = models.CharField(max_length=200, blank=True)
    # False for a shop that somebody signed up, until its papers are approved; what the house makes may list.
    may_list = models.BooleanField(default=True)
    # True while the shop may put nothing new on sale, whatever its papers: its deposit is short, or it is closing.
    listing_frozen = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class OwnRole(models.Model):
    """A role that an organisation made for itself: a name, and scopes of `accounts.scopes`."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="own_role_name_once")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's role in an organisation."""

    class Role(models.TextChoices):
        OWNER = "owner"
        MANAGER = "manager"
        CATALOGUE = "catalogue"
        FULFILMENT = "fulfilment"
        CONTENT = "content"
        SERVICE = "service"
        FINANCE = "finance"
        VIEWER = "viewer"
        OWN = "own"  # `own_role` says which

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    own_role = models.ForeignKey(OwnRole, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(role="own", own_role__isnull=False)
                | (~models.Q(role="own") & models.Q(own_role__isnull=True)),
                name="membership_role_or_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.organisation_id}: {self.role}"


class Invitation(models.Model):
    """Somebody asked to join: nobody becomes a member without saying yes. `version` counts sendings: only the newest link works."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        REVOKED = "revoked"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    contact = models.CharField(max_length=254)
    role = models.CharField(max_length=12, choices=Membership.Role)
    own_role = models.ForeignKey(OwnRole, null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    version = models.PositiveIntegerField(default=1)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="invitation_by_shop")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.state}"


class SavedView(models.Model):
    """Filters of a table of the workbench under a name: a member's own, or shared with the shop. `member` goes with them;
    what they shared stays, without one."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")
    table = models.CharField(max_length=20)
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=1000, blank=True)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "table", "name"], name="saved_view_by_table")]
        constraints = [
            models.UniqueConstraint(fields=["member", "table", "name"], name="saved_view_name_once"),
            models.CheckConstraint(
                condition=models.Q(shared=True) | models.Q(member__isnull=False), name="saved_view_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.name}"


class DefaultView(models.Model):
    """Which view a member's table opens with, one at most."""

    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=20)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "table"], name="default_view_once")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.table}"


class TableLayout(models.Model):
    """How a person arranged a table of the workbench: hidden columns, and the order of all. Theirs, in whatever shop."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    table = models.CharField(max_length=40)
    hidden = models.JSONField(default=list)
    order = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "table"], name="table_layout_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.table}"


class Creator(models.Model):
    """A publishing account: of a shop, or of a creator, whose workplace its organisation is."""

    handle = models.CharField(max_length=40, unique=True)
    display_name = models.CharField(max_length=40)
    display_name_en = models.CharField(max_length=60, blank=True)
    bio = models.CharField(max_length=200, blank=True)
    avatar_url = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="creators")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="creators")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.handle


class GuestMerge(models.Model):
    """A guest key that has been merged into a person, once."""

    guest_key = models.BigIntegerField(unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"g{self.guest_key} -> p{self.person_id}"


class Delegation(models.Model):
    """A workplace lets another one's members do something in its rooms: `scopes` of `accounts.scopes`, at most what each of
    them may do at home."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    to_organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    scopes = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "to_organisation"], name="delegation_once"),
            models.CheckConstraint(
                condition=~models.Q(organisation=models.F("to_organisation")), name="delegation_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} to {self.to_organisation_id}"


class Notice(models.Model):
    """Something a person should know. Pushed by the edge, listed by the API."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="notice_by_person")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"


class ActionEntry(models.Model):
    """Who did what in an organisation's rooms, when, and from which session. Written for every change and every export."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    # A short digest: tells sessions apart and opens none.
    session = models.CharField(max_length=12)
    action = models.CharField(max_length=120)
    subject = models.CharField(max_length=200)
    # The page of the workbench that it belongs to.
    area = models.CharField(max_length=20, blank=True)
    # {field: [before, after]}; before is null for what was only told.
    changes = models.JSONField(default=dict)
    # An operator of the platform did it; members are not told who.
    by_platform = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "area", "-id"], name="action_entry_by_area"),
            models.Index(fields=["at"], name="action_entry_by_age"),
            models.Index(fields=["organisation", "-id"], name="action_entry_by_time"),
            models.Index(fields=["organisation", "person", "-id"], name="action_entry_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.action}"
