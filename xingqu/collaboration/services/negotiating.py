"""Inviting and agreeing: versions of terms go back and forth until both sides have said yes to the same one."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from xingqu.accounts.selectors import creators_by_ids, organisation_cards
from xingqu.alliance.selectors.plans import rule_at
from xingqu.catalogue.selectors import cards
from xingqu.collaboration.domain.errors import OpenAlready, TermsMoved
from xingqu.collaboration.domain.rules import Rules, read_rules
from xingqu.collaboration.domain.samples import Side
from xingqu.collaboration.domain.states import State, Step, other
from xingqu.collaboration.domain.terms import Terms, check_terms, content_hash
from xingqu.collaboration.models import Collaboration, CollaborationTerms
from xingqu.collaboration.selectors.performance import terms_of
from xingqu.collaboration.selectors.rules import rules_at
from xingqu.collaboration.services.moves import add_event, move, own_collaboration, require, where
from xingqu.collaboration.services.running import begin
from xingqu.collaboration.services.sample_moves import Doing
from xingqu.kit import clock
from xingqu.kit.errors import InvalidInput, NotFound
from xingqu.kit.ids import new_number
from xingqu.kit.transactions import hold_names, retried


@retried
@transaction.atomic
def invite(*, shop_id: int, creator_id: int, side: Side, terms: Terms, text: str, person_id: int) -> str:
    """A side offers the other one terms. Returns the number.

    Raises NotFound (shop, creator, product), InvalidInput, OpenAlready while the two are talking.
    """
    hold_names(f"collab:{shop_id}:{creator_id}")
    _check_sides(shop_id, creator_id)
    rules = rules_at()
    _check(terms, shop_id, rules)
    doing = Doing(side, person_id, text, {"terms_version": 1})
    known = Collaboration.objects.filter(shop_id=shop_id, creator_id=creator_id, state=State.NEGOTIATING).first()
    if known is not None:
        raise OpenAlready(data={"collab_no": known.collab_no})
    try:
        with transaction.atomic():
            row = Collaboration.objects.create(
                collab_no=new_number("C", doing.at),
                shop_id=shop_id,
                creator_id=creator_id,
                opened_by=side,
                state=State.NEGOTIATING,
                waiting_for=other(side),
                due_at=doing.at + timedelta(seconds=rules.offer_s),
                rules=rules.as_json(),
                created_at=doing.at,
                changed_at=doing.at,
                **{f"{side.value}_version": 1},
            )
    except IntegrityError as error:
        raise OpenAlready from error
    _keep_terms(row, 1, terms, doing)
    add_event(row, "invite", doing)
    return row.collab_no


def _check_sides(shop_id: int, creator_id: int) -> None:
    shop = organisation_cards(ids=[shop_id]).get(shop_id)
    if shop is None or shop.kind != "merchant":
        raise NotFound(field="shop_id", expected="a shop")
    creator = creators_by_ids(ids=[creator_id]).get(creator_id)
    if creator is None or creator.is_shop:
        raise NotFound(field="creator_id", expected="a creator that is no shop's own account")


def _check(terms: Terms, shop_id: int, rules: Rules) -> None:
    limits = rule_at(at=clock.now())
    today = timezone.localdate(clock.now())
    check_terms(terms, today=today, rules=rules, limits_bp=(limits.min_commission_bp, limits.max_commission_bp))
    known = cards(terms.product_ids)
    if any(pk not in known or known[pk].shop_id != shop_id for pk in terms.product_ids):
        raise NotFound(field="product_ids", expected="products of the shop")


def _keep_terms(row: Collaboration, version: int, terms: Terms, doing: Doing) -> None:
    CollaborationTerms.objects.create(
        collaboration=row,
        version=version,
        by_side=doing.side or "",
        person_id=doing.person_id or 0,
        values=terms.as_json(),
        created_at=doing.at,
    )


@retried
@transaction.atomic
def counter(*, collab_no: str, version: int, side: Side, terms: Terms, text: str, person_id: int, **scope: Any) -> None:
    """Answer with terms of one's own. Raises NotFound, StaleVersion, WrongStep, InvalidInput."""
    row = own_collaboration(collab_no=collab_no, version=version, **scope)
    require(row, Step.COUNTER, side)
    rules = read_rules(row.rules)
    _check(terms, row.shop_id, rules)
    if terms == terms_of(row):
        raise InvalidInput(field="terms", expected="other terms than those on the table")
    number = row.terms_version + 1
    doing = Doing(side, person_id, text, {"terms_version": number})
    _keep_terms(row, number, terms, doing)
    move(
        row,
        Step.COUNTER,
        doing,
        state=State.NEGOTIATING,
        waiting_for=other(side),
        due_at=doing.at + timedelta(seconds=rules.offer_s),
        terms_version=number,
        **{f"{side.value}_version": number},
    )


@retried
@transaction.atomic
def accept(*, collab_no: str, version: int, terms_version: int, side: Side, person_id: int, **scope: Any) -> None:
    """Say yes to a version of the terms: both have then, and the contract stands.

    Raises NotFound, StaleVersion, WrongStep, TermsMoved for a version that is not the newest, InvalidInput for terms whose
    time has passed meanwhile.
    """
    row = own_collaboration(collab_no=collab_no, version=version, **scope)
    require(row, Step.ACCEPT, side)
    if terms_version != row.terms_version:
        raise TermsMoved(field="terms_version", expected=str(row.terms_version), data=where(row))
    terms, rules = terms_of(row), read_rules(row.rules)
    _check(terms, row.shop_id, rules)
    doing = Doing(side, person_id, data={"terms_version": terms_version})
    content = _contract(row, terms, doing)
    signed: dict[str, Any] = {
        "contract": content,
        "content_hash": content_hash(content),
        "agreed_at": doing.at,
        f"{side.value}_version": terms_version,
    }
    if terms.slot_fee_minor:
        due_at = doing.at + timedelta(seconds=rules.fund_s)
        move(row, Step.ACCEPT, doing, state=State.FUNDING, waiting_for=Side.MERCHANT, due_at=due_at, **signed)
    else:
        begin(row, Step.ACCEPT, doing, terms, **signed)


def _contract(row: Collaboration, terms: Terms, doing: Doing) -> dict[str, Any]:
    """What both sides have said yes to, as it stands in the document."""
    shop = organisation_cards(ids=[row.shop_id])[row.shop_id]
    creator = creators_by_ids(ids=[row.creator_id])[row.creator_id]
    products = cards(terms.product_ids)
    offered = CollaborationTerms.objects.get(collaboration=row, version=row.terms_version)
    rules = read_rules(row.rules)
    return {
        "contract_no": row.collab_no,
        "terms_version": row.terms_version,
        "shop": {"id": shop.id, "name": shop.name},
        "creator": {"id": creator.id, "name": creator.display_name, "handle": creator.handle},
        "products": [{"id": pk, "name": products[pk].name} for pk in terms.product_ids],
        "terms": terms.as_json(),
        "currency": row.currency,
        "offered_by": offered.by_side,
        "offered_at": offered.created_at.isoformat(),
        "accepted_by": str(doing.side),
        "accepted_at": doing.at.isoformat(),
        "break_off_bp": rules.break_off_bp,
    }


@retried
@transaction.atomic
def turn_down(*, collab_no: str, version: int, side: Side, text: str, person_id: int, **scope: Any) -> None:
    """Decline what is on the table, or withdraw it where it is one's own. Raises NotFound, StaleVersion, WrongStep."""
    row = own_collaboration(collab_no=collab_no, version=version, **scope)
    step = Step.DECLINE if row.waiting_for == side else Step.WITHDRAW
    require(row, step, side)
    state = State.DECLINED if step is Step.DECLINE else State.CANCELLED
    move(row, step, Doing(side, person_id, text), state=state, reason=step.value)
