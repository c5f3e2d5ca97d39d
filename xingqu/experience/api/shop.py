"""A shop's own score and what to do about it."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router

from xingqu.accounts.selectors import shop_of
from xingqu.experience import selectors
from xingqu.experience.domain.formula import PARTS
from xingqu.experience.models import ExperienceDay
from xingqu.experience.schemas import BehindListOut, DiagnosisOut, ExperienceOut, IndicatorName
from xingqu.experience.selectors.diagnosis import diagnosis_of, waiting_now
from xingqu.kit import clock
from xingqu.kit.api import Id
from xingqu.kit.spreadsheets import XLSX_TYPE, Cell, xlsx_stream
from xingqu.settlement.selectors.terms import score_at

router = Router()
BEHIND = 200


@router.get("/shops/{shop_id}/experience", response=ExperienceOut)
def get_experience(request: HttpRequest, shop_id: Id, days: Annotated[int, Query(ge=7, le=365)] = 90) -> Any:
    """The last kept score with its parts, what each was counted from, the trend, and the category's quartiles."""
    shop_of(request, shop_id, "view")
    row, rules = selectors.latest_score(shop_id=shop_id), selectors.rules_at()
    peers = None
    if row is not None:
        peers = selectors.peers_of(
            day=row.day, category_id=row.category_id, shop_id=shop_id, least=rules.peer_min_shops
        )
    return {
        "day": row.day if row is not None else None,
        "since": row.since if row is not None else None,
        "until": row.until if row is not None else None,
        "orders": row.orders if row is not None else 0,
        "score": row.score_tenths / 10 if row is not None and row.score_tenths is not None else None,
        "settlement_score": score_at(shop_id=shop_id, at=clock.now()),
        "parts": _parts(row) if row is not None else [],
        "peers": peers,
        "history": selectors.history(shop_id=shop_id, days=days),
        "rules": row.rules if row is not None else rules.as_json(),
    }


def _parts(row: ExperienceDay) -> list[dict[str, Any]]:
    by_part = {name: rule["part"] for name, rule in row.rules["indicators"].items()}
    return [
        {
            "name": part,
            "points": tenths / 10 if (tenths := getattr(row, f"{part}_tenths")) is not None else None,
            "indicators": [one for name, one in row.indicators.items() if by_part[name] == part],
        }
        for part in PARTS
    ]


@router.get("/shops/{shop_id}/experience/rows", response=BehindListOut)
def list_rows_behind(request: HttpRequest, shop_id: Id, indicator: IndicatorName) -> Any:
    """The rows behind an indicator of the last kept score, up to 200: of shares those that cost points, of stars the lowest first."""
    shop_of(request, shop_id, "view")
    row = selectors.latest_score(shop_id=shop_id)
    if row is None:
        return {"items": []}
    found = selectors.rows_behind(shop_id=shop_id, indicator=indicator, since=row.since, until=row.until, limit=BEHIND)
    return {"items": found}


@router.get("/shops/{shop_id}/experience.xlsx", response={200: Any})
def export_experience(request: HttpRequest, shop_id: Id) -> Any:
    """Every kept day as an XLSX file."""
    shop_of(request, shop_id, "view")
    headers = {"Content-Disposition": f'attachment; filename="experience-{shop_id}.xlsx"'}
    return StreamingHttpResponse(
        xlsx_stream(_file_rows(shop_id), title="experience"), content_type=XLSX_TYPE, headers=headers
    )


def _file_rows(shop_id: int) -> Iterator[Sequence[Cell]]:
    yield ("day", "orders", "score", *PARTS)
    for row in selectors.history(shop_id=shop_id, days=3_650):
        yield (row["day"], row["orders"], row["score"], *(row[part] for part in PARTS))


@router.get("/shops/{shop_id}/diagnosis", response=DiagnosisOut)
def get_diagnosis(request: HttpRequest, shop_id: Id) -> Any:
    """What a shop could do about its score and its sales, the most rewarding first."""
    shop_of(request, shop_id, "view")
    return {**diagnosis_of(shop_id=shop_id), "waiting": waiting_now(shop_id=shop_id)}
