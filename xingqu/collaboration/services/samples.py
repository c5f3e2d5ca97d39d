"""What creators do with samples: ask, pay, show the work."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from xingqu.catalogue.selectors import cards
from xingqu.catalogue.selectors.stock import allotments_of
from xingqu.collaboration.domain.errors import NotAProof, NotEligible, SampleGone, SampleTaken, WrongStep
from xingqu.collaboration.domain.samples import SampleState, SampleStep, Side
from xingqu.collaboration.domain.terms import proof_ids
from xingqu.collaboration.models import Sample, SampleEvent, SampleOffer
from xingqu.collaboration.selectors.proofs import find_proof
from xingqu.collaboration.selectors.rules import rules_at
from xingqu.collaboration.selectors.standing import lacks, standing_of
from xingqu.collaboration.services.abuse import flag_of, phone_key, place_key
from xingqu.collaboration.services.sample_moves import Doing, note, own_sample, publish_step, take_step, where
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.ids import new_number
from xingqu.kit.transactions import hold_names, retried
from xingqu.ledger.contracts import commission_account
from xingqu.settlement.services.custody import give_from_custody, pay_into_custody, start_custody_payment
from xingqu.trade.selectors.addresses import address_of


@retried
@transaction.atomic
def apply_for_sample(*, offer_id: int, creator_id: int, person_id: int, address_id: int, pitch: str) -> str:
    """Ask for a sample, to an address of the person's own book. Returns its number.

    Raises NotFound (offer, address), SampleGone, SampleTaken for who has had theirs or waits for one, NotEligible,
    AddressAbused.
    """
    hold_names(f"sample-offer:{offer_id}")
    offer = SampleOffer.objects.filter(pk=offer_id, state=SampleOffer.State.OPEN).first()
    if offer is None or offer.product_id not in cards([offer.product_id]):
        raise NotFound(field="offer_id", expected="an open offer")
    address = address_of(owner_key=f"p{person_id}", address_id=address_id)
    _check_may_ask(offer, creator_id)
    now, rules = clock.now(), rules_at()
    place, phone = place_key(address), phone_key(address)
    flag = flag_of(creator_id=creator_id, place=place, phone=phone, rules=rules, at=now)
    row = Sample.objects.create(
        sample_no=new_number("S", now),
        offer=offer,
        shop_id=offer.shop_id,
        creator_id=creator_id,
        person_id=person_id,
        product_id=offer.product_id,
        sku_id=offer.sku_id,
        quantity=offer.units_each,
        kind=offer.kind,
        pay_minor=offer.pay_minor,
        currency=offer.currency,
        state=SampleState.APPLIED,
        waiting_for=Side.MERCHANT,
        due_at=now + timedelta(seconds=rules.answer_s),
        rules=rules.as_json(),
        fulfil_days=offer.fulfil_days,
        address={name: value for name, value in address.items() if name not in ("id", "is_default", "label")},
        address_key=place,
        phone_key=phone,
        flag=flag,
        pitch=pitch,
        created_at=now,
        changed_at=now,
    )
    SampleEvent.objects.create(
        sample=row, version=1, step="apply", side=Side.CREATOR, person_id=person_id, state=row.state, text=pitch, at=now
    )
    publish_step(row, "apply", now)
    return row.sample_no


def _check_may_ask(offer: SampleOffer, creator_id: int) -> None:
    lacking = lacks(offer, standing_of(creator_id=creator_id))
    if lacking:
        raise NotEligible(data={"needs": lacking})
    mine = Sample.objects.filter(offer=offer, creator_id=creator_id).exclude(state=SampleState.ABORTED)
    if mine.exists():
        raise SampleTaken
    free, _, _ = allotments_of(campaigns=[offer.campaign]).get(offer.campaign, (0, 0, 0))
    if free < offer.units_each:
        raise SampleGone


@retried
@transaction.atomic
def withdraw_sample(*, creator_id: int, sample_no: str, version: int, person_id: int) -> None:
    """Take a request back before it is sent; what was paid comes back. Raises NotFound, StaleVersion, WrongStep."""
    row = own_sample(sample_no=sample_no, version=version, creator_id=creator_id)
    take_step(row, SampleStep.WITHDRAW, Doing(Side.CREATOR, person_id))


@retried
@transaction.atomic
def pay_sample(*, creator_id: int, sample_no: str, version: int, person_id: int) -> None:
    """Pay for a sample out of the creator's settled commission. Raises NotFound, StaleVersion, WrongStep, NotEnoughBalance."""
    row = own_sample(sample_no=sample_no, version=version, creator_id=creator_id)
    if row.state != SampleState.PAYING:
        raise WrongStep(expected="a sample that is to be paid for", data=where(row))
    account = commission_account("creator", creator_id)
    pay_into_custody(reference=sample_no, key="pay", account=account, amount_minor=row.pay_minor)
    _paid(row, Doing(None, person_id))


def start_sample_payment(
    *,
    creator_id: int,
    sample_no: str,
    person_id: int,
    provider: str | None,
    language: str | None,
    payer_ip: str,
    return_path: str,
) -> tuple[str, str]:
    """(payment number, address to send the payer to): pay for a sample through a payment provider.

    Raises NotFound, WrongStep, MethodUnavailable.
    """
    row = Sample.objects.filter(sample_no=sample_no, creator_id=creator_id).first()
    if row is None:
        raise NotFound(field="sample_no", expected="the number of one of your samples")
    if row.state != SampleState.PAYING:
        raise WrongStep(expected="a sample that is to be paid for", data=where(row))
    return start_custody_payment(
        reference=sample_no,
        person_id=person_id,
        amount_minor=row.pay_minor,
        provider=provider,
        return_path=return_path,
        language=language,
        payer_ip=payer_ip,
    )


@retried
@transaction.atomic
def take_sample_payment(*, sample_no: str, move_no: str, amount_minor: int) -> bool:
    """The money for a sample came through a provider. What is not needed any more goes back to the creator's commission.

    False for a number that is no sample's.
    """
    if not Sample.objects.filter(sample_no=sample_no).exists():
        return False
    row = own_sample(sample_no=sample_no)
    if row.state == SampleState.PAYING:
        _paid(row, Doing(None))
    else:
        payee = commission_account("creator", row.creator_id)
        give_from_custody(reference=sample_no, key=f"late:{move_no}", shares={payee: amount_minor}, is_own=True)
    return True


def _paid(row: Sample, doing: Doing) -> None:
    take_step(row, SampleStep.PAY, doing, paid_at=doing.at)


@retried
@transaction.atomic
def declare_work(*, creator_id: int, sample_no: str, version: int, link: str, text: str, person_id: int) -> str:
    """Say where the work with the product is. One on this site is recognised at once, another waits for the shop.

    Returns the state. Raises NotFound, StaleVersion, WrongStep, InvalidInput, NotAProof for a link into this site that shows
    no work of the creator with the product since it was sent.
    """
    row = own_sample(sample_no=sample_no, version=version, creator_id=creator_id)
    if not link.startswith(("https://", "http://", "/")) or len(link) > 300:
        raise InvalidInput(field="link", expected="the address of a work, at most 300 characters")
    doing = Doing(Side.CREATOR, person_id, text, {"link": link})
    if row.state != SampleState.SHIPPED or row.shipped_at is None:
        raise WrongStep(expected="a sample that was sent", data=where(row))
    if link.startswith((settings.ENVIRONMENT.origin, "/")):
        ids = proof_ids(link)
        found = find_proof(creator_id=creator_id, product_id=row.product_id, since=row.shipped_at, only=ids)
        if ids is None or found is None:
            raise NotAProof(field="link", expected="a work of yours with this product, published since it was sent")
        recognise(row, found, link)
    else:
        take_step(row, SampleStep.DECLARE, doing, proof_link=link)
    return str(row.state)


def recognise(row: Sample, found: tuple[str, int], link: str = "") -> None:
    """A work was found that fulfils a sample, in the caller's transaction."""
    data = {"kind": found[0], "id": found[1]}
    take_step(
        row, SampleStep.RECOGNISE, Doing(None, data=data), proof_kind=found[0], proof_id=found[1], proof_link=link
    )


@retried
@transaction.atomic
def ask_extension(*, creator_id: int, sample_no: str, version: int, days: int, text: str, person_id: int) -> None:
    """Ask for more days to publish. Raises NotFound, StaleVersion, WrongStep, InvalidInput for more than the rules allow."""
    row = own_sample(sample_no=sample_no, version=version, creator_id=creator_id)
    if row.state != SampleState.SHIPPED:
        raise WrongStep(expected="a sample that was sent", data=where(row))
    most = int(row.rules["extension_max_days"])
    if row.extensions >= int(row.rules["extensions"]) or row.extension_days:
        raise WrongStep("No more extensions can be asked for.", data=where(row))
    if not 1 <= days <= most:
        raise InvalidInput(field="days", expected=f"1 to {most}")
    note(row, "ask_extension", Doing(Side.CREATOR, person_id, text, {"days": days}), extension_days=days)
