"""How somebody stands in the queue before a flash sale."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from xingqu.kit import clock
from xingqu.kit.errors import NotFound
from xingqu.kit.sql import fetch_one
from xingqu.programmes.domain.admission import Policy, poll_after_s
from xingqu.programmes.models import AdmissionGate, AdmissionPolicy, AdmissionTicket

MOST_COUNTED = 10_000
_AHEAD = (
    "SELECT COUNT(*) FROM (SELECT 1 FROM programmes_admissionticket WHERE sale_id = %s AND admitted_at IS NULL"
    " AND (place < %s OR (place = %s AND id < %s)) LIMIT %s) AS ahead"
)


def open_gate(*, sale_id: int) -> AdmissionGate:
    """The gate of a flash sale. Raises NotFound for a sale that has none."""
    gate = AdmissionGate.objects.select_related("sale").filter(sale_id=sale_id).first()
    if gate is None:
        raise NotFound(field="sale_id", expected="a flash sale with admission")
    return gate


def policy_at(at: datetime) -> Policy:
    """The policy in force: the newest dated one, else the installation's own."""
    row = AdmissionPolicy.objects.filter(effective_from__lte=at).order_by("-effective_from", "-id").first()
    source: Any = settings.ENVIRONMENT if row is None else row
    prefix = "admission_" if row is None else ""
    return Policy(*(getattr(source, prefix + name) for name in Policy.__slots__))


def policies() -> dict[str, Any]:
    """Every policy, newest first, and what holds without one."""
    usual = {name: getattr(settings.ENVIRONMENT, f"admission_{name}") for name in Policy.__slots__}
    return {"usual": usual, "policies": list(AdmissionPolicy.objects.order_by("-effective_from", "-id"))}


def standing_of(*, sale_id: int, person_id: int) -> dict[str, Any]:
    """A person's place: none, waiting (how many are ahead, the wait that makes), admitted, expired, or over."""
    gate = open_gate(sale_id=sale_id)
    sale, now = gate.sale, clock.now()
    ticket = AdmissionTicket.objects.filter(sale_id=sale_id, person_id=person_id).first()
    found: dict[str, Any] = {
        "sale_id": sale_id,
        "state": "none",
        "opens_at": sale.starts_at,
        "ends_at": sale.ends_at,
        "ahead": 0,
        "ahead_at_least": False,
        "wait_s": 0,
        "expires_at": None,
        "poll_after_s": 0,
    }
    if now >= sale.ends_at or sale.state != "running":
        return {**found, "state": "over"}
    if ticket is None:
        return found
    if ticket.admitted_at is not None and ticket.expires_at is not None:
        return {**found, "state": "admitted" if now < ticket.expires_at else "expired", "expires_at": ticket.expires_at}
    row = fetch_one(_AHEAD, [sale_id, ticket.place, ticket.place, ticket.pk, MOST_COUNTED])
    ahead = int(row[0]) if row is not None else 0
    opening = max(sale.starts_at + timedelta(seconds=gate.shuffle_s) - now, timedelta())
    wait_s = opening // timedelta(seconds=1) + ahead // gate.per_second + 1
    return {
        **found,
        "state": "waiting",
        "ahead": ahead,
        "ahead_at_least": ahead >= MOST_COUNTED,
        "wait_s": wait_s,
        "poll_after_s": poll_after_s(wait_s),
    }
