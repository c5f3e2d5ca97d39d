"""A creator's own score, level and credit; what everybody may read of it; the published rules."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from xingqu.accounts.selectors import creator_of, creators_by_ids, operator_of
from xingqu.experience.creator_schemas import (
    CreatorBehindListOut,
    CreatorIndicatorName,
    PublicReputationOut,
    ReputationOut,
    ReputationRulesIO,
    ReputationRulesPageOut,
    ReputationRulesSetIn,
)
from xingqu.experience.domain.reputation import PARTS, ReputationRules, read_rules
from xingqu.experience.models import ReputationDay
from xingqu.experience.selectors import reputation as reads
from xingqu.experience.selectors.creator_figures import rows_behind_creator
from xingqu.experience.services.creators import set_reputation_rules
from xingqu.kit.api import Id
from xingqu.kit.errors import NotFound

router = Router()
BEHIND = 200
PAGE = "content"


@router.get("/creators/{creator_id}/reputation", response=ReputationOut)
def get_own_reputation(request: HttpRequest, creator_id: Id, days: Annotated[int, Query(ge=7, le=365)] = 90) -> Any:
    """One's own last kept day: score, level and credit, what each was made of, what the next level asks for, and the trend."""
    creator_of(request, creator_id, "view", PAGE)
    row, rules = reads.latest_reputation(creator_id=creator_id), reads.reputation_rules_at()
    level = row.level if row is not None else 0
    return {
        "day": row.day if row is not None else None,
        "orders": row.orders if row is not None else 0,
        "score": row.score_tenths / 10 if row is not None and row.score_tenths is not None else None,
        "level": level,
        "credit": reads.credit_at(creator_id=creator_id),
        "gmv_minor": row.gmv_minor if row is not None else 0,
        "followers": row.followers if row is not None else 0,
        "next_level": rules.levels[level] if level < len(rules.levels) else None,
        "parts": _parts(row) if row is not None else [],
        "history": reads.reputation_history(creator_id=creator_id, days=days),
        "rules": row.rules if row is not None else rules.as_json(),
    }


def _parts(row: ReputationDay) -> list[dict[str, Any]]:
    part_of = {name: rule["part"] for name, rule in row.rules["indicators"].items()}
    return [
        {
            "name": part,
            "points": row.parts.get(part),
            "indicators": [one for name, one in row.indicators.items() if part_of[name] == part],
        }
        for part in PARTS
    ]


@router.get("/creators/{creator_id}/reputation/rows", response=CreatorBehindListOut)
def list_rows_behind_creator(request: HttpRequest, creator_id: Id, indicator: CreatorIndicatorName) -> Any:
    """The rows that cost an indicator of the last kept day points, up to 200; of stars the lowest first."""
    creator_of(request, creator_id, "view", PAGE)
    row = reads.latest_reputation(creator_id=creator_id)
    if row is None:
        return {"items": []}
    found = rows_behind_creator(
        creator_id=creator_id, indicator=indicator, since=row.since, until=row.until, limit=BEHIND
    )
    return {"items": found}


@router.get("/creators/{creator_id}/standing", response=PublicReputationOut)
def get_public_reputation(request: HttpRequest, creator_id: Id) -> Any:
    """What everybody may know of a creator: score and level of the last kept day."""
    card = creators_by_ids(ids=[creator_id]).get(creator_id)
    if card is None:
        raise NotFound(field="creator_id", expected="a creator")
    found = reads.reputations(creator_ids=[creator_id]).get(creator_id, reads.UNKNOWN)
    return {"score": found.score, "level": found.level}


@router.get("/creator-reputation-rules", response=ReputationRulesIO)
def get_published_rules(request: HttpRequest) -> Any:
    """The numbers of the formula that hold now. For everybody: the formula is published."""
    return reads.reputation_rules_at().as_json()


@router.get("/operator/creator-reputation-rules", response=ReputationRulesPageOut)
def get_reputation_rules(request: HttpRequest) -> Any:
    """What holds now, what was built in, and every set with its date. For operators."""
    operator_of(request)
    return _rules()


@router.post("/operator/creator-reputation-rules", response=ReputationRulesPageOut)
def set_rules_of_reputation(request: HttpRequest, payload: ReputationRulesSetIn) -> Any:
    """A set that holds for the days that end from a moment on. For operators."""
    set_reputation_rules(
        person_id=operator_of(request),
        rules=read_rules(payload.values.dict()),
        effective_from=payload.effective_from,
        note=payload.note,
    )
    return _rules()


def _rules() -> dict[str, Any]:
    return {
        "current": reads.reputation_rules_at().as_json(),
        "built_in": ReputationRules().as_json(),
        "items": reads.reputation_rule_sets(),
    }
