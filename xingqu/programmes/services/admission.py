"""The queue before a flash sale: a place a person, people let in at a rate, orders of those only who were let in.

A place is a row of its person: there is nothing that could be passed on or sent again. All of it stands in the database, so
that any number of web processes keep one queue.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from xingqu.kit import clock
from xingqu.kit.sql import execute, fetch_one
from xingqu.kit.transactions import hold_names, retried
from xingqu.programmes.domain.admission import LOTS, Policy, is_proof, place_of, tokens
from xingqu.programmes.domain.errors import (
    AdmissionClosed,
    AdmissionRequired,
    BadProof,
    ChallengeRequired,
    TooManyPlaces,
)
from xingqu.programmes.models import AdmissionGate, AdmissionPolicy, AdmissionTicket
from xingqu.programmes.selectors.admission import open_gate, policy_at

SALT = "programmes.admission"
CHALLENGE_VALID_S = 120
RATE_WINDOW = timedelta(minutes=1)
_ADMITTED = (
    "SELECT 1 FROM programmes_admissionticket WHERE sale_id = %s AND person_id = %s AND admitted_at IS NOT NULL"
    " AND expires_at > %s"
)
_LET_IN = (
    "UPDATE programmes_admissionticket SET admitted_at = %s, expires_at = %s WHERE admitted_at IS NULL AND id IN"
    " (SELECT id FROM programmes_admissionticket WHERE sale_id = %s AND admitted_at IS NULL ORDER BY place, id LIMIT %s)"
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who comes, by which device and network, and the proof of work where one was asked for."""

    person_id: int
    device: str
    network: str
    challenge: str = ""
    nonce: str = ""


@retried
@transaction.atomic
def join_queue(*, sale_id: int, arrival: Arrival) -> None:
    """Take a place; who has one keeps it, and who let theirs lapse stands at the end.

    Raises NotFound, AdmissionClosed before the sale and after it, TooManyPlaces for the device or the network,
    ChallengeRequired (with the challenge) while too many come from a network, BadProof.
    """
    gate = open_gate(sale_id=sale_id)
    sale, now = gate.sale, clock.now()
    if not (sale.starts_at <= now < sale.ends_at and sale.state == "running"):
        raise AdmissionClosed(data={"opens_at": sale.starts_at.isoformat()})
    # Two tabs, and two people at one device, one after the other.
    hold_names(f"admission:{sale_id}:{arrival.person_id}", f"admission:{sale_id}:d:{arrival.device}")
    known = AdmissionTicket.objects.filter(sale_id=sale_id, person_id=arrival.person_id).first()
    if known is not None and (known.expires_at is None or known.expires_at > now):
        return
    # Places of a network are counted, too. Who only looks again has gone on before this.
    hold_names(f"admission:{sale_id}:n:{arrival.network}")
    _check(sale_id, arrival, policy_at(now), now)
    place = place_of(
        since_opening=now - sale.starts_at, shuffle=timedelta(seconds=gate.shuffle_s), lot=secrets.randbelow(LOTS)
    )
    AdmissionTicket.objects.update_or_create(
        sale_id=sale_id,
        person_id=arrival.person_id,
        defaults={
            "device": arrival.device,
            "network": arrival.network,
            "place": place,
            "joined_at": now,
            "admitted_at": None,
            "expires_at": None,
        },
    )


def _check(sale_id: int, arrival: Arrival, policy: Policy, now: datetime) -> None:
    others = AdmissionTicket.objects.filter(sale_id=sale_id).exclude(person_id=arrival.person_id)
    if others.filter(device=arrival.device).count() >= policy.per_device:
        raise TooManyPlaces(data={"by": "device", "most": policy.per_device})
    network = others.filter(network=arrival.network)
    if network.count() >= policy.per_network:
        raise TooManyPlaces(data={"by": "network", "most": policy.per_network})
    if network.filter(joined_at__gt=now - RATE_WINDOW).count() < policy.challenge_after:
        return
    if not arrival.challenge:
        challenge = signing.dumps([sale_id, arrival.person_id, policy.challenge_bits, secrets.token_hex(8)], salt=SALT)
        raise ChallengeRequired(data={"challenge": challenge, "bits": policy.challenge_bits})
    try:
        sale, person_id, bits, _ = signing.loads(arrival.challenge, salt=SALT, max_age=CHALLENGE_VALID_S)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadProof from error
    fits = (sale, person_id) == (sale_id, arrival.person_id)
    if not fits or not is_proof(challenge=arrival.challenge, nonce=arrival.nonce, bits=bits):
        raise BadProof


def require_admission(*, sale_id: int, person_id: int, at: datetime) -> None:
    """An order of a sale with a queue: only of somebody who was let in and whose time has not run out. Raises AdmissionRequired."""
    if fetch_one(_ADMITTED, [sale_id, person_id, at]) is None:
        raise AdmissionRequired(field="lines", data={"flash_sale_id": sale_id})


def let_in() -> int:
    """Let in those whose turn it is, at each gate's rate. Returns how many. Safe in several processes at once."""
    now = clock.now()
    gates = AdmissionGate.objects.filter(sale__state="running", sale__starts_at__lte=now, sale__ends_at__gt=now)
    return sum(_let_in(gate, now) for gate in gates.select_related("sale"))


@retried
@transaction.atomic
def _let_in(gate: AdmissionGate, now: datetime) -> int:
    opening = gate.sale.starts_at + timedelta(seconds=gate.shuffle_s)
    count, until = tokens(since=gate.released_until or opening, until=now, per_second=gate.per_second)
    if now < opening or not count:
        return 0
    # Of two processes that read the same moment one moves it on: the tokens in between are given out once.
    same = AdmissionGate.objects.filter(pk=gate.pk, released_until=gate.released_until)
    if not same.update(released_until=until):
        return 0
    return execute(_LET_IN, [now, now + timedelta(seconds=gate.ticket_s), gate.sale_id, count])


def add_policy(*, policy: Policy, effective_from: datetime) -> int:
    """Id of a policy from a day on."""
    values = {name: getattr(policy, name) for name in Policy.__slots__}
    return AdmissionPolicy.objects.create(**values, effective_from=effective_from).pk
