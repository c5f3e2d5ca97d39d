"""Tables of lucky bags and scripts."""

from django.db import models


class LuckyBag(models.Model):
    """福袋: who meets its conditions may enter until `draw_at`; then `winner_count` of them are drawn.

    `seed_hash` is told when it opens, `seed` when it is drawn: everybody can draw again and find the same winners. The prize is a
    coupon (`coupon_id`) or a product at the prize's price (`sale_id`).
    """

    room = models.ForeignKey("live.LiveRoom", on_delete=models.CASCADE, related_name="lucky_bags")
    name = models.CharField(max_length=40)
    prize = models.CharField(max_length=8)
    coupon_id = models.BigIntegerField(null=True)
    sale_id = models.BigIntegerField(null=True)
    product_id = models.BigIntegerField(null=True)
    winner_count = models.PositiveIntegerField()
    word = models.CharField(max_length=40, blank=True)
    watch_s = models.PositiveIntegerField(default=0)
    seed = models.CharField(max_length=64)
    seed_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=9, default="open", db_index=True)
    opened_at = models.DateTimeField()
    draw_at = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} of {self.room_id} ({self.state})"


class LuckyEntry(models.Model):
    """Somebody who entered a lucky bag, once."""

    bag = models.ForeignKey(LuckyBag, on_delete=models.CASCADE, related_name="entries")
    person_id = models.BigIntegerField()
    entered_at = models.DateTimeField()
    is_winner = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bag", "person_id"], name="live_lucky_entry_once")]
        indexes = [
            models.Index(fields=["person_id", "-id"], condition=models.Q(is_winner=True), name="live_lucky_wins")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.bag_id}"


class LiveScript(models.Model):
    """What happens in a room by itself: `steps` at their seconds of a clock that runs while the script is on and the room is
    live. `position` steps of lap `lap` are done; with `loop_s` it begins again after so many seconds."""

    room = models.OneToOneField("live.LiveRoom", on_delete=models.CASCADE, related_name="script")
    steps = models.JSONField(default=list)
    loop_s = models.PositiveIntegerField(default=0)
    is_on = models.BooleanField(default=False)
    # Seconds that the clock had run when it was last stopped, and since when it runs again.
    run_s = models.FloatField(default=0)
    running_since = models.DateTimeField(null=True)
    lap = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"script of {self.room_id}"
