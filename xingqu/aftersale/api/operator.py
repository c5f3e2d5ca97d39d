"""The platform's arbitration, and the rules of after-sale."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router

from xingqu.accounts.selectors import operator_of
from xingqu.aftersale.domain.clauses import CLAUSES
from xingqu.aftersale.domain.rules import Rules, read_rules
from xingqu.aftersale.domain.states import Kind, Side
from xingqu.aftersale.models import Case
from xingqu.aftersale.schemas.incoming import CaseSayIn, OperatorQueue, RuleSetIn, VerdictIn
from xingqu.aftersale.schemas.outgoing import CaseDetailOut, CaseOut, ClauseListOut, OperatorCountsOut, RulesPageOut
from xingqu.aftersale.selectors import queues
from xingqu.aftersale.selectors.cases import case_detail
from xingqu.aftersale.selectors.rules import rule_sets, rules_at
from xingqu.aftersale.services import arbitration, shop_settings
from xingqu.aftersale.services.doing import Doing
from xingqu.kit.api import CursorText, Limit, ListOut, Number, ShortText, cursor_id, page_of

router = Router(tags=["operator"])


@router.get("/operator/aftersales", response=ListOut[CaseOut])
def list_disputes(
    request: HttpRequest,
    queue: OperatorQueue = "open",
    kind: Kind | None = None,
    q: ShortText = "",
    cursor: CursorText | None = None,
    limit: Limit = 20,
) -> Any:
    """Cases before the platform, newest first; of ``overdue`` those that wait longest, on one page."""
    operator_of(request)
    rows = queues.find_cases(Case.objects.filter(queues.operator_queues()[queue]), kind=kind, q=q)
    if queue == "overdue":
        return {"items": queues.due_page(rows, side=Side.PLATFORM, limit=limit), "next_cursor": None}
    items, last_id = queues.page(rows, side=Side.PLATFORM, before_id=cursor_id(cursor), limit=limit)
    return page_of(items, last_id)


@router.get("/operator/aftersales/counts", response=OperatorCountsOut)
def count_disputes(request: HttpRequest) -> Any:
    """How many cases stand in each of the platform's queues."""
    operator_of(request)
    return queues.counts(Case.objects.all(), queues.operator_queues())


@router.get("/operator/aftersales/clauses", response=ClauseListOut)
def list_clauses(request: HttpRequest) -> Any:
    """The rules that a verdict may rest on, with their text."""
    operator_of(request)
    return {"items": CLAUSES}


@router.get("/operator/aftersales/{case_no}", response=CaseDetailOut)
def get_dispute(request: HttpRequest, case_no: Number) -> Any:
    """A case with everything."""
    operator_of(request)
    return _detail(case_no)


@router.post("/operator/aftersales/{case_no}/take", response=CaseDetailOut)
def take_dispute(request: HttpRequest, case_no: Number, payload: CaseSayIn) -> Any:
    """Take a dispute on."""
    arbitration.take(case_no=case_no, version=payload.version, doing=_doing(request, payload))
    return _detail(case_no)


@router.post("/operator/aftersales/{case_no}/ask-evidence", response=CaseDetailOut)
def ask_evidence(request: HttpRequest, case_no: Number, payload: CaseSayIn) -> Any:
    """Ask the merchant to show something by a date."""
    arbitration.ask_evidence(case_no=case_no, version=payload.version, doing=_doing(request, payload))
    return _detail(case_no)


@router.post("/operator/aftersales/{case_no}/negotiate", response=CaseDetailOut)
def negotiate(request: HttpRequest, case_no: Number, payload: CaseSayIn) -> Any:
    """Make a proposal to both sides."""
    arbitration.negotiate(case_no=case_no, version=payload.version, doing=_doing(request, payload))
    return _detail(case_no)


@router.post("/operator/aftersales/{case_no}/decide", response=CaseDetailOut)
def decide_dispute(request: HttpRequest, case_no: Number, payload: VerdictIn) -> Any:
    """Decide a dispute by a rule, once."""
    verdict = arbitration.Verdict(
        outcome=payload.outcome,
        clause=payload.clause,
        opinion=payload.text,
        fault=payload.fault,
        amount_minor=payload.amount_minor,
        needs_return=payload.needs_return,
        refund_instead=payload.refund_instead,
    )
    arbitration.decide(case_no=case_no, version=payload.version, verdict=verdict, doing=_doing(request, payload))
    return _detail(case_no)


@router.get("/operator/aftersale-rules", response=RulesPageOut)
def get_rules(request: HttpRequest) -> Any:
    """What holds now, what was built in, and every set with its date."""
    operator_of(request)
    return _rules()


@router.post("/operator/aftersale-rules", response=RulesPageOut)
def set_rules(request: HttpRequest, payload: RuleSetIn) -> Any:
    """Make a set of rules for cases opened from a moment on."""
    person_id = operator_of(request)
    with transaction.atomic():
        shop_settings.set_rules(
            person_id=person_id,
            rules=read_rules(payload.values.dict()),
            effective_from=payload.effective_from,
            note=payload.note,
        )
    return _rules()


def _rules() -> dict[str, Any]:
    return {"current": rules_at(), "built_in": Rules(), "items": rule_sets()}


def _doing(request: HttpRequest, payload: CaseSayIn) -> Doing:
    return Doing(Side.PLATFORM, operator_of(request), payload.text, tuple(payload.picture_ids))


def _detail(case_no: str) -> dict[str, Any]:
    return case_detail(case_no=case_no, side=Side.PLATFORM)
