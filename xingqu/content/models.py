"""Tables of content. Counters are columns, changed by one guarded statement when a row really came or went."""

from django.db import models
from django.utils import timezone


class Kind(models.TextChoices):
    VIDEO = "video"
    PICTURE = "picture"


class MediaAsset(models.Model):
    """An uploaded (or, on the demo, generated) file and what became of it.

    `lease_token` and `lease_until` name the process at work on it; a lease that ran out means that process died.
    `is_generated`: made by the demo's seed from a plan, without an upload.
    `files` holds media paths relative to MEDIA_ROOT: poster, hls, mp4, previews, pictures.
    """

    class State(models.TextChoices):
        UPLOADING = "uploading"
        CHECKING = "checking"
        TRANSCODING = "transcoding"
        READY = "ready"
        FAILED = "failed"

    shop = models.ForeignKey("accounts.Organisation", null=True, on_delete=models.CASCADE, related_name="+")
    uploader = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.VIDEO)
    filename = models.CharField(max_length=200)
    size_bytes = models.BigIntegerField(default=0)
    upload_metadata = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.UPLOADING)
    progress_percent = models.PositiveSmallIntegerField(default=0)
    failure_code = models.CharField(max_length=60, blank=True)
    failure_message = models.CharField(max_length=400, blank=True)
    files = models.JSONField(default=dict)
    duration_ms = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_generated = models.BooleanField(default=False)
    # A recording of a live room: as long as the show was, and shown as the encoder sent it.
    is_recording = models.BooleanField(default=False, db_default=False)
    # Cut out of another clip of the library, from and to in milliseconds.
    trimmed_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    trim_from_ms = models.PositiveIntegerField(default=0)
    trim_to_ms = models.PositiveIntegerField(default=0)
    lease_token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["shop", "-id"], name="asset_by_shop"),
            models.Index(
                fields=["state"],
                condition=models.Q(state__in=["uploading", "checking", "transcoding"]),
                name="asset_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filename} ({self.state})"


class Content(models.Model):
    """A short video or picture post of a creator, perhaps in a shop's name.

    `media` repeats the assets' files when they are ready, so that a card needs no join.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        PROCESSING = "processing"
        READY = "ready"
        PUBLISHED = "published"
        UNPUBLISHED = "unpublished"
        FAILED = "failed"

    kind = models.CharField(max_length=8, choices=Kind)
    creator = models.ForeignKey("accounts.Creator", on_delete=models.PROTECT, related_name="+")
    shop = models.ForeignKey("accounts.Organisation", null=True, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=120)
    caption = models.CharField(max_length=1000, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    media = models.JSONField(default=dict)
    duration_ms = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    like_count = models.PositiveIntegerField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    save_count = models.PositiveIntegerField(default=0)
    share_count = models.PositiveIntegerField(default=0)
    view_count = models.PositiveBigIntegerField(default=0)
    # Path of a chosen cover below MEDIA_ROOT; empty: the poster that was made of the first file.
    cover = models.CharField(max_length=120, blank=True)
    # When the clock publishes it, unless somebody did.
    publish_at = models.DateTimeField(null=True)
    spec_key = models.CharField(max_length=80, null=True, unique=True)
    version = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["creator", "-published_at", "-id"],
                condition=models.Q(state="published"),
                name="content_by_creator",
            ),
            models.Index(fields=["shop", "-id"], name="content_by_shop"),
            models.Index(
                fields=["-published_at", "-id"], condition=models.Q(state="published"), name="content_published"
            ),
            models.Index(fields=["publish_at"], condition=models.Q(publish_at__isnull=False), name="content_due"),
        ]

    def __str__(self) -> str:
        return self.title


class ContentAsset(models.Model):
    """Which files a content shows, in order."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="assets")
    asset = models.ForeignKey(MediaAsset, on_delete=models.PROTECT, related_name="contents")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content", "asset"], name="content_asset_once")]

    def __str__(self) -> str:
        return f"{self.content_id}[{self.position}] = {self.asset_id}"


class ContentAnchor(models.Model):
    """A product hung on a content; in a clip it stands from `show_from_ms` to `show_until_ms`, null for the ends."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="anchors")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    label = models.CharField(max_length=40, blank=True)
    show_from_ms = models.PositiveIntegerField(null=True)
    show_until_ms = models.PositiveIntegerField(null=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content", "product"], name="content_anchor_once")]

    def __str__(self) -> str:
        return f"{self.content_id} -> product {self.product_id}"


class AnchorRight(models.Model):
    """A creator may hang a product of somebody else's shop on works and put it into a live bag, from `since` on, before `until`.

    Written by who agrees it with the merchant: the alliance, which stands above.
    """

    creator = models.ForeignKey("accounts.Creator", on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    # The platform has stopped the creator from selling; the right is there again when that is over.
    suspended = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creator", "product"], name="anchor_right_once")]

    def __str__(self) -> str:
        return f"creator {self.creator_id} may show product {self.product_id}"


class ContentTag(models.Model):
    """A feature tag of a content. `is_topic`: the author wrote it; else it was derived from words or products."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="tags")
    tag = models.ForeignKey("catalogue.FeatureTag", on_delete=models.CASCADE, related_name="+")
    weight = models.FloatField()
    is_topic = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content", "tag"], name="content_tag_once")]

    def __str__(self) -> str:
        return f"{self.content_id} #{self.tag_id} {self.weight:.2f}"


class ContentLike(models.Model):
    """An actor (``p12`` a person, ``g345`` a guest) likes a content."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+")
    actor_key = models.CharField(max_length=24)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_key", "content"], name="content_like_once")]

    def __str__(self) -> str:
        return f"{self.actor_key} likes {self.content_id}"


class ContentSave(models.Model):
    """An actor keeps a content for later."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+")
    actor_key = models.CharField(max_length=24)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_key", "content"], name="content_save_once")]

    def __str__(self) -> str:
        return f"{self.actor_key} saved {self.content_id}"


class ContentShare(models.Model):
    """An actor shared a content; counted once."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+")
    actor_key = models.CharField(max_length=24)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_key", "content"], name="content_share_once")]

    def __str__(self) -> str:
        return f"{self.actor_key} shared {self.content_id}"


class CreatorFollow(models.Model):
    """An actor follows a creator."""

    creator = models.ForeignKey("accounts.Creator", on_delete=models.CASCADE, related_name="+")
    actor_key = models.CharField(max_length=24)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_key", "creator"], name="creator_follow_once")]

    def __str__(self) -> str:
        return f"{self.actor_key} follows {self.creator_id}"


class CreatorCounts(models.Model):
    """Followers, published works and likes received of a creator."""

    creator = models.OneToOneField("accounts.Creator", on_delete=models.CASCADE, related_name="+", primary_key=True)
    follower_count = models.PositiveIntegerField(default=0)
    work_count = models.PositiveIntegerField(default=0)
    like_count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"creator {self.creator_id}: {self.follower_count} followers"


class Comment(models.Model):
    """What a person said below a content. A reply stands below its top comment; the text of a deleted one is gone.

    One that the creator (or a blocked word, or a blocked person) hid is seen by who wrote it only. `as_creator`: said in the
    name of the publishing account.
    """

    class Hidden(models.TextChoices):
        NO = ""
        HAND = "hand"
        WORD = "word"
        PERSON = "person"

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    thread = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    reply_to = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.CharField(max_length=500, blank=True)
    like_count = models.PositiveIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)
    hidden = models.CharField(max_length=8, choices=Hidden, blank=True, default=Hidden.NO)
    pinned_at = models.DateTimeField(null=True)
    as_creator = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["content", "thread", "-id"], name="comment_by_content"),
            models.Index(fields=["person", "-id"], name="comment_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.content_id}: {self.text[:20]}"


class CommentRules(models.Model):
    """Words that hide a comment below a creator's works."""

    creator = models.OneToOneField("accounts.Creator", on_delete=models.CASCADE, related_name="+", primary_key=True)
    words = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"creator {self.creator_id}: {len(self.words)} words"


class BlockedPerson(models.Model):
    """Somebody who may not comment below a creator's works."""

    creator = models.ForeignKey("accounts.Creator", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["creator", "person"], name="blocked_person_once")]

    def __str__(self) -> str:
        return f"creator {self.creator_id} blocks {self.person_id}"


class CommentLike(models.Model):
    """An actor likes a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    actor_key = models.CharField(max_length=24)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_key", "comment"], name="comment_like_once")]

    def __str__(self) -> str:
        return f"{self.actor_key} likes comment {self.comment_id}"


class ContentCaption(models.Model):
    """What is said in a clip, in one language: cues of [start_ms, end_ms, text], by time."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=8)
    cues = models.JSONField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content", "language"], name="content_caption_once")]

    def __str__(self) -> str:
        return f"{self.content_id} in {self.language}: {len(self.cues)} cues"


class WatchedSecond(models.Model):
    """How many looks at a content ended within one second of watching; longer than the last second counts there."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="+")
    second = models.PositiveSmallIntegerField()
    looks = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content", "second"], name="watched_second_once")]

    def __str__(self) -> str:
        return f"{self.content_id} at {self.second} s: {self.looks}"


class ViewPosition(models.Model):
    """Up to which byte of a segment of the signal log views have been counted."""

    segment = models.BigIntegerField(primary_key=True)
    end = models.BigIntegerField()

    def __str__(self) -> str:
        return f"segment {self.segment:016x} to {self.end}"


class CountedLook(models.Model):
    """The event id of a look that was counted a short while ago; see `services.views`."""

    event_id = models.BinaryField(primary_key=True, max_length=16)
    received_at_ms = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return bytes(self.event_id).hex()


class PlannedContent(models.Model):
    """A key of the demo's plan whose content has been made: once, also when a shop deletes it later."""

    key = models.CharField(max_length=80, primary_key=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.key
