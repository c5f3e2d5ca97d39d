"""The queue before a flash sale over HTTP."""

import secrets
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Annotated, Any, Literal

from django.core import signing
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field, StringConstraints

from xingqu.accounts.selectors import operator_of, person_of
from xingqu.kit.api import Id, Moment, Out
from xingqu.programmes.domain.admission import Policy
from xingqu.programmes.selectors.admission import policies, standing_of
from xingqu.programmes.services.admission import Arrival, add_policy, join_queue

router = Router()
DEVICE_COOKIE, DEVICE_SALT = "xq_device", "programmes.device"
YEAR_S = 31_536_000
Places = Annotated[int, Field(ge=1, le=1_000_000)]


class QueueIn(Schema):
    """`challenge` and `nonce`: the proof, where one was asked for."""

    challenge: Annotated[str, StringConstraints(max_length=400)] = ""
    nonce: Annotated[str, StringConstraints(pattern=r"^[0-9a-z]{0,20}$")] = ""


class QueuePlaceOut(Out):
    """`ahead` of somebody who waits (`ahead_at_least`: or more), and the seconds that should take; ask again after
    `poll_after_s`. `expires_at`: until when somebody admitted may order."""

    sale_id: int
    state: Literal["none", "waiting", "admitted", "expired", "over"]
    opens_at: datetime
    ends_at: datetime
    ahead: int
    ahead_at_least: bool
    wait_s: int
    expires_at: datetime | None
    poll_after_s: int


class AdmissionPolicyFields(Schema):
    """Places that a device and a network may have in one queue; from `challenge_after` places of a network a minute on a
    newcomer proves `challenge_bits` of work."""

    per_device: Places
    per_network: Places
    challenge_after: Annotated[int, Field(ge=0, le=1_000_000)]
    challenge_bits: Annotated[int, Field(ge=1, le=24)]


class AdmissionPolicyIn(AdmissionPolicyFields):
    effective_from: Moment


class AdmissionPolicyOut(AdmissionPolicyFields):
    id: int
    effective_from: datetime


class AdmissionPoliciesOut(Out):
    """`usual` holds where no dated policy does."""

    usual: AdmissionPolicyFields
    policies: list[AdmissionPolicyOut]


@router.get("/flash-sales/{sale_id}/place", response=QueuePlaceOut)
def get_place(request: HttpRequest, sale_id: Id) -> Any:
    """How one stands in the queue of a flash sale. Needs a signed-in person."""
    return standing_of(sale_id=sale_id, person_id=person_of(request))


@router.post("/flash-sales/{sale_id}/place", response=QueuePlaceOut)
def take_place(request: HttpRequest, response: HttpResponse, sale_id: Id, payload: QueueIn) -> Any:
    """Take a place in the queue; who has one keeps it. Needs a signed-in person."""
    person_id = person_of(request)
    device = _device(request)
    join_queue(
        sale_id=sale_id,
        arrival=Arrival(
            person_id=person_id,
            device=device,
            network=network_of(request),
            challenge=payload.challenge,
            nonce=payload.nonce,
        ),
    )
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps(device, salt=DEVICE_SALT),
        max_age=YEAR_S,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return standing_of(sale_id=sale_id, person_id=person_id)


@router.get("/operator/admission-policies", response=AdmissionPoliciesOut)
def list_policies(request: HttpRequest) -> Any:
    """What the queues of flash sales suspect: every policy, newest first."""
    operator_of(request)
    return policies()


@router.post("/operator/admission-policies", response={201: AdmissionPoliciesOut})
def make_policy(request: HttpRequest, payload: AdmissionPolicyIn) -> Any:
    """A policy from a day on."""
    operator_of(request)
    values = payload.dict()
    effective_from = values.pop("effective_from")
    add_policy(policy=Policy(**values), effective_from=effective_from)
    return Status(201, policies())


def _device(request: HttpRequest) -> str:
    """The device's number, in a cookie that only this site can write; a new one for a device without."""
    try:
        return str(signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_SALT))[:32]
    except signing.BadSignature:
        return secrets.token_hex(12)


def network_of(request: HttpRequest) -> str:
    """The network that the edge says the caller comes from: 24 bits of an IPv4 address, 48 of an IPv6 address."""
    told = request.headers.get("X-Forwarded-For", "").split(",")[0].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        bits = 24 if ip_address(told).version == 4 else 48
        return str(ip_network(f"{told}/{bits}", strict=False))
    except ValueError:
        return "unknown"
