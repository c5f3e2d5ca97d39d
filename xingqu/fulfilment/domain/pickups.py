"""When a carrier fetches return parcels, pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
FIRST_HOUR, LAST_HOUR, HOURS, DAYS = 9, 19, 2, 3
NOTICE = timedelta(hours=1)


def pickup_slots(now: datetime) -> list[tuple[datetime, datetime]]:
    """Slots of two hours on three days that begin an hour from now or later, the earliest first. There are always some."""
    today = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    slots = [
        (today + timedelta(days=day, hours=hour), today + timedelta(days=day, hours=hour + HOURS))
        for day in range(DAYS)
        for hour in range(FIRST_HOUR, LAST_HOUR, HOURS)
    ]
    return [slot for slot in slots if slot[0] >= now + NOTICE]
