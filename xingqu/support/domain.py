"""What may be written in a conversation, and when an answer counts as fast. Pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

TEXT_MAX_LETTERS = 1000
FAST_ANSWER_S = 180
# Schemes and bare hosts; a number such as 3.5 or a file's name is none.
_LINK = re.compile(
    r"(?i)\b(?:https?://|www\.)\S+|\b(?:[a-z0-9-]+\.)+(?:com|cn|net|org|top|xyz|io|shop|vip|cc|info)\b\S*"
)
_HOST = re.compile(r"(?i)^(?:https?://)?([^/:?#\s]+)")


def foreign_link(text: str, own_host: str) -> str | None:
    """The first link in a text that leads away from the site, or None."""
    for found in _LINK.finditer(text):
        host = _HOST.match(found.group())
        if host is None or host.group(1).lower() != own_host.lower():
            return found.group()
    return None


@dataclass(frozen=True, slots=True)
class Hours:
    """Service hours of a day, in minutes since midnight of the site's zone: from `start` (inclusive) to `end` (exclusive)."""

    start: int
    end: int

    def hold(self, moment: datetime, zone: ZoneInfo) -> bool:
        local = moment.astimezone(zone)
        return self.start <= local.hour * 60 + local.minute < self.end


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The day on which something happened where the site is."""
    return moment.astimezone(zone).date()


def is_fast(asked_at: datetime, answered_at: datetime | None) -> bool:
    """Whether a person answered within three minutes."""
    return answered_at is not None and answered_at - asked_at <= timedelta(seconds=FAST_ANSWER_S)


def is_judged(asked_at: datetime, answered_at: datetime | None, now: datetime) -> bool:
    """Whether a question counts yet: it was answered, or its three minutes are over."""
    return answered_at is not None or now - asked_at > timedelta(seconds=FAST_ANSWER_S)
