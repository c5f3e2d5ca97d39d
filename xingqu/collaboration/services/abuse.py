"""Samples for one place under many names: who asks is compared with who asked before, by place and by phone number."""

import hashlib
import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from xingqu.collaboration.domain.errors import AddressAbused
from xingqu.collaboration.domain.rules import Rules
from xingqu.collaboration.domain.samples import SampleState
from xingqu.collaboration.models import Sample
from xingqu.kit.transactions import hold_names

FLAG = "address"
_NO_WORD = re.compile(r"[\W_]+")


def place_key(address: dict[str, Any]) -> str:
    """Digest of where an address is: the district, and the words of the detail without spaces, signs, width and case."""
    detail = _NO_WORD.sub("", unicodedata.normalize("NFKC", str(address["detail"])).casefold())
    return _digest(f"{address['province_id']}|{address['city_id']}|{address['district_id']}|{detail}")


def phone_key(address: dict[str, Any]) -> str:
    """Digest of a phone number's digits, without a country's code."""
    digits = "".join(sign for sign in unicodedata.normalize("NFKC", str(address["phone"])) if sign.isdigit())
    return _digest(digits[-11:])


def flag_of(*, creator_id: int, place: str, phone: str, rules: Rules, at: datetime) -> str:
    """What a shop should know of an address before it says yes: empty, or "address".

    Counts the creators, this one among them, whom samples went or may go to there within the rules' period. In the caller's
    transaction, one after the other for a place and for a number. Raises AddressAbused from `address_refuse` creators on.
    """
    hold_names(f"sample-place:{place}", f"sample-phone:{phone}")
    rows = Sample.objects.filter(
        Q(address_key=place) | Q(phone_key=phone), created_at__gte=at - timedelta(days=rules.address_days)
    )
    others = rows.exclude(creator_id=creator_id).exclude(state=SampleState.ABORTED)
    accounts = 1 + others.order_by().values("creator_id").distinct().count()
    if accounts >= rules.address_refuse:
        raise AddressAbused(field="address_id", expected="an address that samples did not go to for others")
    return FLAG if accounts >= rules.address_flag else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
