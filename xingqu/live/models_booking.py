"""Who wants to be told when a planned room begins."""

from django.db import models


class LiveBooking(models.Model):
    """A person asked to be told of a planned room (预约); the row goes when they are told that it began."""

    room = models.ForeignKey("live.LiveRoom", on_delete=models.CASCADE, related_name="bookings")
    person_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "person_id"], name="live_booking_once")]
        indexes = [models.Index(fields=["person_id"], name="live_booking_by_person")]

    def __str__(self) -> str:
        return f"p{self.person_id} for {self.room_id}"
